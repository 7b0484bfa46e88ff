/** The keys that others press on the machine's keyboards, as QEMU's input layer hands them out. */
import type { Clock } from "../device/ports.ts";
import { EventType, type InputEvent } from "../device/virtio/input/regs.ts";
import type { KeyCommand, KeyEvent } from "../protocol/machine-service.ts";
import { KEY_CODES } from "../util/qemu-keys.ts";

/** Between two events of a press. */
const HOLD_MS = 10;
/** Longest hold: 32 bits of milliseconds, as QEMU has. */
const MOST_HOLD_MS = 0xffff_ffff;
/** Events that wait for their time; presses that would make them more are lost as a whole. */
const MOST_WAITING = 1024;

/** A keyboard as far as keys go into it. */
interface Keyboard {
  report(events: readonly InputEvent[]): boolean;
}

interface WaitingEvent {
  readonly event: KeyEvent;
  /** How long nothing follows it. */
  readonly holdMs: number;
}

export class KeyInput {
  readonly #clock: Clock;
  /** Those that drivers listen to; the last one gets the keys. */
  #listening: Keyboard[] = [];
  #waiting: WaitingEvent[] = [];
  /** The event that was handed out last is still held: what ends that. */
  #cancelHold: (() => void) | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** A driver has begun to listen to a keyboard, or has ceased to. */
  listens(keyboard: Keyboard, isListening: boolean): void {
    this.#listening = this.#listening.filter((each) => each !== keyboard);
    if (isListening) this.#listening.push(keyboard);
  }

  send(command: KeyCommand): void {
    if (command.kind === "press") this.#press(command.codes, command.holdMs || HOLD_MS);
    else this.#report(command.events);
  }

  /** Forgets what waits: it was meant for the guest that was. */
  reset(): void {
    this.#cancelHold?.();
    this.#cancelHold = null;
    this.#waiting = [];
  }

  #press(codes: readonly number[], wantedMs: number): void {
    const holdMs = Math.min(wantedMs, MOST_HOLD_MS);
    const row = (isDown: boolean) => (code: number) => ({ event: { code, isDown }, holdMs });
    const events = [...codes.map(row(true)), ...codes.toReversed().map(row(false))];
    if (this.#waiting.length + events.length > MOST_WAITING) return;
    this.#waiting.push(...events);
    if (!this.#cancelHold) this.#next();
  }

  #next(): void {
    this.#cancelHold = null;
    const next = this.#waiting.shift();
    if (!next) return;
    this.#report([next.event]);
    const until = this.#clock.monotonicNs() + BigInt(Math.ceil(next.holdMs * 1e6));
    this.#cancelHold = this.#clock.at(until, () => this.#next());
  }

  #report(events: readonly KeyEvent[]): void {
    const known = events.filter(({ code }) => KEY_CODES.has(code));
    if (known.length === 0) return;
    const rows = known.map(({ code, isDown }) => ({
      type: EventType.key,
      code,
      value: Number(isDown),
    }));
    this.#listening.at(-1)?.report(rows);
  }
}
