import type { Clock, IrqLine, Trace } from "../ports.ts";
import type { FdtNode } from "../fdt-node.ts";
import { RegisterBank } from "../bus/register-map.ts";
import { recordSection, type DeviceModel, type Placement } from "../device-model.ts";
import { cells64 } from "../fdt-node.ts";
import { RTC_REGS } from "./regs.ts";

const LOW = 0xffff_ffffn;
/** How late an alarm may be when UTC went ahead of guest time: a minute. */
const LONGEST_WAIT_NS = 60_000_000_000n;

export interface RtcPorts {
  readonly clock: Clock;
  readonly irq: IrqLine;
  readonly trace: Trace;
}

/** A type, not an interface: only type aliases are assignable to index signatures. */
type RtcState = {
  readonly offsetNs: bigint;
  readonly latchedHigh: number;
  readonly alarmNs: bigint;
  readonly alarmArmed: boolean;
  readonly irqEnabled: boolean;
  readonly irqPending: boolean;
};

/** The goldfish real-time clock with one alarm. */
export class Rtc implements DeviceModel {
  readonly name = "rtc";
  readonly regs: RegisterBank<typeof RTC_REGS>;
  readonly snapshot;
  readonly #ports: RtcPorts;
  /** What the guest added to the host's UTC by setting the time. */
  #offsetNs = 0n;
  #latchedHigh = 0;
  #alarmNs = 0n;
  #irqEnabled = false;
  #irqPending = false;
  #cancelAlarm: (() => void) | null = null;

  constructor(ports: RtcPorts) {
    this.#ports = ports;
    this.regs = new RegisterBank(this.name, RTC_REGS, this.#handlers(), ports.trace);
    this.snapshot = recordSection(
      "rtc",
      1,
      () => this.#save(),
      (state) => this.#restore(state),
    );
  }

  /** The clock itself has a battery: time that the guest set survives. */
  reset(): void {
    this.#disarm();
    this.#alarmNs = 0n;
    this.#latchedHigh = 0;
    this.#irqEnabled = false;
    this.#irqPending = false;
    this.#updateIrq();
  }

  fdtNode({ base, sizeBytes, interrupts, interruptParent }: Placement): FdtNode {
    return {
      name: `rtc@${base.toString(16)}`,
      properties: {
        compatible: "google,goldfish-rtc",
        reg: [...cells64(base), ...cells64(sizeBytes)],
        "interrupt-parent": [interruptParent],
        interrupts: interrupts ?? [],
      },
    };
  }

  #handlers() {
    return {
      TIME_LOW: {
        read: () => {
          const now = this.#nowNs();
          this.#latchedHigh = Number((now >> 32n) & LOW);
          return Number(now & LOW);
        },
        write: (value: number) => this.#setTime((now) => (now & ~LOW) | BigInt(value)),
      },
      TIME_HIGH: {
        read: () => this.#latchedHigh,
        write: (value: number) => this.#setTime((now) => (now & LOW) | (BigInt(value) << 32n)),
      },
      ALARM_LOW: {
        read: () => Number(this.#alarmNs & LOW),
        write: (value: number) => {
          this.#alarmNs = (this.#alarmNs & ~LOW) | BigInt(value);
          this.#arm();
        },
      },
      ALARM_HIGH: {
        read: () => Number(this.#alarmNs >> 32n),
        write: (value: number) => {
          this.#alarmNs = (this.#alarmNs & LOW) | (BigInt(value) << 32n);
        },
      },
      IRQ_ENABLED: {
        read: () => Number(this.#irqEnabled),
        write: (value: number) => {
          this.#irqEnabled = (value & 1) !== 0;
          this.#updateIrq();
        },
      },
      CLEAR_ALARM: { write: () => this.#disarm() },
      ALARM_STATUS: { read: () => Number(this.#cancelAlarm !== null) },
      CLEAR_INTERRUPT: {
        write: () => {
          this.#irqPending = false;
          this.#updateIrq();
        },
      },
    };
  }

  #nowNs(): bigint {
    return BigInt.asUintN(64, this.#ports.clock.realtimeNs() + this.#offsetNs);
  }

  #setTime(change: (now: bigint) => bigint): void {
    const now = this.#nowNs();
    this.#offsetNs = BigInt.asIntN(64, this.#offsetNs + change(now) - now);
    if (this.#cancelAlarm) this.#arm();
  }

  /** Fires at once for an alarm in the past, as the hardware's comparator does. */
  #arm(): void {
    this.#disarm();
    const wait = this.#alarmNs - this.#nowNs();
    if (wait <= 0n) {
      this.#irqPending = true;
      this.#updateIrq();
      return;
    }
    const { clock } = this.#ports;
    // Guest time and UTC may drift apart (pause, host clock set, host asleep): look again when it is
    // due, and now and then before.
    const next = wait < LONGEST_WAIT_NS ? wait : LONGEST_WAIT_NS;
    this.#cancelAlarm = clock.at(clock.monotonicNs() + next, () => this.#arm());
  }

  #disarm(): void {
    this.#cancelAlarm?.();
    this.#cancelAlarm = null;
  }

  #updateIrq(): void {
    this.#ports.irq.set(this.#irqPending && this.#irqEnabled);
  }

  #save(): RtcState {
    return {
      offsetNs: this.#offsetNs,
      latchedHigh: this.#latchedHigh,
      alarmNs: this.#alarmNs,
      alarmArmed: this.#cancelAlarm !== null,
      irqEnabled: this.#irqEnabled,
      irqPending: this.#irqPending,
    };
  }

  #restore(state: RtcState): void {
    this.#disarm();
    this.#offsetNs = state.offsetNs;
    this.#latchedHigh = state.latchedHigh;
    this.#alarmNs = state.alarmNs;
    this.#irqEnabled = state.irqEnabled;
    this.#irqPending = state.irqPending;
    if (state.alarmArmed) this.#arm();
    this.#updateIrq();
  }
}
