/** What the output of a guest's programs says, as pure functions of the text. */

/** Lines of the kernel's log that a machine which works right does not cause. */
const COMPLAINTS =
  /\b(rcu.*(stall|starved)|soft lockup|hard lockup|blocked for more than|BUG:|WARNING:|Oops|Call Trace|unable to handle|unhandled signal|segfault|clocksource.*unstable|general protection|Kernel panic)/i;

/** The lines of `dmesg` that complain. */
export function complaints(dmesg: string): string[] {
  return dmesg.split(/\r?\n/).filter((line) => COMPLAINTS.test(line));
}

/** @throws Error unless stress-ng says that all stressors passed, and `stressors` of them */
export function checkStress(output: string, stressors: number): string {
  const count = (what: string): number =>
    Number(new RegExp(`\\b${what}: (\\d+)`).exec(output)?.[1] ?? NaN);
  const bad = output.split(/\r?\n/).filter((line) => /stress-ng: (fail|error|warn)/.test(line));
  if (bad.length > 0) throw new Error(bad.join("; "));
  if (count("failed") !== 0 || !(count("passed") > 0)) {
    throw new Error(`stress-ng did not finish well: ${output.slice(-1000)}`);
  }
  if (count("passed") !== stressors) {
    throw new Error(`${count("passed")} stressors passed instead of ${stressors}`);
  }
  return `${count("passed")} passed`;
}

/** Timer interrupts of each hart in /proc/interrupts. */
export function timerCounts(interrupts: string): number[] {
  const line = interrupts.split(/\r?\n/).find((row) => row.includes("riscv-timer")) ?? "";
  const [, counts = ""] = /:((?:\s+\d+)+)/.exec(line) ?? [];
  return counts.trim().split(/\s+/).filter(Boolean).map(Number);
}

/** Lines of the output that are nothing but a number. */
export function numbersIn(output: string): number[] {
  return output
    .split(/\r?\n/)
    .filter((line) => /^\d+$/.test(line))
    .map(Number);
}
