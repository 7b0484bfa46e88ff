import {
  CONTROL,
  CONTROL_BASE,
  ExitState,
  HART,
  HART_BASE,
  HART_STRIDE,
} from "../protocol/layout.ts";

type HartField = keyof typeof HART.at;

/** One hart's block in shared memory, by the names of the layout table. */
export class HartView {
  readonly #view: DataView;
  readonly #words: Int32Array;

  constructor(buffer: ArrayBufferLike, index: number) {
    const base = HART_BASE + index * HART_STRIDE;
    this.#view = new DataView(buffer, base, HART.sizeBytes);
    this.#words = new Int32Array(buffer, base, HART.sizeBytes / 4);
  }

  u32(field: HartField): number {
    return this.#view.getUint32(HART.at[field], true);
  }

  setU32(field: HartField, value: number): void {
    this.#view.setUint32(HART.at[field], value, true);
  }

  u64(field: HartField, index = 0): bigint {
    return this.#view.getBigUint64(HART.at[field] + 8 * index, true);
  }

  setU64(field: HartField, value: bigint, index = 0): void {
    this.#view.setBigUint64(HART.at[field] + 8 * index, value, true);
  }

  /** General register `n`; x0 is zero. */
  x(n: number): bigint {
    return this.u64("x", n);
  }

  get pc(): bigint {
    return this.u64("pc");
  }

  get exitState(): number {
    return Atomics.load(this.#words, HART.at.exitState / 4);
  }

  /** Hands the answer over to the hart's worker, which may be waiting on the word. */
  answered(): void {
    Atomics.store(this.#words, HART.at.exitState / 4, ExitState.answered);
    Atomics.notify(this.#words, HART.at.exitState / 4);
  }

  /** Sets bits of `Event` and wakes the hart from WFI. */
  post(events: number): void {
    Atomics.or(this.#words, HART.at.events / 4, events);
    Atomics.notify(this.#words, HART.at.events / 4);
  }

  /** Bits of `Event` that the hart has not taken yet. */
  get events(): number {
    return Atomics.load(this.#words, HART.at.events / 4);
  }

  get state(): number {
    return Atomics.load(this.#words, HART.at.state / 4);
  }
}

type ControlField = keyof typeof CONTROL.at;

/** The control block in shared memory. */
export class ControlView {
  readonly #view: DataView;
  readonly #words: Int32Array;

  constructor(buffer: ArrayBufferLike) {
    this.#view = new DataView(buffer, CONTROL_BASE, CONTROL.sizeBytes);
    this.#words = new Int32Array(buffer, CONTROL_BASE, CONTROL.sizeBytes / 4);
  }

  u32(field: ControlField): number {
    return this.#view.getUint32(CONTROL.at[field], true);
  }

  setU32(field: ControlField, value: number): void {
    this.#view.setUint32(CONTROL.at[field], value, true);
  }

  /** Lets guest time jump ahead by `ticks` of TIMEBASE_HZ. No hart may be running. */
  advanceTime(ticks: bigint): void {
    const at = CONTROL.at.timeOffset;
    this.#view.setBigUint64(
      at,
      BigInt.asUintN(64, this.#view.getBigUint64(at, true) + ticks),
      true,
    );
  }

  /** Takes all doorbell bits: the caller does the work they announce. */
  takeDoorbell(): number {
    return Atomics.exchange(this.#words, CONTROL.at.doorbell / 4, 0);
  }
}
