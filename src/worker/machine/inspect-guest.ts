/** What a debugger or a dump of memory sees of a guest. */
import type { FrameMemory } from "../../machine/guest-memory.ts";
import type { HartView } from "../../machine/hart-view.ts";
import type { MemoryPlan } from "../../machine/memory-plan.ts";
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
    harts: harts.map((hart) => ({
      pc: hart.pc,
      x: Array.from({ length: REGISTERS }, (_, n) => hart.x(n)),
    })),
  };
}

/** @throws VmError invalidArg where part of it is no memory, or it is too much for one copy */
export function readMemory(memory: FrameMemory, address: number, length: number): Uint8Array {
  const bytes = length > MAX_BYTES ? null : memory.copy(address, length);
  if (bytes) return bytes;
  throw vmError("invalidArg", `${length} bytes at ${hex(address)} cannot be read`);
}
