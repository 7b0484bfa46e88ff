/** The checkpoints of a domain. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { DomainCheckpointListFlags as List } from "../../driver/snapshot-flags.ts";
import { type Moment, MomentTree } from "./moment-tree.ts";

export class CheckpointTree extends MomentTree {
  /** @throws VmError noDomainCheckpoint */
  get(name: string): Moment {
    const found = this.find(name);
    if (found) return found;
    throw vmError("noDomainCheckpoint", `no domain checkpoint with matching name '${name}'`, {
      domain: ErrorDomain.domainCheckpoint,
    });
  }

  /** What `virDomainListAllCheckpoints` lists; `below` limits it to a checkpoint's children. */
  listed(flags: number, below: string | null = null): Moment[] {
    return this.list(
      {
        wide: (flags & List.roots) !== 0,
        topological: (flags & List.topological) !== 0,
        matches: (_moment, isLeaf) => (flags & (isLeaf ? List.noLeaves : List.leaves)) === 0,
      },
      below,
    );
  }
}
