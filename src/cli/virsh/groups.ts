/** All groups of virsh, in the order of `virsh help`. */
import { NETWORK_RUNS } from "./commands/network.ts";
import { POOL_RUNS } from "./commands/pool.ts";
import { virshRuns } from "./commands/virsh.ts";
import { VOLUME_RUNS } from "./commands/volume.ts";
import { group, type RunnableGroup } from "./shell/run.ts";
import { NETWORK } from "./tables/network.ts";
import { POOL } from "./tables/pool.ts";
import { VIRSH } from "./tables/virsh.ts";
import { VOLUME } from "./tables/volume.ts";

export const GROUPS: readonly RunnableGroup[] = [
  group("Networking", "network", NETWORK, NETWORK_RUNS),
  group("Storage Pool", "pool", POOL, POOL_RUNS),
  group("Storage Volume", "volume", VOLUME, VOLUME_RUNS),
  group(
    "Virsh itself",
    "virsh",
    VIRSH,
    virshRuns(() => GROUPS),
  ),
];
