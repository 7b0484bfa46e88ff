import type { ImageTools } from "../image/tools.ts";

/** The percentage that `-p` shows. */
export class Progress {
  readonly #tools: ImageTools;
  readonly #shown: boolean;
  #last = -1;

  constructor(tools: ImageTools, shown: boolean) {
    this.#tools = tools;
    this.#shown = shown;
    if (shown) this.#print(0);
  }

  at(done: number, total: number): void {
    if (!this.#shown || total === 0) return;
    const percent = (100 * done) / total;
    // Steps of a percent at least, as in QEMU.
    if (percent > this.#last + 1 || percent === 100) this.#print(percent);
  }

  end(): void {
    if (!this.#shown) return;
    this.#print(100);
    this.#tools.out("\n");
  }

  #print(percent: number): void {
    this.#last = percent;
    this.#tools.out(`    (${percent.toFixed(2)}/100%)\r`);
  }
}
