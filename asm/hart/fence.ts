/**
 * FENCE on the host (docs/memory-model.md). Wasm's atomic operations are in one order, but what they say
 * of plain accesses around them is the processor's: where a read-modify-write is a barrier for those as
 * well, it is the cheapest one; elsewhere engines emit a barrier for atomic.fence only, which asc 0.28
 * cannot encode and the host therefore brings along.
 */
import { HART_FENCE_WORD } from "../generated/layout";
import { fence } from "./env";

let strong: bool = false;

/** Says whether the host's atomic read-modify-writes are barriers; called once, by the host. */
export function atomicsAreBarriers(yes: u32): void {
  strong = yes != 0;
}

export function hasStrongAtomics(): bool {
  return strong;
}

/** Every access before this is before every access behind it, as other harts see them. */
export function fullFence(hs: usize): void {
  if (strong) atomic.add<u32>(hs + HART_FENCE_WORD, 0);
  else fence();
}

/** Behind an AMO or SC, which may be aqrl: what follows must not come before its store. */
export function afterAtomic(): void {
  if (!strong) fence();
}
