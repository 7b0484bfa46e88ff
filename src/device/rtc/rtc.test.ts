import { describe, expect, it } from "vitest";
import { ManualClock, RecordingIrq, RecordingTrace } from "../testing/doubles.ts";
import { RTC_REGS as R } from "./regs.ts";
import { Rtc } from "./rtc.ts";

const UTC = 1_735_689_600_123_456_789n;
const SECOND = 1_000_000_000n;

function make() {
  const clock = new ManualClock(UTC);
  const irq = new RecordingIrq();
  const rtc = new Rtc({ clock, irq, trace: new RecordingTrace() });
  const write = (register: { at: number }, value: bigint | number) =>
    rtc.regs.write(register.at, 4, Number(BigInt.asUintN(32, BigInt(value))));
  const read = (register: { at: number }) => rtc.regs.read(register.at, 4);
  const time = () => BigInt(read(R.TIME_LOW)) | (BigInt(read(R.TIME_HIGH)) << 32n);
  const alarm = (at: bigint) => {
    write(R.ALARM_HIGH, at >> 32n);
    write(R.ALARM_LOW, at);
  };
  return { clock, irq, rtc, read, write, time, alarm };
}

describe("goldfish RTC", () => {
  it("tells UTC in nanoseconds", () => {
    const { clock, time } = make();
    expect(time()).toBe(UTC);
    clock.advance(5n);
    expect(time()).toBe(UTC + 5n);
  });

  it("latches the high half when the low one is read", () => {
    const { clock, read } = make();
    const low = read(R.TIME_LOW);
    clock.advance(1n << 33n);
    expect((BigInt(read(R.TIME_HIGH)) << 32n) | BigInt(low)).toBe(UTC);
  });

  it("lets the guest set the time, which survives a reset", () => {
    const { clock, rtc, time, write } = make();
    write(R.TIME_HIGH, 1);
    write(R.TIME_LOW, 2);
    expect(time()).toBe((1n << 32n) | 2n);
    rtc.reset();
    clock.advance(SECOND);
    expect(time()).toBe((1n << 32n) + 2n + SECOND);
  });

  it("interrupts at the alarm until it is cleared", () => {
    const { clock, irq, read, write, alarm } = make();
    write(R.IRQ_ENABLED, 1);
    alarm(UTC + SECOND);
    expect(read(R.ALARM_STATUS)).toBe(1);
    clock.advance(SECOND - 1n);
    expect(irq.level).toBe(false);
    clock.advance(1n);
    expect(irq.level).toBe(true);
    expect(read(R.ALARM_STATUS)).toBe(0);
    write(R.CLEAR_INTERRUPT, 1);
    expect(irq.level).toBe(false);
  });

  it("fires at once for an alarm in the past", () => {
    const { irq, write, alarm } = make();
    write(R.IRQ_ENABLED, 1);
    alarm(UTC - 1n);
    expect(irq.level).toBe(true);
  });

  it("keeps the interrupt pending while it is disabled", () => {
    const { irq, write, alarm } = make();
    alarm(UTC - 1n);
    expect(irq.level).toBe(false);
    write(R.IRQ_ENABLED, 1);
    expect(irq.level).toBe(true);
  });

  it("forgets a cleared alarm", () => {
    const { clock, irq, write, alarm } = make();
    write(R.IRQ_ENABLED, 1);
    alarm(UTC + SECOND);
    write(R.CLEAR_ALARM, 1);
    clock.advance(2n * SECOND);
    expect(irq.level).toBe(false);
    expect(clock.pending).toBe(0);
  });

  it("waits on when the host's clock was set back", () => {
    const { clock, irq, write, alarm } = make();
    write(R.IRQ_ENABLED, 1);
    alarm(UTC + SECOND);
    clock.setUtc(UTC - 10n * SECOND);
    clock.advance(SECOND);
    expect(irq.level).toBe(false);
    clock.advance(10n * SECOND);
    expect(irq.level).toBe(true);
  });

  it("is no later than a minute when UTC goes ahead, as after the host slept", () => {
    const { clock, irq, write, alarm } = make();
    write(R.IRQ_ENABLED, 1);
    alarm(UTC + 3600n * SECOND);
    clock.setUtc(UTC + 7200n * SECOND);
    clock.advance(60n * SECOND);
    expect(irq.level).toBe(true);
  });

  it("reads back its alarm", () => {
    const { read, alarm } = make();
    alarm(0x1234_5678_9abc_def0n);
    expect(read(R.ALARM_LOW)).toBe(0x9abc_def0);
    expect(read(R.ALARM_HIGH)).toBe(0x1234_5678);
  });

  it("goes on from a snapshot", () => {
    const first = make();
    first.write(R.IRQ_ENABLED, 1);
    first.alarm(UTC + SECOND);
    const second = make();
    second.rtc.snapshot.load(1, first.rtc.snapshot.save());
    second.clock.advance(SECOND);
    expect(second.irq.level).toBe(true);
  });

  it("refuses a snapshot of another version or form", () => {
    const { rtc } = make();
    expect(() => rtc.snapshot.load(2, rtc.snapshot.save())).toThrow("section rtc has version 2");
    expect(() => rtc.snapshot.load(1, {})).toThrow("section rtc lacks offsetNs");
    const extra = { ...rtc.snapshot.save(), more: 1 };
    expect(() => rtc.snapshot.load(1, extra)).toThrow("unknown field more");
    const wrong = { ...rtc.snapshot.save(), alarmNs: "soon" };
    expect(() => rtc.snapshot.load(1, wrong)).toThrow("alarmNs is of the wrong type");
  });
});
