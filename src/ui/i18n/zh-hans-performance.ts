/** 图表的简体中文消息。 */
import type { enPerformance } from "./en-performance.ts";

export const zhHansPerformance: Readonly<Record<keyof typeof enPerformance, string>> = {
  "perf.chart.cpu": "CPU 使用率",
  "perf.chart.speed": "速度",
  "perf.chart.memory": "内存使用量",
  "perf.chart.disk": "磁盘 I/O",
  "perf.chart.network": "网络 I/O",
  "perf.chart.exits": "虚拟机退出",
  "perf.chart.jit": "翻译器",
  "perf.guestCpu": "占其虚拟 CPU",
  "perf.hostCpu": "占本机",
  "perf.usedMemory": "占用本机内存",
  "perf.read": "读取",
  "perf.written": "写入",
  "perf.received": "接收",
  "perf.sent": "发送",
  "perf.executed": "指令",
  "perf.allExits": "全部",
  "perf.mmioExits": "设备",
  "perf.waits": "等待",
  "perf.jitEntries": "进入",
  "perf.jitTranslations": "翻译",
  "perf.eachSecond": "{value}/秒",
};
