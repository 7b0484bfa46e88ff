/** One command at work: what it says waits to be fetched, what it asks for waits for an answer. */
import type { ToolOutput } from "../../protocol/tools-service.ts";

/** Said and not fetched; beyond this much, pieces of one kind are joined. */
const MOST_PIECES = 64;

export class ToolRun {
  #said: ToolOutput[] = [];
  #wake: (() => void) | null = null;
  #answer: ((line: string | null) => void) | null = null;

  say(output: ToolOutput): void {
    const last = this.#said.at(-1);
    const text = output.kind === "out" || output.kind === "err";
    if (text && last?.kind === output.kind && this.#said.length >= MOST_PIECES) {
      this.#said[this.#said.length - 1] = { kind: output.kind, text: last.text + output.text };
    } else this.#said.push(output);
    this.#wake?.();
    this.#wake = null;
  }

  ask(): Promise<string | null> {
    return new Promise((resolve) => {
      this.#answer = resolve;
      this.say({ kind: "ask" });
    });
  }

  answer(line: string | null): void {
    this.#answer?.(line);
    this.#answer = null;
  }

  async fetch(): Promise<readonly ToolOutput[]> {
    while (this.#said.length === 0) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const said = this.#said;
    this.#said = [];
    return said;
  }
}
