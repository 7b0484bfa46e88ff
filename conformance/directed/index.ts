/** The project's own directed tests. */
import { AIA_TESTS } from "./aia.ts";
import { ATOMICS } from "./atomics.ts";
import { LOOPS } from "./loops.ts";
import { PAGING } from "./paging.ts";
import { PMP } from "./pmp.ts";
import { REGISTERS } from "./registers.ts";
import type { DirectedTest } from "./script.ts";
import { SYSTEM } from "./system.ts";
import { TRAPS } from "./traps.ts";

export const DIRECTED: readonly DirectedTest[] = [
  ...TRAPS,
  ...PAGING,
  ...PMP,
  ...REGISTERS,
  ...SYSTEM,
  ...ATOMICS,
  ...LOOPS,
  ...AIA_TESTS,
];
