/** In-memory doubles of the ports, for tests. */
import type { CharBackend, Clock, IrqLine, PowerControl, PowerRequest, Trace } from "../ports.ts";
import { concatBytes } from "../../util/bytes.ts";

/** A clock that stands until it is told. */
export class ManualClock implements Clock {
  #nowNs = 0n;
  #utcOffsetNs: bigint;
  readonly #alarms = new Set<{ readonly atNs: bigint; readonly callback: () => void }>();

  constructor(utcNs = 0n) {
    this.#utcOffsetNs = utcNs;
  }

  monotonicNs(): bigint {
    return this.#nowNs;
  }

  realtimeNs(): bigint {
    return this.#nowNs + this.#utcOffsetNs;
  }

  at(atNs: bigint, callback: () => void): () => void {
    const alarm = { atNs, callback };
    this.#alarms.add(alarm);
    return () => this.#alarms.delete(alarm);
  }

  /** Lets time pass and calls back what is due. */
  advance(ns: bigint): void {
    this.#nowNs += ns;
    const due = Array.from(this.#alarms).filter(({ atNs }) => atNs <= this.#nowNs);
    due.sort((a, b) => (a.atNs < b.atNs ? -1 : 1));
    for (const alarm of due) if (this.#alarms.delete(alarm)) alarm.callback();
  }

  /** Sets UTC without guest time passing, as a host's clock may be set. */
  setUtc(utcNs: bigint): void {
    this.#utcOffsetNs = utcNs - this.#nowNs;
  }

  get pending(): number {
    return this.#alarms.size;
  }
}

export class RecordingIrq implements IrqLine {
  level = false;

  set(level: boolean): void {
    this.level = level;
  }
}

export class RecordingTrace implements Trace {
  readonly notes: string[] = [];

  guestError(device: string, message: string): void {
    this.notes.push(`${device}: ${message}`);
  }
}

export class RecordingPower implements PowerControl {
  readonly requests: PowerRequest[] = [];

  request(request: PowerRequest): void {
    this.requests.push(request);
  }
}

/** A character backend that a test feeds and reads; `room` limits what it takes. */
export class MemoryChar implements CharBackend {
  room = Infinity;
  readonly #written: Uint8Array[] = [];
  #input = new Uint8Array(0);
  #listener: { onReadable(): void; onWritable(): void } | null = null;

  write(bytes: Uint8Array): number {
    const part = bytes.slice(0, Math.min(bytes.length, this.room));
    this.room -= part.length;
    this.#written.push(part);
    return part.length;
  }

  read(max: number): Uint8Array {
    const part = this.#input.slice(0, max);
    this.#input = this.#input.slice(part.length);
    return part;
  }

  attach(listener: { onReadable(): void; onWritable(): void }): void {
    this.#listener = listener;
  }

  /** Everything written so far. */
  get written(): Uint8Array {
    return concatBytes(this.#written);
  }

  get unread(): number {
    return this.#input.length;
  }

  feed(bytes: Uint8Array): void {
    this.#input = Uint8Array.from([...this.#input, ...bytes]);
    this.#listener?.onReadable();
  }

  makeRoom(room: number): void {
    this.room = room;
    this.#listener?.onWritable();
  }
}
