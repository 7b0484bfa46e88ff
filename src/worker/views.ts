import { CONTROL, CONTROL_BASE, HART, HART_BASE, HART_STRIDE } from "../protocol/layout.ts";

/** The words of CONTROL on which workers wait, as indices for Atomics. */
export class ControlWords {
  readonly words: Int32Array;
  readonly doorbell = CONTROL.at.doorbell / 4;
  readonly runState = CONTROL.at.runState / 4;

  constructor(buffer: ArrayBufferLike) {
    this.words = new Int32Array(buffer, CONTROL_BASE, CONTROL.sizeBytes / 4);
  }

  /** Sets bits of `Doorbell`. @returns true when they were news: see CoreImports.ring */
  ring(bits: number): boolean {
    const before = Atomics.or(this.words, this.doorbell, bits);
    if ((before & bits) === bits) return false;
    Atomics.notify(this.words, this.doorbell);
    return true;
  }

  setRunState(value: number): void {
    Atomics.store(this.words, this.runState, value);
    Atomics.notify(this.words, this.runState);
  }
}

/** The words of one hart's block on which workers wait, as indices for Atomics. */
export class HartWords {
  readonly words: Int32Array;
  readonly events = HART.at.events / 4;
  readonly state = HART.at.state / 4;
  readonly exitState = HART.at.exitState / 4;

  constructor(buffer: ArrayBufferLike, index: number) {
    const base = HART_BASE + index * HART_STRIDE;
    this.words = new Int32Array(buffer, base, HART.sizeBytes / 4);
  }

  getState(): number {
    return Atomics.load(this.words, this.state);
  }

  setState(state: number): void {
    Atomics.store(this.words, this.state, state);
  }
}
