/** What is known of registers and addresses where ways meet: merges and loops (asm/jit/groups.ts). */
import { blockAt } from "./arena";
import { Block, FLAG_LOOP, FLAG_MERGE } from "./block";
import { inOrder, reached, successor, successors } from "./flow";
import { recallKnown, resetGroups } from "./groups";
import { isCall } from "./liveness";
import { resetWords } from "./words";

/** Forgets what is known of registers at the place being emitted. */
export function forgetKnown(): void {
  resetWords();
  resetGroups();
}

/** Whether control comes to the block from several places. */
export function isJoin(block: Block): bool {
  return (block.flags & <u8>(FLAG_MERGE | FLAG_LOOP)) != 0;
}

/** Registers that may change between the end of a join's dominator and any arrival at the join. */
function changedBefore(join: Block): u64 {
  let last = <i32>join.order;
  if (join.flags & <u8>FLAG_LOOP) {
    for (let i = <i32>join.order; i < reached; i++) {
      const block = blockAt(inOrder(i));
      for (let which = 0; which < successors(block); which++) {
        if (successor(block, which) == inOrder(<i32>join.order)) last = i + 1;
      }
    }
  }
  let changed: u64 = 0;
  for (let i = <i32>blockAt(join.idom).order + 1; i < last; i++) {
    const block = blockAt(inOrder(i));
    if (isCall(block)) return ~0;
    changed |= block.defs;
  }
  return changed;
}

/**
 * What is known where control comes from several places.
 *
 * @param from what was kept at the end of the block's dominator, 0 for nothing
 */
export function enterJoin(block: Block, from: u32): void {
  forgetKnown();
  if (from == 0) return;
  const changed = changedBefore(block);
  if (changed != ~0) recallKnown(from, changed);
}
