/** All groups of virsh, in the order of `virsh help`. */
import { CPU_RUNS } from "./commands/domain-cpus.ts";
import { IOTHREAD_RUNS } from "./commands/domain-iothreads.ts";
import { LIFECYCLE_RUNS } from "./commands/domain-lifecycle.ts";
import { TUNING_RUNS } from "./commands/domain-tuning.ts";
import { MONITOR_RUNS } from "./commands/monitor.ts";
import { NETWORK_RUNS } from "./commands/network.ts";
import { POOL_RUNS } from "./commands/pool.ts";
import { SNAPSHOT_RUNS } from "./commands/snapshot.ts";
import { virshRuns } from "./commands/virsh.ts";
import { VOLUME_RUNS } from "./commands/volume.ts";
import { group, type RunnableGroup } from "./shell/run.ts";
import { DOMAIN } from "./tables/domain.ts";
import { MONITOR } from "./tables/monitor.ts";
import { NETWORK } from "./tables/network.ts";
import { POOL } from "./tables/pool.ts";
import { SNAPSHOT } from "./tables/snapshot.ts";
import { VIRSH } from "./tables/virsh.ts";
import { VOLUME } from "./tables/volume.ts";

export const GROUPS: readonly RunnableGroup[] = [
  group("Domain Management", "domain", DOMAIN, {
    ...LIFECYCLE_RUNS,
    ...CPU_RUNS,
    ...IOTHREAD_RUNS,
    ...TUNING_RUNS,
  }),
  group("Domain Monitoring", "monitor", MONITOR, MONITOR_RUNS),
  group("Networking", "network", NETWORK, NETWORK_RUNS),
  group("Snapshot", "snapshot", SNAPSHOT, SNAPSHOT_RUNS),
  group("Storage Pool", "pool", POOL, POOL_RUNS),
  group("Storage Volume", "volume", VOLUME, VOLUME_RUNS),
  group(
    "Virsh itself",
    "virsh",
    VIRSH,
    virshRuns(() => GROUPS),
  ),
];
