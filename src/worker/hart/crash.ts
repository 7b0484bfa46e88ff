import { Fatal } from "../../protocol/layout.ts";
import type { HartView } from "../../machine/hart-view.ts";

const hex = (value: bigint): string => `0x${value.toString(16)}`;

/** One sentence for HART.fatal, with the state of the hart that explains it. */
export function describeFatal(hart: HartView, index: number): string {
  const pc = hex(hart.u64("pc"));
  const code = hart.u32("fatal");
  if (code !== Fatal.tripleFault) return `hart ${index}: the core failed at pc ${pc}`;
  const cause = hart.u64("mcause");
  const epc = hex(hart.u64("mepc"));
  const mtvec = hex(hart.u64("mtvec"));
  return (
    `hart ${index}: its M-mode trap handler at ${mtvec} cannot be executed ` +
    `(cause ${cause} at ${epc}, pc ${pc})`
  );
}

/** One sentence for an exception that came out of the core. */
export function describeTrap(hart: HartView, index: number, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `hart ${index}: the core failed at pc ${hex(hart.u64("pc"))}: ${why}`;
}
