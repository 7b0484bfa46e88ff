/** The project's own directed tests. */
import { PAGING } from "./paging.ts";
import { PMP } from "./pmp.ts";
import type { DirectedTest } from "./script.ts";
import { TRAPS } from "./traps.ts";

export const DIRECTED: readonly DirectedTest[] = [...TRAPS, ...PAGING, ...PMP];
