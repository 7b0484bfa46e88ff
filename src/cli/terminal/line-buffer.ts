/** A line that is being edited: its text and the cursor. */
import type { EditKey } from "./keys.ts";

export class LineBuffer {
  /** By code points, so that the cursor is never inside of one. */
  #before: string[] = [];
  #after: string[] = [];
  #killed = "";

  get text(): string {
    return [...this.#before, ...this.#after].join("");
  }

  /** The text up to the cursor. */
  get before(): string {
    return this.#before.join("");
  }

  get isEmpty(): boolean {
    return this.#before.length + this.#after.length === 0;
  }

  /** Replaces all; the cursor is at the end. */
  set(text: string): void {
    this.#before = Array.from(text);
    this.#after = [];
  }

  insert(text: string): void {
    this.#before.push(...Array.from(text));
  }

  /** Does what the key says; keys that are not about the line's text do nothing. */
  apply(key: EditKey): void {
    EDITS[key]?.(this);
  }

  move(by: -1 | 1): void {
    const [from, to] = by < 0 ? [this.#before, this.#after] : [this.#after, this.#before];
    const char = by < 0 ? from.pop() : from.shift();
    if (char === undefined) return;
    if (by < 0) to.unshift(char);
    else to.push(char);
  }

  moveToStart(): void {
    this.#after.unshift(...this.#before.splice(0));
  }

  moveToEnd(): void {
    this.#before.push(...this.#after.splice(0));
  }

  moveWord(by: -1 | 1): void {
    const next = (): string | undefined => (by < 0 ? this.#before.at(-1) : this.#after[0]);
    while (isGap(next())) this.move(by);
    while (next() !== undefined && !isGap(next())) this.move(by);
  }

  deleteBefore(): void {
    this.#before.pop();
  }

  deleteAfter(): void {
    this.#after.shift();
  }

  killToEnd(): void {
    this.#killed = this.#after.splice(0).join("");
  }

  killToStart(): void {
    this.#killed = this.#before.splice(0).join("");
  }

  killWord(by: -1 | 1): void {
    const whole = this.text;
    const at = this.before.length;
    this.moveWord(by);
    const to = this.before.length;
    const [from, end] = by < 0 ? [to, at] : [at, to];
    this.#killed = whole.slice(from, end);
    this.#before = Array.from(whole.slice(0, from));
    this.#after = Array.from(whole.slice(end));
  }

  yank(): void {
    this.insert(this.#killed);
  }

  /** The character before the cursor goes behind the one under it. */
  transpose(): void {
    if (this.#after.length === 0) this.move(-1);
    const [left, right] = [this.#before.pop(), this.#after.shift()];
    if (left === undefined || right === undefined) {
      if (left !== undefined) this.#before.push(left);
      if (right !== undefined) this.#after.unshift(right);
      return;
    }
    this.#before.push(right, left);
  }
}

function isGap(char: string | undefined): boolean {
  return char !== undefined && /\s/.test(char);
}

const EDITS: Partial<Record<EditKey, (line: LineBuffer) => void>> = {
  backspace: (line) => line.deleteBefore(),
  delete: (line) => line.deleteAfter(),
  home: (line) => line.moveToStart(),
  end: (line) => line.moveToEnd(),
  left: (line) => line.move(-1),
  right: (line) => line.move(1),
  "word-left": (line) => line.moveWord(-1),
  "word-right": (line) => line.moveWord(1),
  "kill-to-end": (line) => line.killToEnd(),
  "kill-to-start": (line) => line.killToStart(),
  "kill-word": (line) => line.killWord(-1),
  "kill-next-word": (line) => line.killWord(1),
  yank: (line) => line.yank(),
  transpose: (line) => line.transpose(),
};
