/** The terminal's screen: whole frames, one over the other. */
import type { TopHost, TopTerminal } from "./host.ts";
import type { Line } from "./display.ts";

const ENTER = "\x1b[?1049h\x1b[?25l";
const LEAVE = "\x1b[?25h\x1b[?1049l";
const REVERSE = "\x1b[7m";
const PLAIN = "\x1b[m";

export class Screen {
  readonly #out: TopHost["out"];
  readonly #terminal: TopTerminal;

  constructor(out: TopHost["out"], terminal: TopTerminal) {
    this.#out = out;
    this.#terminal = terminal;
    out(ENTER);
  }

  leave(): void {
    this.#out(LEAVE);
  }

  /** Lines that do not fit are left out; `cursor` is where the user types. */
  draw(lines: readonly Line[], cursor?: { readonly line: number; readonly column: number }): void {
    const { columns, rows } = this.#terminal.size();
    const shown = lines.slice(0, rows).map(({ text, isReverse = false }, index) => {
      const cut = text.replaceAll(/[\p{Cc}]/gu, "?").slice(0, columns);
      const place = `\x1b[${index + 1};1H`;
      if (isReverse) return `${place}${REVERSE}${cut.padEnd(columns)}${PLAIN}`;
      return `${place}${cut}${cut.length < columns ? "\x1b[K" : ""}`;
    });
    const below = shown.length < rows ? `\x1b[${shown.length + 1};1H\x1b[J` : "";
    const typed = cursor ? `\x1b[${cursor.line + 1};${cursor.column + 1}H\x1b[?25h` : "\x1b[?25l";
    this.#out(shown.join("") + below + typed);
  }
}
