/** Asks for a line with editing, history and completion, as readline does. */
import type { History } from "./history.ts";
import type { Input } from "./input.ts";
import { editKey, isText } from "./keys.ts";
import { LineBuffer } from "./line-buffer.ts";
import { ScreenLine, widthOf } from "./screen-line.ts";
import type { Tty } from "./tty.ts";

export interface Completion {
  /** The word before the cursor. */
  readonly word: string;
  /** Words that begin with it. */
  readonly candidates: readonly string[];
}

export type Complete = (before: string) => Promise<Completion>;

/** Ctrl-C at a prompt. */
export class Interrupted extends Error {
  override readonly name = "Interrupted";
}

interface Ask {
  readonly prompt: string;
  readonly complete: Complete | undefined;
  readonly line: LineBuffer;
  /** The place in history; its length for the new line. */
  at: number;
  /** The new line while an old one is shown. */
  draft: string;
  /** The Tab before did nothing: the next one lists. */
  tabbed: boolean;
}

export class LineEditor {
  readonly #tty: Tty;
  readonly #input: Input;
  readonly #history: History;
  readonly #screen: ScreenLine;

  constructor(tty: Tty, input: Input, history: History) {
    this.#tty = tty;
    this.#input = input;
    this.#history = history;
    this.#screen = new ScreenLine(tty);
  }

  /**
   * The next line; null at the end of input (Ctrl-D on an empty line).
   *
   * @throws Interrupted for Ctrl-C
   */
  async readLine(prompt: string, complete?: Complete): Promise<string | null> {
    const { length } = this.#history.lines;
    const line = new LineBuffer();
    const ask: Ask = { prompt, complete, line, at: length, draft: "", tabbed: false };
    this.#screen.begin();
    this.#draw(ask);
    for (;;) {
      const key = await this.#input.key();
      const done = await this.#press(ask, key);
      if (done !== undefined) return done;
    }
  }

  /** @returns the line, null at the end, undefined while it goes on */
  async #press(ask: Ask, key: string): Promise<string | null | undefined> {
    const { line } = ask;
    const edit = editKey(key);
    const wasTabbed = ask.tabbed;
    ask.tabbed = false;
    switch (edit) {
      case "enter":
        return this.#enter(ask);
      case "interrupt":
        line.moveToEnd();
        this.#draw(ask);
        this.#tty.write("^C\r\n");
        throw new Interrupted();
      case "end-of-input":
        if (line.isEmpty) {
          this.#tty.write("\r\n");
          return null;
        }
        line.deleteAfter();
        break;
      case "previous":
      case "next":
        this.#recall(ask, edit === "previous" ? -1 : 1);
        break;
      case "search":
        return this.#search(ask);
      case "clear-screen":
        this.#tty.write("\x1b[H\x1b[2J");
        this.#screen.begin();
        break;
      case "complete":
        await this.#complete(ask, wasTabbed);
        break;
      case null:
        if (isText(key)) line.insert(key);
        break;
      default:
        line.apply(edit);
    }
    this.#draw(ask);
    return undefined;
  }

  #enter(ask: Ask): string {
    ask.line.moveToEnd();
    this.#draw(ask);
    this.#tty.write("\r\n");
    const { text } = ask.line;
    this.#history.add(text);
    return text;
  }

  #recall(ask: Ask, by: -1 | 1): void {
    const { lines } = this.#history;
    const at = ask.at + by;
    if (at < 0 || at > lines.length) return;
    if (ask.at === lines.length) ask.draft = ask.line.text;
    ask.at = at;
    ask.line.set(lines[at] ?? ask.draft);
  }

  /** Ctrl-R: the newest line that contains what is typed; again for an older one. */
  async #search(ask: Ask): Promise<string | undefined> {
    let text = "";
    let at = this.#history.lines.length;
    for (;;) {
      const found = this.#history.lines[at];
      this.#screen.draw(`(reverse-i-search)\`${text}': `, "", found ?? "");
      const key = await this.#input.key();
      const edit = editKey(key);
      if (edit === "search") {
        const older = this.#history.find(text, at);
        if (older >= 0) at = older;
      } else if (edit === "backspace") {
        text = text.slice(0, -1);
        at = Math.max(-1, this.#history.find(text));
      } else if (isText(key)) {
        text += key;
        at = this.#history.find(text, Math.min(at + 1, this.#history.lines.length));
      } else {
        if (edit !== "interrupt" && found !== undefined) ask.line.set(found);
        this.#draw(ask);
        return edit === "enter" ? this.#enter(ask) : undefined;
      }
    }
  }

  async #complete(ask: Ask, list: boolean): Promise<void> {
    if (!ask.complete) return;
    const { word, candidates } = await ask.complete(ask.line.before);
    const [only] = candidates;
    if (only === undefined) return;
    if (candidates.length === 1) {
      // A folder is gone on with.
      ask.line.insert(only.slice(word.length) + (only.endsWith("/") ? "" : " "));
      return;
    }
    const common = commonPrefix(candidates);
    if (common.length > word.length) ask.line.insert(common.slice(word.length));
    else if (list) this.#list(ask, candidates);
    else ask.tabbed = true;
  }

  #list(ask: Ask, candidates: readonly string[]): void {
    this.#screen.draw(ask.prompt, ask.line.text, ask.line.text);
    this.#tty.write(`\r\n${inColumns(candidates, this.#tty.size().columns)}`);
    this.#screen.begin();
  }

  #draw({ prompt, line }: Ask): void {
    this.#screen.draw(prompt, line.before, line.text);
  }
}

function commonPrefix(words: readonly string[]): string {
  const [first = "", ...rest] = words;
  let length = first.length;
  for (const word of rest) {
    while (!word.startsWith(first.slice(0, length))) length -= 1;
  }
  return first.slice(0, length);
}

/** Names as `ls` shows them: down, then across. */
export function inColumns(names: readonly string[], columns: number): string {
  const width = Math.max(...names.map(widthOf)) + 2;
  const across = Math.max(1, Math.floor(columns / width));
  const rows = Math.ceil(names.length / across);
  const lines = Array.from({ length: rows }, (_, row) =>
    names
      .filter((_name, at) => at % rows === row)
      .map((name) => name + " ".repeat(width - widthOf(name)))
      .join("")
      .trimEnd(),
  );
  return `${lines.join("\r\n")}\r\n`;
}
