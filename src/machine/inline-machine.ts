/**
 * A whole machine on the caller's thread, for tests, fuzzing, conformance and benches: harts take
 * turns, exits are answered at once, WFI skips to the next timer. With `deterministic` two runs of
 * the same images are the same to the instruction.
 */
import type { BlockBackend, CharBackend, Entropy, PowerRequest, Trace } from "../device/ports.ts";
import type { CoreExports } from "../protocol/core.ts";
import type { DeviceSpec, FlashSpec } from "../protocol/machine-service.ts";
import {
  ExitReason,
  RING,
  RING_DATA,
  UART_RX_BREAK,
  UART_RX_CAPACITY,
  UART_RX_RING,
  UART_TX_CAPACITY,
  UART_TX_RING,
} from "../protocol/layout.ts";
import { latin1 } from "../util/bytes.ts";
import { Ring } from "../util/ring.ts";
import { Xorshift } from "../util/xorshift.ts";
import { Board } from "./board.ts";
import type { BootImages } from "./boot.ts";
import { ControlView, type HartView } from "./hart-view.ts";
import { InlineClock } from "./inline-clock.ts";
import { initMemory, planMemory, type MachineShape, type MemoryPlan } from "./memory-plan.ts";

/** Instructions a hart runs before the next one's turn. */
const SLICE = 200_000;

/** An instance of the core on a memory of `plan.wasmPages` pages. */
export interface InlineCore {
  readonly buffer: ArrayBufferLike;
  readonly core: CoreExports;
}

export interface InlineConfig extends MachineShape {
  readonly instantiate: (plan: MemoryPlan) => InlineCore;
  /** Guest time counts instructions, randomness is seeded, UTC starts in 2025. */
  readonly deterministic?: boolean;
  readonly entropy?: Entropy;
  readonly trace?: Trace;
  readonly devices?: readonly DeviceSpec[];
  readonly drives?: ReadonlyMap<string, BlockBackend>;
  /** Drives that are the flash; `board.loadFlash` reads them. */
  readonly banks?: readonly FlashSpec[];
  readonly console?: (index: number) => CharBackend | undefined;
}

export interface RunLimits {
  /** Of all harts together, since this call; no limit when absent. */
  readonly maxInstructions?: number;
  /** The harts that run; the others stand still. All of them when absent. */
  readonly harts?: readonly number[];
  /** Looked at after every slice. */
  readonly until?: (machine: InlineMachine) => boolean;
  /** Stops when the console printed this text, behind the text that an earlier run stopped at. */
  readonly untilOutput?: string;
}

/** Why `run` returned. `idle`: every hart waits and no timer will ever wake one. */
export type RunResult =
  | { readonly kind: "limit" | "until" | "idle" }
  | { readonly kind: "power"; readonly request: PowerRequest }
  | { readonly kind: "fatal"; readonly hart: number; readonly code: number };

export class InlineMachine {
  readonly plan: MemoryPlan;
  readonly board: Board;
  readonly core: CoreExports;
  readonly buffer: ArrayBufferLike;
  readonly #clock: InlineClock;
  readonly #control: ControlView;
  readonly #out: Ring<Uint8Array>;
  readonly #in: Ring<Uint16Array>;
  readonly #input: number[] = [];
  #output = "";
  /** Output before this place was looked for already. */
  #expectFrom = 0;
  #power: PowerRequest | null = null;
  #instructions = 0;
  #waiting: boolean[];
  #running: readonly number[] = [];

