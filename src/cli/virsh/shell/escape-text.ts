/** How a console is left, as the user reads it. */

/** What leaves the console: `^]` is told as the key that it is. */
export function escapeText(escape: string): string {
  const key = escape.startsWith("^") ? ` (Ctrl + ${escape.slice(1)})` : "";
  return `Escape character is ${escape}${key}\n`;
}
