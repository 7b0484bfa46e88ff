/** What is known of registers and addresses where ways meet: merges and loops (asm/jit/groups.ts). */
import { blockAt } from "./arena";
import { Block, FLAG_LOOP, FLAG_MERGE, NO_BLOCK } from "./block";
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

/**
 * Registers that may change between the end of a join's dominator and any arrival at the join: what
 * the blocks set that lead there without passing the dominator. Order does not tell them, as a loop's
 * body may come behind its way out.
 */
function changedBefore(join: Block): u64 {
  const own: u64 = (<u64>1) << (<u64>join.order);
  const dominator = <i32>blockAt(join.idom).order;
  let leading: u64 = 0;
  let changed: u64 = 0;
  let grows = true;
  while (grows) {
    grows = false;
    for (let i = reached - 1; i >= 0; i--) {
      if (i == dominator || (leading >> <u64>i) & 1) continue;
      const block = blockAt(inOrder(i));
      if (!leadsTo(block, leading | own)) continue;
      if (isCall(block)) return ~0;
      leading |= (<u64>1) << (<u64>i);
      changed |= block.defs;
      grows = true;
    }
  }
  return changed;
}

/** Whether a successor of the block is in the set, whose bits are orders. */
function leadsTo(block: Block, set: u64): bool {
  for (let which = 0; which < successors(block); which++) {
    const to = successor(block, which);
    if (to != NO_BLOCK && (set >> <u64>blockAt(to).order) & 1) return true;
  }
  return false;
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
