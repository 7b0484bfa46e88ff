/**
 * What a terminal on a guest's console would show now. Output is kept until somebody asks, or until it
 * is much: only then the terminal is made, which is large code.
 */
import type { IBufferCell, Terminal } from "@xterm/headless";
import { BACKGROUND, dimmed, FOREGROUND, paletteColour, type Rgb, trueColour } from "./colours.ts";
import type { Screen, ScreenCell } from "./draw-screen.ts";

/** Output that waits for the terminal. */
const KEPT_BYTES = 256 * 1024;

/** DECTCEM: the cursor is shown. */
const SHOW_CURSOR = 25;

export class TerminalScreen {
  #size = { columns: 80, rows: 24 };
  #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #terminal: Promise<Terminal> | null = null;
  #showsCursor = true;

  /** Takes output; resolves when more may come. */
  async write(bytes: Uint8Array): Promise<void> {
    this.#kept.push(bytes.slice());
    this.#keptBytes += bytes.length;
    if (this.#keptBytes > KEPT_BYTES) await this.#settled();
  }

  resize(columns: number, rows: number): void {
    this.#size = { columns, rows };
    void this.#terminal?.then((terminal) => terminal.resize(columns, rows));
  }

  async screen(): Promise<Screen> {
    const terminal = await this.#settled();
    const { active } = terminal.buffer;
    const blank = active.getNullCell();
    const rows = Array.from({ length: terminal.rows }, (_, y) => {
      const line = active.getLine(active.baseY + y);
      return Array.from({ length: terminal.cols }, (__, x) =>
        screenCell(line?.getCell(x, blank) ?? blank),
      );
    });
    const cursor = {
      column: Math.min(active.cursorX, terminal.cols - 1),
      row: active.cursorY,
    };
    return { columns: terminal.cols, rows, cursor: this.#showsCursor ? cursor : null };
  }

  close(): void {
    this.#kept = [];
    void this.#terminal?.then((terminal) => terminal.dispose());
  }

  /** The terminal, when it has seen all that was written before. */
  async #settled(): Promise<Terminal> {
    this.#terminal ??= this.#make();
    const terminal = await this.#terminal;
    const kept = this.#kept;
    this.#kept = [];
    this.#keptBytes = 0;
    for (const bytes of kept) terminal.write(bytes);
    await new Promise<void>((resolve) => terminal.write("", resolve));
    return terminal;
  }

  async #make(): Promise<Terminal> {
    const { Terminal: Made } = await import("@xterm/headless/lib-headless/xterm-headless.mjs");
    const { columns, rows } = this.#size;
    const terminal = new Made({ cols: columns, rows, scrollback: 0, allowProposedApi: true });
    // What the guest asks a terminal is answered by those of its users, not by this one.
    for (const [final, shown] of [
      ["h", true],
      ["l", false],
    ] as const) {
      terminal.parser.registerCsiHandler({ prefix: "?", final }, (params) => {
        if (params.includes(SHOW_CURSOR)) this.#showsCursor = shown;
        return false;
      });
    }
    return terminal;
  }
}

function screenCell(cell: IBufferCell): ScreenCell {
  const bold = cell.isBold() !== 0;
  const inverse = cell.isInverse() !== 0;
  const [front, back] = [foregroundOf(cell, bold), backgroundOf(cell)];
  const [foreground, background] = inverse ? [back, front] : [front, back];
  return {
    text: cell.isInvisible() === 0 ? cell.getChars() : " ",
    width: cell.getWidth(),
    foreground: cell.isDim() === 0 ? foreground : dimmed(foreground, background),
    background,
    bold,
    underline: cell.isUnderline() !== 0,
    strike: cell.isStrikethrough() !== 0,
  };
}

/** Bold makes the first eight colours bright, as the Linux console does. */
function foregroundOf(cell: IBufferCell, bold: boolean): Rgb {
  const colour = cell.getFgColor();
  if (cell.isFgRGB()) return trueColour(colour);
  if (!cell.isFgPalette()) return FOREGROUND;
  return paletteColour(bold && colour < 8 ? colour + 8 : colour);
}

function backgroundOf(cell: IBufferCell): Rgb {
  if (cell.isBgRGB()) return trueColour(cell.getBgColor());
  return cell.isBgPalette() ? paletteColour(cell.getBgColor()) : BACKGROUND;
}
