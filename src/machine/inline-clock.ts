import type { Clock } from "../device/ports.ts";
import type { CoreExports } from "../protocol/core.ts";
import { TIMEBASE_HZ } from "../protocol/layout.ts";
import type { ControlView } from "./hart-view.ts";

const NS_PER_TICK = 1_000_000_000n / BigInt(TIMEBASE_HZ);
/** Deterministic time: this many instructions of hart 0 are one tick (asm/hart/time.ts). */
const INSTRUCTIONS_PER_TICK = 10;
/** UTC at guest time 0: 2025-01-01. */
const EPOCH_NS = 1_735_689_600_000_000_000n;

interface Alarm {
  readonly atNs: bigint;
  readonly callback: () => void;
}

/** The clock of an inline machine: guest time, which the machine may push ahead. */
export class InlineClock implements Clock {
  readonly #core: Pick<CoreExports, "guestTime">;
  readonly #control: ControlView;
  readonly #alarms = new Set<Alarm>();

  constructor(core: Pick<CoreExports, "guestTime">, control: ControlView) {
    this.#core = core;
    this.#control = control;
  }

  /** Guest time in ticks of TIMEBASE_HZ. */
  ticks(): bigint {
    return BigInt.asUintN(64, this.#core.guestTime());
  }

  monotonicNs(): bigint {
    return this.ticks() * NS_PER_TICK;
  }

  realtimeNs(): bigint {
    return EPOCH_NS + this.monotonicNs();
  }

  at(atNs: bigint, callback: () => void): () => void {
    const alarm = { atNs, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Calls back all alarms that are due. */
  fire(): void {
    if (this.#alarms.size === 0) return;
    const now = this.monotonicNs();
    const due = Array.from(this.#alarms).filter(({ atNs }) => atNs <= now);
    due.sort((a, b) => (a.atNs < b.atNs ? -1 : 1));
    for (const alarm of due) if (this.#alarms.delete(alarm)) alarm.callback();
  }

  /** Lets the time of `count` instructions pass. */
  passInstructions(count: number): void {
    this.#control.advanceTime(BigInt(Math.floor(count / INSTRUCTIONS_PER_TICK)));
  }

  /**
   * Jumps to the first of the deadlines (in ticks, all ones for none) and alarms.
   * @returns false when there is nothing to jump to
   */
  skipTo(deadlines: readonly bigint[]): boolean {
    const NEVER = 0xffff_ffff_ffff_ffffn;
    let first = NEVER;
    for (const deadline of deadlines) if (deadline < first) first = deadline;
    for (const { atNs } of this.#alarms) {
      const tick = (atNs + NS_PER_TICK - 1n) / NS_PER_TICK;
      if (tick < first) first = tick;
    }
    if (first === NEVER) return false;
    const now = this.ticks();
    if (first > now) this.#control.advanceTime(first - now);
    return true;
  }
}
