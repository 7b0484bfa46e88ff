/** Where mstatus.FS is dirty for sure: whoever makes it so next need not look. */
import { blockAt } from "./arena";
import { Block, FLAG_FLOAT_DIRTY, NO_BLOCK } from "./block";
import { STATE_DIRTY, STATE_LEGAL } from "./float-state";
import { inOrder, reached, successor, successors } from "./flow";

/** Whether an f register has been written by the end of the block: all writes make FS dirty. */
function dirtyBehind(block: Block): bool {
  return (block.flags & <u8>FLAG_FLOAT_DIRTY) != 0 || block.defs >> 32 != 0;
}

/**
 * Forward: marks the blocks to which every way has written an f register. Nothing in a region, nor in
 * those it calls, takes the state back and goes on.
 *
 * @returns the bits of HART.jitFloat without which the interpreter must execute the entry block: it
 *   is often the only one of a loop, and where it writes an f register, it gets the state dirty
 */
export function spreadFloatDirty(): u32 {
  const entry = blockAt(inOrder(0));
  const writes = entry.defs >> 32 != 0;
  if (writes) entry.flags |= <u8>FLAG_FLOAT_DIRTY;
  for (let i = 1; i < reached; i++) blockAt(inOrder(i)).flags |= <u8>FLAG_FLOAT_DIRTY;
  let changed = true;
  while (changed) {
    changed = false;
    for (let i = 0; i < reached; i++) {
      const block = blockAt(inOrder(i));
      if (dirtyBehind(block)) continue;
      for (let which = 0; which < successors(block); which++) {
        const to = successor(block, which);
        if (to == NO_BLOCK) continue;
        const target = blockAt(to);
        if (!(target.flags & <u8>FLAG_FLOAT_DIRTY)) continue;
        target.flags &= ~(<u8>FLAG_FLOAT_DIRTY);
        changed = true;
      }
    }
  }
  return writes ? STATE_DIRTY : STATE_LEGAL;
}
