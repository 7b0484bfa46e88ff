import type { BlockBackend, BlockErrorCode } from "../ports.ts";
import { assert } from "../../util/assert.ts";

/** A disk in memory that a test may make asynchronous, read-only, faulty, longer or shorter. */
export class MemoryDisk implements BlockBackend {
  bytes: Uint8Array;
  readOnly = false;
  writeThrough = false;
  logicalBlockBytes = 512;
  physicalBlockBytes = 512;
  /** Operations end when `release` is called. */
  isSlow = false;
  /** What the next operation fails with. */
  fault: BlockErrorCode | null = null;
  /** Operations that changed the disk or made it stable, in order. */
  readonly log: string[] = [];
  #held: (() => void)[] = [];
  #listener = (): void => {};

  constructor(sizeBytes: number) {
    this.bytes = new Uint8Array(sizeBytes);
  }

  get sizeBytes(): number {
    return this.bytes.length;
  }

  read(offset: number, segments: readonly Uint8Array[]): void | Promise<void> {
    return this.#run(() => {
      let at = offset;
      for (const segment of segments) {
        segment.set(this.bytes.subarray(at, at + segment.length));
        at += segment.length;
      }
      this.#check(offset, at);
    });
  }

  write(offset: number, segments: readonly Uint8Array[]): void | Promise<void> {
    return this.#run(() => {
      let at = offset;
      for (const segment of segments) {
        this.bytes.set(segment, at);
        at += segment.length;
      }
      this.#check(offset, at);
      this.log.push(`write ${offset} ${at - offset}`);
    });
  }

  flush(): void | Promise<void> {
    return this.#run(() => void this.log.push("flush"));
  }

  discard(offset: number, length: number): void | Promise<void> {
    return this.#run(() => {
      this.#check(offset, offset + length);
      this.log.push(`discard ${offset} ${length}`);
    });
  }

  writeZeroes(offset: number, length: number, mayUnmap: boolean): void | Promise<void> {
    return this.#run(() => {
      this.#check(offset, offset + length);
      this.bytes.fill(0, offset, offset + length);
      this.log.push(`zero ${offset} ${length} ${mayUnmap}`);
    });
  }

  onResize(listener: () => void): void {
    this.#listener = listener;
  }

  resize(sizeBytes: number): void {
    const bytes = new Uint8Array(sizeBytes);
    bytes.set(this.bytes.subarray(0, sizeBytes));
    this.bytes = bytes;
    this.#listener();
  }

  get held(): number {
    return this.#held.length;
  }

  /** Lets the n-th held operation end. */
  async release(n = 0): Promise<void> {
    this.#held.splice(n, 1)[0]?.();
    // The device hears of it in a later turn.
    for (let i = 0; i < 4; i++) await Promise.resolve();
  }

  #check(from: number, to: number): void {
    assert(from >= 0 && to <= this.sizeBytes, `the device let ${from} to ${to} through`);
    assert(from % this.logicalBlockBytes === 0, "a misaligned request");
  }

  #run(operation: () => void): void | Promise<void> {
    const { fault } = this;
    this.fault = null;
    const act = (): void => {
      if (fault !== null) throw Object.assign(new Error("injected"), { code: fault });
      operation();
    };
    if (!this.isSlow) return act();
    return new Promise<void>((resolve) => this.#held.push(resolve)).then(act);
  }
}
