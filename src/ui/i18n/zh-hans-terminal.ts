/** 终端的简体中文消息。 */
import type { enTerminal } from "./en-terminal.ts";

export const zhHansTerminal: Readonly<Record<keyof typeof enTerminal, string>> = {
  "terminal.greeting": "virsh、virt-install、qemu-img 等:输入 help 查看所有命令。",
  "terminal.leave": "按 Shift+F6 用键盘离开终端",
  "terminal.close": "关闭终端",
  "terminal.height": "终端高度",
  "terminal.edit": "编辑",
  "terminal.text": "文本",
  "terminal.save": "保存",
  "terminal.cancel": "取消",
  "terminal.givenUp": "已放弃编辑",
};
