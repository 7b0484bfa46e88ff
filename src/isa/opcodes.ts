/**
 * Numbers of the decoded operations: `op`, the 8 bits that the interpreter's main switch looks at,
 * and `slow`, the number within OP_SLOW. They follow the table's order and mean nothing outside one
 * build of the core.
 */
import { isShort } from "./insn.ts";
import type { LongInsn } from "./insn.ts";
import { FIXED_OPS, SYNTHETIC_OPS } from "./synthetic.ts";
import { INSNS, LONG_INSNS, insnNamed } from "./table.ts";

/** Operations in 8 bits, and slow ones in 12. */
const MAX_OPS = 256;
const MAX_SLOW_OPS = 4096;

/**
 * Whether a row only names some encodings of the row that it lies within, which execute alike. So do
 * hints within instructions that do nothing with rd = x0; PAUSE within FENCE is not one of them.
 */
export function isNameOnly(name: string): boolean {
  const insn = insnNamed(name);
  const parent = insn?.within === undefined ? undefined : insnNamed(insn.within);
  if (insn === undefined || parent === undefined) return false;
  if (isShort(insn) || isShort(parent)) {
    return isShort(insn) && isShort(parent) && insn.expand === parent.expand;
  }
  return isPure(parent) || "slow" in insn.sem;
}

/** Whether the instruction only computes rd from rs1 and rs2 or an immediate. */
export function isPure(insn: LongInsn): boolean {
  return "wasm" in insn.sem || "fn" in insn.sem;
}

/** Integer loads to x0 still access memory; they are slow operations so that hot ones may write. */
function needsSlowNumber(insn: LongInsn): boolean {
  return "slow" in insn.sem || "load" in insn.sem;
}

const EXECUTED: readonly LongInsn[] = LONG_INSNS.filter(({ name }) => !isNameOnly(name));

/** Instructions with an opcode in the main switch, in the order of their numbers. */
export const HOT_INSNS: readonly LongInsn[] = EXECUTED.filter(({ hot }) => hot);

/** Instructions that OP_SLOW executes, in the order of their numbers from 0. */
export const SLOW_INSNS: readonly LongInsn[] = EXECUTED.filter(needsSlowNumber);

function numbered(names: readonly string[], limit: number, what: string): Map<string, number> {
  if (names.length > limit) {
    throw new RangeError(`${names.length} ${what} operations do not fit in ${limit}`);
  }
  return new Map(names.map((name, number) => [name, number]));
}

const hotNames = HOT_INSNS.map(({ name }) => name);

/** `op` by name: fixed ones first, then the hot instructions, then the synthetic ones. */
export const OPS: ReadonlyMap<string, number> = numbered(
  [...FIXED_OPS, ...hotNames, ...SYNTHETIC_OPS],
  MAX_OPS,
  "hot",
);

/** `slow` by instruction name. */
export const SLOW_OPS: ReadonlyMap<string, number> = numbered(
  SLOW_INSNS.map(({ name }) => name),
  MAX_SLOW_OPS,
  "slow",
);

/** Rows that the decoder has to tell apart. */
export const DECODED_INSNS = INSNS.filter(({ name }) => !isNameOnly(name));
