import { HartView } from "../../machine/hart-view.ts";
import type { CoreExports } from "../../protocol/core.ts";
import type { HartEnd } from "../../protocol/hart-service.ts";
import {
  Doorbell,
  Event,
  ExitReason,
  ExitState,
  HartState,
  RunState,
  TIMEBASE_HZ,
} from "../../protocol/layout.ts";
import { ControlWords, HartWords } from "../views.ts";
import { describeFatal, describeTrap } from "./crash.ts";

/** What a hart's loop works on. */
export interface HartWork {
  readonly core: Pick<CoreExports, "hartAttach" | "run" | "guestTime">;
  /** The VM's memory. */
  readonly buffer: ArrayBufferLike;
  readonly index: number;
  /** The VM's monotonic clock in milliseconds. */
  nowMs(): number;
  /** Called when a doorbell bit was newly set; see CoreImports.ring. */
  ring(): void;
}

const TICKS_PER_MS = TIMEBASE_HZ / 1000;
/** HART.wfiDeadline when no timer is armed. */
const NEVER = 0xffff_ffff_ffff_ffffn;
/** Looks at an unanswered exit before the hart sleeps: about the time of a quick answer. */
const SPINS = 2000;

/**
 * Runs one vCPU until the VM stops or the hart crashes. It never returns to the event loop: what it
 * has to know stands in shared memory, and it waits with Atomics.wait.
 */
export class HartLoop {
  readonly #work: HartWork;
  readonly #control: ControlWords;
  readonly #hart: HartWords;
  readonly #view: HartView;

  constructor(work: HartWork) {
    this.#work = work;
    this.#control = new ControlWords(work.buffer);
    this.#hart = new HartWords(work.buffer, work.index);
    this.#view = new HartView(work.buffer, work.index);
  }

  run(): HartEnd {
    try {
      this.#work.core.hartAttach(this.#work.index);
      for (;;) {
        if (!this.#awaitRunning()) return this.#end({ kind: "stopped" }, HartState.stopped);
        const fatal = this.#enter();
        if (fatal !== null) return this.#crash(fatal);
      }
    } catch (error) {
      // A Wasm trap or a broken assertion: a bug of ours, which must not take the page with it.
      return this.#crash(describeTrap(this.#view, this.#work.index, error));
    }
  }

  /** Waits while the VM is paused. @returns false when it stopped */
  #awaitRunning(): boolean {
    const { words, runState } = this.#control;
    for (;;) {
      // Before the look at runState, so that a request that comes after it is not lost.
      Atomics.and(this.#hart.words, this.#hart.events, ~Event.request);
      const now = Atomics.load(words, runState);
      if (now === RunState.stopped) return false;
      if (now === RunState.running) {
        this.#hart.setState(HartState.running);
        // Once more, now that the machine worker can see that this hart does not stand: a pause
        // that came in between took it for standing.
        if (Atomics.load(words, runState) === RunState.running) return true;
        continue;
      }
      this.#announce(HartState.paused);
      Atomics.wait(words, runState, now);
    }
  }

  /** One stay in guest code and the exit that ended it. @returns why the hart cannot go on */
  #enter(): string | null {
    const reason = this.#runTimed();
    switch (reason) {
      case ExitReason.mmioRead:
      case ExitReason.mmioWrite:
        this.#awaitAnswer();
        return null;
      case ExitReason.wfi:
        this.#awaitInterrupt();
        return null;
      case ExitReason.budget:
      case ExitReason.request:
        return null;
      case ExitReason.fatal:
        return describeFatal(this.#view, this.#work.index);
      default:
        return `hart ${this.#work.index}: the core left guest code for an unknown reason ${reason}`;
    }
  }

  /** `core.run`, with the host time that it took added to the hart's statistics. */
  #runTimed(): number {
    const began = this.#nowUs();
    this.#view.setU64("statRunSinceUs", began);
    try {
      return this.#work.core.run(0);
    } finally {
      const spent = this.#nowUs() - began;
      this.#view.setU64("statRunUs", this.#view.u64("statRunUs") + spent);
      this.#view.setU64("statRunSinceUs", 0n);
    }
  }

  /** Hands the exit block to the machine worker and waits for it to come back. */
  #awaitAnswer(): void {
    const { words, exitState } = this.#hart;
    Atomics.store(words, exitState, ExitState.request);
    this.#ring(Doorbell.exit);
    for (let i = 0; i < SPINS; i++) {
      if (Atomics.load(words, exitState) === ExitState.answered) break;
    }
    while (Atomics.load(words, exitState) === ExitState.request) {
      Atomics.wait(words, exitState, ExitState.request);
    }
    Atomics.store(words, exitState, ExitState.idle);
  }

  /** WFI: sleeps until any event or the timer's deadline. */
  #awaitInterrupt(): void {
    const { words, events } = this.#hart;
    this.#hart.setState(HartState.wfi);
    Atomics.wait(words, events, 0, this.#timeToDeadlineMs());
  }

  #timeToDeadlineMs(): number {
    const deadline = this.#view.u64("wfiDeadline");
    if (deadline === NEVER) return Infinity;
    const now = BigInt.asUintN(64, this.#work.core.guestTime());
    if (deadline <= now) return 0;
    return Number(deadline - now) / TICKS_PER_MS;
  }

  #crash(message: string): HartEnd {
    return this.#end({ kind: "crashed", message }, HartState.crashed);
  }

  #end(end: HartEnd, state: number): HartEnd {
    this.#announce(state);
    return end;
  }

  #announce(state: number): void {
    this.#hart.setState(state);
    this.#ring(Doorbell.state);
  }

  #ring(bits: number): void {
    if (this.#control.ring(bits)) this.#work.ring();
  }

  #nowUs(): bigint {
    return BigInt(Math.round(this.#work.nowMs() * 1000));
  }
}
