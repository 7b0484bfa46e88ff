/** virsh's messages about its own doings. */

/** The levels of `-d`, from everything to errors only; the first letter of each is its own. */
export const LOG_LEVELS = ["DEBUG", "INFO", "NOTICE", "WARNING", "ERROR"] as const;

export const LogLevel = { debug: 0, info: 1, notice: 2, warning: 3, error: 4 } as const;

/** A line of a log file. */
export function logLine(level: number, text: string, nowMs: number, processId: number): string {
  const time = new Date(nowMs).toISOString().slice(0, 19).replaceAll("-", ".").replace("T", " ");
  // A notice is information.
  const name = level === LogLevel.notice ? "INFO" : (LOG_LEVELS[level] ?? "DEBUG");
  return `[${time} virsh ${processId}] ${name} ${text.replace(/\n+$/, "")}\n`;
}
