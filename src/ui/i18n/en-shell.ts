/** English messages of the frame around the views. */
export const enShell = {
  "shell.manager": "Virtual machines",
  "shell.connection": "Connection",
  "shell.terminal": "Terminal",
  "shell.noDomain": "There is no such machine",
  "shell.toManager": "All virtual machines",
  "task.failed": "{title} failed",
} as const;
