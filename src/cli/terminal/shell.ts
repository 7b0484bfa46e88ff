/** The conversation of a terminal: a prompt, a command, its output, the next prompt. */
import { VmError } from "../../protocol/vm-error.ts";
import { shellWords } from "../virtinst/shell-words.ts";
import { History, type HistoryStore } from "./history.ts";
import { Input } from "./input.ts";
import { Interrupt } from "./interrupt.ts";
import { type Complete, Interrupted, LineEditor } from "./line-editor.ts";
import type { Tty } from "./tty.ts";

/** What a command runs with. */
export interface CommandIo {
  out(text: string): void;
  err(text: string): void;
  /** A line that the user types. @throws Interrupted */
  readLine(prompt: string, complete?: Complete): Promise<string | null>;
  /** All that is typed goes to `listener`, until the returned function is called. */
  raw(listener: (text: string) => void): () => void;
  size(): { readonly columns: number; readonly rows: number };
  /** Ctrl-C. */
  readonly interrupt: Interrupt;
}

export interface Command {
  /** One line for `help`. */
  readonly summary: string;
  run(args: readonly string[], io: CommandIo): Promise<number>;
  /** Words that can follow; `before` is what stands before the cursor, without the command's name. */
  readonly complete?: Complete;
}

export interface ShellOptions {
  readonly commands: ReadonlyMap<string, Command>;
  readonly history: HistoryStore;
  readonly greeting: string;
  /** Shown before each command. */
  prompt(): string;
}

export class Shell {
  readonly #tty: Tty;
  readonly #options: ShellOptions;
  readonly #input: Input;
  readonly #editor: LineEditor;
  /** Commands ask for lines of their own, whose history is theirs. */
  readonly #asker: LineEditor;

  constructor(tty: Tty, options: ShellOptions) {
    this.#tty = tty;
    this.#options = options;
    this.#input = new Input(tty);
    this.#editor = new LineEditor(tty, this.#input, new History(options.history));
    this.#asker = new LineEditor(tty, this.#input, new History({ load: () => [], save: () => {} }));
  }

  /** Until the user leaves (`exit`, or Ctrl-D). */
  async run(): Promise<void> {
    this.#print(this.#options.greeting);
    let last = 0;
    for (;;) {
      const line = await this.#ask();
      if (line === null) break;
      if (line.trim() === "") continue;
      const words = this.#wordsOf(line);
      if (words === null) continue;
      if (words[0] === "exit" || words[0] === "logout") break;
      if (words[0] === "echo" && words[1] === "$?") this.#print(`${last}\n`);
      else last = await this.#runWords(words);
    }
    this.#input.close();
  }

  async #ask(): Promise<string | null> {
    for (;;) {
      try {
        return await this.#editor.readLine(this.#options.prompt(), (before) =>
          this.#complete(before),
        );
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
      }
    }
  }

  #wordsOf(line: string): string[] | null {
    try {
      return shellWords(line);
    } catch (error) {
      this.#print(`${error instanceof Error ? error.message : String(error)}\n`);
      return null;
    }
  }

  async #runWords([name = "", ...args]: readonly string[]): Promise<number> {
    const command = this.#options.commands.get(name);
    if (!command) {
      this.#print(`${name}: command not found; type 'help' for those that are here\n`);
      return 127;
    }
    const interrupt = new Interrupt();
    const done = this.#input.whileRunning(() => interrupt.press());
    try {
      return await command.run(args, this.#ioOf(interrupt));
    } catch (error) {
      if (error instanceof Interrupted || interrupt.isPressed) {
        this.#print("\n");
        return 130;
      }
      this.#print(`${name}: ${error instanceof VmError ? error.message : String(error)}\n`);
      return 1;
    } finally {
      done();
    }
  }

  #ioOf(interrupt: Interrupt): CommandIo {
    const asking = async (prompt: string, complete?: Complete): Promise<string | null> => {
      const done = this.#input.asking();
      try {
        return await this.#asker.readLine(prompt, complete);
      } finally {
        done();
      }
    };
    return {
      out: (text) => this.#print(text),
      err: (text) => this.#print(text),
      readLine: asking,
      raw: (listener) => this.#input.raw(listener),
      size: () => this.#tty.size(),
      interrupt,
    };
  }

  async #complete(before: string): ReturnType<Complete> {
    const start = before.trimStart();
    const gap = start.search(/\s/);
    if (gap < 0) {
      const names = [...this.#options.commands.keys(), "exit"].toSorted();
      return { word: start, candidates: names.filter((name) => name.startsWith(start)) };
    }
    const command = this.#options.commands.get(start.slice(0, gap));
    const rest = start.slice(gap).trimStart();
    return command?.complete?.(rest) ?? { word: rest, candidates: [] };
  }

  /** Programs end lines as files do; terminals want the cursor to go back, too. */
  #print(text: string): void {
    this.#tty.write(text.replace(/\r?\n/g, "\r\n"));
  }
}
