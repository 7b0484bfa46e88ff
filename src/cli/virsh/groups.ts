/** All groups of virsh, in the order of `virsh help`. */
import { virshRuns } from "./commands/virsh.ts";
import { group, type RunnableGroup } from "./shell/run.ts";
import { VIRSH } from "./tables/virsh.ts";

export const GROUPS: readonly RunnableGroup[] = [
  group(
    "Virsh itself",
    "virsh",
    VIRSH,
    virshRuns(() => GROUPS),
  ),
];
