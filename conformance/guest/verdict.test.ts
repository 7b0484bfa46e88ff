import { expect, test } from "vitest";
import { parseGuestOptions } from "./options.ts";
import { checkStress, complaints, numbersIn, timerCounts } from "./verdict.ts";

const GOOD = `stress-ng: info:  [9] skipped: 0
stress-ng: info:  [9] passed: 7: cpu (1) vm (1) atomic (1) fork (1) futex (1) pthread (1) signal (1)
stress-ng: info:  [9] failed: 0
stress-ng: info:  [9] successful run completed in 1 min`;

test("a clean run of stress-ng passes", () => {
  expect(checkStress(GOOD, 7)).toBe("7 passed");
});

test("a failed, unfinished or smaller run does not", () => {
  expect(() => checkStress(`stress-ng: fail:  [8] vm: bit error\n${GOOD}`, 7)).toThrow("bit error");
  expect(() => checkStress(GOOD.replace("failed: 0", "failed: 1"), 7)).toThrow("not finish well");
  expect(() => checkStress("stress-ng: info:  [9] dispatching hogs", 7)).toThrow("not finish well");
  expect(() => checkStress(GOOD, 8)).toThrow("7 stressors passed instead of 8");
});

test("complaints of the kernel are found, and its ordinary lines are none", () => {
  const log = `[    1.0] rcu: RCU event tracing is enabled.
[   20.7] virtio_mmio: module verification failed: signature and/or required key missing
[   27.5] hrtimer: interrupt took 36580800 ns
[   99.0] rcu: INFO: rcu_sched self-detected stall on CPU
[  120.0] watchdog: BUG: soft lockup - CPU#1 stuck for 26s!`;
  expect(complaints(log).map((line) => line.slice(0, 12))).toEqual([
    "[   99.0] rc",
    "[  120.0] wa",
  ]);
});

test("numbers are read from /proc/interrupts and plain lines", () => {
  const text =
    " 10:       5627       4841  RISC-V INTC   5 Edge      riscv-timer\r\n 12:  1  0 ttyS0";
  expect(timerCounts(text)).toEqual([5627, 4841]);
  expect(timerCounts("nothing")).toEqual([]);
  expect(numbersIn("nproc\r\n4\r\nroot@tabvisor:~# ")).toEqual([4]);
});

test("options have defaults and are checked", () => {
  expect(parseGuestOptions([])).toMatchObject({ guest: "tools", engine: "node", vcpus: 4 });
  expect(() => parseGuestOptions(["--vcpus", "17"])).toThrow("1 to 16, not 17");
  expect(() => parseGuestOptions(["--minutes", "x"])).toThrow("--minutes takes");
});
