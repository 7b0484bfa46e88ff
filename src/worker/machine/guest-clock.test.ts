import { beforeEach, expect, test, vi } from "vitest";
import { CONTROL, CONTROL_BASE } from "../../protocol/layout.ts";
import { GuestClock } from "./guest-clock.ts";

let ticks: bigint;
let buffer: SharedArrayBuffer;
let clock: GuestClock;

const offset = (): bigint =>
  new DataView(buffer).getBigInt64(CONTROL_BASE + CONTROL.at.timeOffset, true);

beforeEach(() => {
  vi.useFakeTimers();
  ticks = 0n;
  buffer = new SharedArrayBuffer(0x2_0000);
  const core = { guestTime: () => BigInt.asIntN(64, ticks + offset()) };
  clock = new GuestClock(buffer, core, () => 1_700_000_000_000_000_000n);
  return () => vi.useRealTimers();
});

/** Lets host time pass. */
function pass(ms: number): void {
  ticks += BigInt(ms) * 10_000n;
  vi.advanceTimersByTime(ms);
}

test("counts nanoseconds of guest time", () => {
  pass(3);
  expect(clock.monotonicNs()).toBe(3_000_000n);
  expect(clock.realtimeNs()).toBe(1_700_000_000_000_000_000n);
});

test("stands while stopped and goes on from there", () => {
  pass(5);
  clock.stop();
  pass(1000);
  expect(clock.monotonicNs()).toBe(5_000_000n);
  clock.resume();
  expect(clock.monotonicNs()).toBe(5_000_000n);
  pass(2);
  expect(clock.monotonicNs()).toBe(7_000_000n);
});

test("calls back at the time asked for, not before", () => {
  const calls: number[] = [];
  clock.at(10_000_000n, () => calls.push(10));
  clock.at(4_000_000n, () => calls.push(4));
  pass(3);
  expect(calls).toEqual([]);
  pass(2);
  expect(calls).toEqual([4]);
  pass(20);
  expect(calls).toEqual([4, 10]);
});

test("a cancelled alarm and one of a closed clock stay silent", () => {
  const calls: number[] = [];
  clock.at(1_000_000n, () => calls.push(1))();
  clock.at(2_000_000n, () => calls.push(2));
  clock.close();
  pass(50);
  expect(calls).toEqual([]);
});

test("alarms wait while the clock stands", () => {
  const calls: number[] = [];
  clock.at(10_000_000n, () => calls.push(1));
  pass(5);
  clock.stop();
  pass(100);
  expect(calls).toEqual([]);
  clock.resume();
  pass(6);
  expect(calls).toEqual([1]);
});

test("an alarm beyond the host's longest timer is not early", () => {
  const calls: number[] = [];
  clock.at(BigInt(60 * 86_400) * 1_000_000_000n, () => calls.push(1));
  for (let day = 0; day < 59; day++) pass(86_400_000);
  expect(calls).toEqual([]);
  pass(86_400_001);
  expect(calls).toEqual([1]);
});
