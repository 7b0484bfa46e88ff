import type { RegisterMap } from "../bus/register-map.ts";

/** The "sifive_test" finisher: one register that ends or restarts the machine. */
export const SYSCON_REGS = {
  finisher: { at: 0x0, access: "rw", widths: [2, 4] },
} as const satisfies RegisterMap;

/** Low half of a write to `finisher`; the high half is the exit code of `fail`. */
export const Finisher = { fail: 0x3333, pass: 0x5555, reset: 0x7777 } as const;
