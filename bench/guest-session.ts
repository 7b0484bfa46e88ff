/** A booted guest whose shell is told what to do, and the processor time that it takes. */
import { spawn, type ChildProcessByStdio } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { bootArguments, PROMPT } from "./boot.ts";
import { contestant } from "./contestants.ts";
import { spent, threadTimes, type ThreadTimes } from "./process-time.ts";

const LIMIT_MS = 300_000;
/** For a whole system to its login prompt, beside whatever else runs. */
const LOGIN_LIMIT_MS = 900_000;
/** After the prompt, drivers are still loaded behind the shell's back. */
const SETTLE_MS = 4000;
/** From the mark of the end to an idle machine. */
const REST_MS = 60;
/** What the guest prints at the end; no command as it is typed and echoed has it. */
const OK = "@ok@";
const FAILED = "@failed@";
const MARKS = String.raw`t() { "$@" && printf '@%s@\n' ok || printf '@%s@\n' failed; }`;

/** How a guest is booted. */
export interface SessionOptions {
  /** The default guest when absent. */
  readonly guest?: string;
  /** Who logs in, without a password, where there is no prompt before. */
  readonly login?: string;
  /** Options of the command that come last, e.g. `["-smp", "2"]`. */
  readonly options?: readonly string[];
}

type Child = ChildProcessByStdio<Writable, Readable, null>;

export class GuestSession {
  readonly engine: string;
  readonly #child: Child;
  #output = "";
  #heard: () => void = () => {};
  #ended = false;

  private constructor(engine: string, child: Child) {
    this.engine = engine;
    this.#child = child;
    child.stdout.on("data", (chunk: Buffer) => {
      this.#output += chunk.toString("latin1");
      this.#heard();
    });
    child.on("close", () => {
      this.#ended = true;
      this.#heard();
    });
  }

  /**
   * Boots a guest with its fast command line under `engine`.
   *
   * @throws Error when it does not get to its prompt
   */
  static async boot(engine: string, how: SessionOptions = {}): Promise<GuestSession> {
    const { guest, login, options = [] } = how;
    const command = [...contestant(engine).boot, ...bootArguments("fast", guest), ...options];
    const [file = "", ...args] = command;
    const child = spawn(file, args, { stdio: ["pipe", "pipe", "inherit"] });
    const session = new GuestSession(engine, child);
    if (login !== undefined) {
      await session.#until(() => session.#output.endsWith(" login: "), LOGIN_LIMIT_MS);
      child.stdin.write(`${login}\n`);
    }
    await session.#until(() => PROMPT.test(session.#output));
    await sleep(SETTLE_MS);
    await session.type(MARKS);
    return session;
  }

  /** Types a line and waits for the prompt. */
  async type(line: string): Promise<void> {
    await this.ask(line);
  }

  /**
   * Types a line and waits for the prompt.
   *
   * @returns what the guest printed, its echo of the line and the prompt included
   * @throws Error when there is no prompt within the limit
   */
  async ask(line: string, limitMs = LIMIT_MS): Promise<string> {
    this.#output = "";
    this.#child.stdin.write(`${line}\n`);
    await this.#until(() => PROMPT.test(this.#output), limitMs);
    return this.#output;
  }

  /** Processor time that each thread of the emulator has used so far. */
  threadTimes(): ThreadTimes {
    return threadTimes(this.#child.pid ?? 0);
  }

  /**
   * Runs a shell function that was typed before.
   *
   * @returns processor time of each thread
   * @throws Error when it fails or takes longer than five minutes
   */
  async run(name: string): Promise<ThreadTimes> {
    return (await this.timed(name)).threads;
  }

  /** As `run`, with the time that the clock shows. */
  async timed(name: string): Promise<{ threads: ThreadTimes; wallMs: number }> {
    this.#output = "";
    const before = threadTimes(this.#child.pid ?? 0);
    const began = performance.now();
    this.#child.stdin.write(`t ${name}\n`);
    await this.#until(() => this.#output.includes(OK) || this.#output.includes(FAILED));
    const wallMs = performance.now() - began;
    await this.#until(() => PROMPT.test(this.#output));
    await sleep(REST_MS);
    if (this.#output.includes(FAILED)) throw new Error(`${name} failed under ${this.engine}`);
    return { threads: spent(before, threadTimes(this.#child.pid ?? 0)), wallMs };
  }

  stop(): void {
    this.#child.kill("SIGTERM");
  }

  /** Stops it, and waits until it has let go of its files. */
  async end(): Promise<void> {
    this.stop();
    if (!this.#ended) await new Promise((resolve) => this.#child.once("close", resolve));
  }

  async #until(reached: () => boolean, limitMs = LIMIT_MS): Promise<void> {
    const end = performance.now() + limitMs;
    while (!reached()) {
      const left = end - performance.now();
      if (this.#ended || left <= 0) {
        throw new Error(`the guest under ${this.engine} hangs; it printed:\n${this.#output}`);
      }
      const limit = sleep(left, undefined, { ref: false });
      await Promise.race([new Promise<void>((resolve) => (this.#heard = resolve)), limit]);
    }
  }
}
