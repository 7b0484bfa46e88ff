/** 视图外框的简体中文消息。 */
export const zhHansShell = {
  "shell.manager": "虚拟机",
  "shell.connection": "连接",
  "shell.terminal": "终端",
  "shell.noDomain": "没有这台虚拟机",
  "shell.toManager": "所有虚拟机",
  "task.failed": "{title}失败",
} as const;