  constructor(config: InlineConfig) {
    const { deterministic = false } = config;
    const { banks = [] } = config;
    this.plan = planMemory({ ...config, flash: banks.map(({ unit }) => unit) });
    const { buffer, core } = config.instantiate(this.plan);
    this.buffer = buffer;
    this.core = core;
    initMemory(buffer, this.plan);
    this.#control = new ControlView(buffer);
    this.#control.setU32("deterministicTime", deterministic ? 1 : 0);
    this.#clock = new InlineClock(core, this.#control);
    this.#out = ring(Uint8Array, buffer, UART_TX_RING, UART_TX_CAPACITY);
    this.#in = ring(Uint16Array, buffer, UART_RX_RING, UART_RX_CAPACITY);
    this.#waiting = Array.from({ length: this.plan.harts }, () => false);
    this.board = new Board({
      plan: this.plan,
      buffer,
      core,
      clock: this.#clock,
      entropy: config.entropy ?? new Xorshift(1),
      power: { request: (request) => (this.#power = request) },
      trace: config.trace ?? { guestError: () => {} },
      flash: banks,
      ...(config.drives && { drives: config.drives }),
      ...(config.devices && { devices: config.devices }),
      ...(config.console && { console: config.console }),
    });
  }

  /** Loads images and resets. @throws VmError as Board.boot */
  boot(images: BootImages): void {
    this.board.boot(images);
    this.#power = null;
    this.#waiting.fill(false);
  }

  /** Everything the guest printed so far, as Latin-1. */
  get output(): string {
    return this.#output;
  }

  /** Instructions retired by all harts in `run`. */
  get instructions(): number {
    return this.#instructions;
  }

  /** Types into the console; each character is one byte. */
  type(text: string): void {
    for (const char of text) this.#input.push(char.charCodeAt(0) & 0xff);
  }

  sendBreak(): void {
    this.#input.push(UART_RX_BREAK);
  }

  hart(index: number): HartView {
    const hart = this.board.harts[index];
    if (!hart) throw new RangeError(`the machine has no hart ${index}`);
    return hart;
  }

  run(limits: RunLimits = {}): RunResult {
    const { maxInstructions = Infinity, until, untilOutput } = limits;
    this.#running = limits.harts ?? this.board.harts.map((_, index) => index);
    const end = this.#instructions + maxInstructions;
    for (;;) {
      const fatal = this.#round(end);
      this.#serviceConsole();
      this.board.onDoorbell(this.#control.takeDoorbell());
      this.#clock.fire();
      if (fatal) return fatal;
      if (this.#power) return { kind: "power", request: this.#power };
      if (until?.(this)) return { kind: "until" };
      if (untilOutput !== undefined && this.#printed(untilOutput)) return { kind: "until" };
      if (this.#instructions >= end) return { kind: "limit" };
      if (this.#running.every((i) => this.#waiting[i]) && !this.#skipAhead())
        return { kind: "idle" };
    }
  }

  /** One slice of every hart that does not wait. */
  #round(end: number): RunResult | null {
    let ran = 0;
    for (const i of this.#running) {
      if (this.#waiting[i] && !this.#wakes(this.hart(i))) continue;
      this.#waiting[i] = false;
      const budget = Math.min(SLICE, end - this.#instructions);
      if (budget <= 0) return null;
      const before = this.hart(i).u64("instret");
      const result = this.#runHart(i, budget);
      const retired = Number(this.hart(i).u64("instret") - before);
      this.#instructions += retired;
      ran = Math.max(ran, retired);
      if (result) return result;
      if (this.#power) return null;
    }
    // Deterministic time counts hart 0: while it waits, the others' work is what passes.
    if ((this.#waiting[0] || !this.#running.includes(0)) && ran > 0)
      this.#clock.passInstructions(ran);
    return null;
  }

  /** Runs hart `i` through its exits until the budget is used up or it waits. */
  #runHart(i: number, budget: number): RunResult | null {
    const hart = this.hart(i);
    const end = hart.u64("instret") + BigInt(budget);
    this.core.hartAttach(i);
    for (;;) {
      const left = Number(end - hart.u64("instret"));
      if (left <= 0) return null;
      switch (this.core.run(left)) {
        case ExitReason.mmioRead:
        case ExitReason.mmioWrite:
          this.board.answerExit(i);
          if (this.#power) return null;
          break;
        case ExitReason.wfi:
          this.#waiting[i] = true;
          return null;
        case ExitReason.fatal:
          return { kind: "fatal", hart: i, code: hart.u32("fatal") };
        default:
          return null;
      }
    }
  }

  #wakes(hart: HartView): boolean {
    return hart.events !== 0 || this.#clock.ticks() >= hart.u64("wfiDeadline");
  }

  /** All harts wait: lets time jump to the first deadline. @returns false when there is none */
  #skipAhead(): boolean {
    const harts = this.#running.map((index) => this.hart(index));
    if (harts.some((hart) => this.#wakes(hart))) return true;
    const deadlines = harts.map((hart) => hart.u64("wfiDeadline"));
    return this.#clock.skipTo(deadlines);
  }

  #serviceConsole(): void {
    const bytes = this.#out.take(UART_TX_CAPACITY);
    const taken = this.#in.push(this.#input);
    this.#input.splice(0, taken);
    this.#output += latin1(bytes);
    if (bytes.length > 0 || taken > 0) this.core.uartPump();
  }

  /** Goes on behind the text found last, as expect(1) does. */
  #printed(text: string): boolean {
    const at = this.#output.indexOf(text, this.#expectFrom);
    if (at >= 0) this.#expectFrom = at + text.length;
    return at >= 0;
  }
}

function ring<T extends Uint8Array | Uint16Array>(
  entries: new (buffer: ArrayBufferLike, at: number, length: number) => T,
  buffer: ArrayBufferLike,
  at: number,
  capacity: number,
): Ring<T> {
  const place = { head: at + RING.at.head, tail: at + RING.at.tail, data: at + RING_DATA };
  return new Ring(entries, buffer, { ...place, capacity });
}
