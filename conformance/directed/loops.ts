/** Guests that make no progress must still see their timer. */
import { INTERRUPT } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

function trapStorm(t: Script): void {
  // S-mode's trap vector lies where nothing can be fetched, and the fault is delegated to it.
  t.writeCsr("stvec", 0x100_0000n);
  t.writeCsr("medeleg", 1n << 1n);
  t.raw("csrr a0, time", "li a1, 2000", "add a0, a0, a1", "li a1, 0x2004000", "sd a0, 0(a1)");
  t.writeCsr("mie", 0x80n);
  t.traps("a timer interrupt ends traps without end", "S", ["li a0, 0x1000000", "jr a0"], {
    cause: INTERRUPT | 7n,
  });
  t.raw("li a0, -1", "sd a0, 0(a1)");
  t.writeCsr("mie", 0n);
  t.writeCsr("medeleg", 0n);
}

function emptyLoop(t: Script): void {
  t.raw("csrr a0, time", "li a1, 2000", "add a0, a0, a1", "li a1, 0x2004000", "sd a0, 0(a1)");
  t.writeCsr("mie", 0x80n);
  t.traps("a timer interrupt ends a jump to itself", "U", ["1:", "j 1b"], {
    cause: INTERRUPT | 7n,
  });
  t.raw("li a0, -1", "sd a0, 0(a1)");
  t.writeCsr("mie", 0n);
}

export const LOOPS: readonly DirectedTest[] = [
  { name: "traps without end", write: trapStorm, realTime: true },
  { name: "a loop without end", write: emptyLoop },
];
