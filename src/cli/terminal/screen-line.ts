/** Shows a prompt and a line on a terminal, over as many rows as they take. */
import type { Tty } from "./tty.ts";

/** Wide characters of East Asian scripts take two columns (Unicode Standard Annex #11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/u;
/** Control sequences in prompts take none. */
// oxlint-disable-next-line no-control-regex
const SEQUENCES = /\x1b\[[0-9;]*m/g;

export function widthOf(text: string): number {
  let width = 0;
  for (const char of text.replace(SEQUENCES, "")) width += WIDE.test(char) ? 2 : 1;
  return width;
}

export class ScreenLine {
  readonly #tty: Tty;
  /** The cursor's row below the prompt's first one. */
  #row = 0;

  constructor(tty: Tty) {
    this.#tty = tty;
  }

  /** Draws anew from the prompt's first row on; the cursor is behind `before`. */
  draw(prompt: string, before: string, text: string): void {
    const columns = Math.max(1, this.#tty.size().columns);
    const up = this.#row > 0 ? `\x1b[${this.#row}A` : "";
    const end = widthOf(prompt + text);
    const at = widthOf(prompt + before);
    // A terminal waits at the edge with going to the next row: a full row is ended for it.
    const wrap = end > 0 && end % columns === 0 ? "\r\n" : "";
    const back = Math.floor(end / columns) - Math.floor(at / columns);
    const across = at % columns;
    this.#tty.write(
      `${up}\r\x1b[J${prompt}${text}${wrap}${back > 0 ? `\x1b[${back}A` : ""}\r` +
        (across > 0 ? `\x1b[${across}C` : ""),
    );
    this.#row = Math.floor(at / columns);
  }

  /** The next drawing begins where the cursor is. */
  begin(): void {
    this.#row = 0;
  }
}
