import type { BlockNode } from "./block-node.ts";
import { type Task, wait } from "./task.ts";

/** Tells the node below what is about to happen; only debugging nodes listen. */
export function* announce(node: BlockNode, event: string): Task<void> {
  if (node.debug !== undefined) yield* wait(node.debug(event));
}
