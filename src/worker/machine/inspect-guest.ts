/** What a debugger or a dump of memory sees of a guest. */
import type { FrameMemory } from "../../machine/guest-memory.ts";
import type { HartView } from "../../machine/hart-view.ts";
import type { MemoryPlan } from "../../machine/memory-plan.ts";
import { type HartRegisters, TOLD_CSRS } from "../../protocol/hart-registers.ts";
import { PAGE_BYTES } from "../../protocol/layout.ts";
import type { GuestInspection } from "../../protocol/machine-service.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { hex } from "../../util/bytes.ts";

const REGISTERS = 32;
/** Of one copy. */
const MAX_BYTES = 16 * 2 ** 20;

/** Flash is left out: where a device answers, there is no memory to be read. */
export function inspectGuest(
  { slots }: Pick<MemoryPlan, "slots">,
  harts: readonly HartView[],
): GuestInspection {
  const memory = slots
    .filter(({ device }) => device !== true)
    .map(({ base, pages }) => ({ start: base, sizeBytes: pages * PAGE_BYTES }))
    .toSorted((a, b) => a.start - b.start);
  return {
    memory,
    harts: harts.map(registersOf),
  };
}

/** Of a hart that runs they are not of one moment. */
export function registersOf(hart: HartView): HartRegisters {
  const lines = BigInt(hart.u32("lines") | hart.u32("timerLines"));
  const csr = (name: (typeof TOLD_CSRS)[number]): bigint => {
    if (name === "mhartid") return BigInt(hart.u32("hartid"));
    return name === "mip" ? hart.u64(name) | lines : hart.u64(name);
  };
  const numbers = Array.from({ length: REGISTERS }, (_, n) => n);
  return {
    pc: hart.pc,
    x: numbers.map((n) => hart.x(n)),
    f: numbers.map((n) => hart.u64("f", n)),
    privilege: hart.u32("priv"),
    csrs: Object.fromEntries(
      TOLD_CSRS.map((name) => [name, csr(name)]),
    ) as unknown as HartRegisters["csrs"],
  };
}

/** @throws VmError invalidArg where part of it is no memory, or it is too much for one copy */
export function readMemory(memory: FrameMemory, address: number, length: number): Uint8Array {
  const bytes = length > MAX_BYTES ? null : memory.copy(address, length);
  if (bytes) return bytes;
  throw vmError("invalidArg", `${length} bytes at ${hex(address)} cannot be read`);
}
