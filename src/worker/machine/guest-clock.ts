import type { Clock } from "../../device/ports.ts";
import type { CoreExports } from "../../protocol/core.ts";
import { CONTROL, CONTROL_BASE, TIMEBASE_HZ } from "../../protocol/layout.ts";

const NS_PER_TICK = BigInt(1_000_000_000 / TIMEBASE_HZ);
/** setTimeout's limit is 2^31-1 ms; a later deadline is looked at again after a day. */
const LONGEST_SLEEP_MS = 86_400_000;

interface Alarm {
  readonly atNs: bigint;
  readonly callback: () => void;
}

/** The devices' clock: guest time in nanoseconds, which stands while the machine is paused. */
export class GuestClock implements Clock {
  readonly #core: Pick<CoreExports, "guestTime">;
  readonly #utcNs: () => bigint;
  readonly #offset: BigInt64Array;
  readonly #alarms = new Set<Alarm>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Guest time in ticks when the clock was stopped. */
  #stoppedAt: bigint | undefined;

  constructor(buffer: ArrayBufferLike, core: Pick<CoreExports, "guestTime">, utcNs: () => bigint) {
    this.#core = core;
    this.#utcNs = utcNs;
    this.#offset = new BigInt64Array(buffer, CONTROL_BASE + CONTROL.at.timeOffset, 1);
  }

  monotonicNs(): bigint {
    return (this.#stoppedAt ?? this.#ticks()) * NS_PER_TICK;
  }

  realtimeNs(): bigint {
    return this.#utcNs();
  }

  at(atNs: bigint, callback: () => void): () => void {
    const alarm = { atNs, callback };
    this.#alarms.add(alarm);
    this.#arm();
    return () => {
      this.#alarms.delete(alarm);
      this.#arm();
    };
  }

  /** Guest time stands from now on. Harts must not run. */
  stop(): void {
    this.#stoppedAt ??= this.#ticks();
    this.#arm();
  }

  /** Guest time goes on from where it stood. */
  resume(): void {
    if (this.#stoppedAt === undefined) return;
    Atomics.sub(this.#offset, 0, this.#ticks() - this.#stoppedAt);
    this.#stoppedAt = undefined;
    this.#arm();
  }

  /** Cancels everything: the machine ends. */
  close(): void {
    this.#alarms.clear();
    this.#arm();
  }

  #ticks(): bigint {
    return BigInt.asUintN(64, this.#core.guestTime());
  }

  #arm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#stoppedAt !== undefined || this.#alarms.size === 0) return;
    const now = this.monotonicNs();
    let delayMs = LONGEST_SLEEP_MS;
    for (const { atNs } of this.#alarms) {
      delayMs = Math.min(delayMs, Math.max(0, Math.ceil(Number(atNs - now) / 1e6)));
    }
    this.#timer = setTimeout(() => this.#fire(), delayMs);
  }

  #fire(): void {
    const now = this.monotonicNs();
    for (const alarm of this.#alarms) {
      if (alarm.atNs > now) continue;
      this.#alarms.delete(alarm);
      alarm.callback();
    }
    this.#arm();
  }
}
