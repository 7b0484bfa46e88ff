/** All groups of virsh, in the order of `virsh help`. */
import { BLOCK_JOB_RUNS } from "./commands/block-jobs.ts";
import { ATTACH_RUNS } from "./commands/domain-attach.ts";
import { CPU_RUNS } from "./commands/domain-cpus.ts";
import { DEVICE_RUNS } from "./commands/domain-devices.ts";
import { GUEST_RUNS } from "./commands/domain-guest.ts";
import { INPUT_RUNS } from "./commands/domain-input.ts";
import { IOTHREAD_RUNS } from "./commands/domain-iothreads.ts";
import { JOB_RUNS } from "./commands/domain-jobs.ts";
import { LIFECYCLE_RUNS } from "./commands/domain-lifecycle.ts";
import { MIGRATE_RUNS } from "./commands/domain-migrate.ts";
import { MONITOR_COMMAND_RUNS } from "./commands/domain-monitor.ts";
import { SAVE_RUNS } from "./commands/domain-save.ts";
import { TEXT_RUNS } from "./commands/domain-text.ts";
import { TUNING_RUNS } from "./commands/domain-tuning.ts";
import { BACKUP_RUNS, CHECKPOINT_RUNS } from "./commands/checkpoint.ts";
import { EVENT_RUNS } from "./commands/domain-event.ts";
import { FILTER_RUNS } from "./commands/filter.ts";
import { HOST_RUNS } from "./commands/host.ts";
import { INTERFACE_RUNS } from "./commands/interface.ts";
import { MONITOR_RUNS } from "./commands/monitor.ts";
import { NETWORK_RUNS } from "./commands/network.ts";
import { NODEDEV_RUNS } from "./commands/node-device.ts";
import { POOL_RUNS } from "./commands/pool.ts";
import { SECRET_RUNS } from "./commands/secret.ts";
import { SNAPSHOT_RUNS } from "./commands/snapshot.ts";
import { virshRuns } from "./commands/virsh.ts";
import { VOLUME_RUNS } from "./commands/volume.ts";
import { group, type RunnableGroup } from "./shell/run.ts";
import { BACKUP } from "./tables/backup.ts";
import { CHECKPOINT } from "./tables/checkpoint.ts";
import { DOMAIN } from "./tables/domain.ts";
import { EVENTS } from "./tables/events.ts";
import { FILTER } from "./tables/filter.ts";
import { HOST } from "./tables/host.ts";
import { INTERFACE } from "./tables/interface.ts";
import { MONITOR } from "./tables/monitor.ts";
import { NETWORK } from "./tables/network.ts";
import { NODEDEV } from "./tables/nodedev.ts";
import { POOL } from "./tables/pool.ts";
import { SECRET } from "./tables/secret.ts";
import { SNAPSHOT } from "./tables/snapshot.ts";
import { VIRSH } from "./tables/virsh.ts";
import { VOLUME } from "./tables/volume.ts";

export const GROUPS: readonly RunnableGroup[] = [
  group("Domain Management", "domain", DOMAIN, {
    ...LIFECYCLE_RUNS,
    ...ATTACH_RUNS,
    ...BLOCK_JOB_RUNS,
    ...CPU_RUNS,
    ...DEVICE_RUNS,
    ...GUEST_RUNS,
    ...INPUT_RUNS,
    ...IOTHREAD_RUNS,
    ...JOB_RUNS,
    ...MIGRATE_RUNS,
    ...MONITOR_COMMAND_RUNS,
    ...SAVE_RUNS,
    ...TEXT_RUNS,
    ...TUNING_RUNS,
  }),
  group("Domain Monitoring", "monitor", MONITOR, MONITOR_RUNS),
  group("Domain Events", "events", EVENTS, EVENT_RUNS),
  group("Host and Hypervisor", "host", HOST, HOST_RUNS),
  group("Checkpoint", "checkpoint", CHECKPOINT, CHECKPOINT_RUNS),
  group("Interface", "interface", INTERFACE, INTERFACE_RUNS),
  group("Network Filter", "filter", FILTER, FILTER_RUNS),
  group("Networking", "network", NETWORK, NETWORK_RUNS),
  group("Node Device", "nodedev", NODEDEV, NODEDEV_RUNS),
  group("Secret", "secret", SECRET, SECRET_RUNS),
  group("Snapshot", "snapshot", SNAPSHOT, SNAPSHOT_RUNS),
  group("Backup", "backup", BACKUP, BACKUP_RUNS),
  group("Storage Pool", "pool", POOL, POOL_RUNS),
  group("Storage Volume", "volume", VOLUME, VOLUME_RUNS),
  group(
    "Virsh itself",
    "virsh",
    VIRSH,
    virshRuns(() => GROUPS),
  ),
];
