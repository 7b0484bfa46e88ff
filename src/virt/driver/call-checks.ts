/** What libvirt's API itself refuses, before any driver sees it. */
import { type vmError, wordedVmError } from "../../protocol/vm-error.ts";
import type { Calls } from "./driver.ts";

type Flag = readonly [name: string, bit: number];

const LIVE: Flag = ["VIR_DOMAIN_AFFECT_LIVE", 1];
const CONFIG: Flag = ["VIR_DOMAIN_AFFECT_CONFIG", 2];
const SAVE_RUNNING: Flag = ["VIR_DOMAIN_SAVE_RUNNING", 2];
const SAVE_PAUSED: Flag = ["VIR_DOMAIN_SAVE_PAUSED", 4];
const DUMP_CRASH: Flag = ["VIR_DUMP_CRASH", 1];
const DUMP_LIVE: Flag = ["VIR_DUMP_LIVE", 2];
const DUMP_RESET: Flag = ["VIR_DUMP_RESET", 8];
const VCPU_MAXIMUM: Flag = ["VIR_DOMAIN_VCPU_MAXIMUM", 4];
const VCPU_GUEST: Flag = ["VIR_DOMAIN_VCPU_GUEST", 8];
const JOB_COMPLETED: Flag = ["VIR_DOMAIN_JOB_STATS_COMPLETED", 1];
const JOB_KEEP_COMPLETED: Flag = ["VIR_DOMAIN_JOB_STATS_KEEP_COMPLETED", 2];
const KEYS_APPEND: Flag = ["VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_APPEND", 1];
const KEYS_REMOVE: Flag = ["VIR_DOMAIN_AUTHORIZED_SSH_KEYS_SET_REMOVE", 2];
const RATE_BITMAP: Flag = ["VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_BITMAP", 1];
const RATE_RING: Flag = ["VIR_DOMAIN_DIRTYRATE_MODE_DIRTY_RING", 2];
const SNAPSHOT_REDEFINE: Flag = ["VIR_DOMAIN_SNAPSHOT_CREATE_REDEFINE", 1];
const SNAPSHOT_CURRENT: Flag = ["VIR_DOMAIN_SNAPSHOT_CREATE_CURRENT", 2];
const SNAPSHOT_NO_METADATA: Flag = ["VIR_DOMAIN_SNAPSHOT_CREATE_NO_METADATA", 4];
const SNAPSHOT_HALT: Flag = ["VIR_DOMAIN_SNAPSHOT_CREATE_HALT", 8];
const SNAPSHOT_CHILDREN: Flag = ["VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN", 1];
const SNAPSHOT_CHILDREN_ONLY: Flag = ["VIR_DOMAIN_SNAPSHOT_DELETE_CHILDREN_ONLY", 4];
const REVERT_RUNNING: Flag = ["VIR_DOMAIN_SNAPSHOT_REVERT_RUNNING", 1];
const REVERT_PAUSED: Flag = ["VIR_DOMAIN_SNAPSHOT_REVERT_PAUSED", 2];
const CHECKPOINT_REDEFINE: Flag = ["VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE", 1];
const CHECKPOINT_QUIESCE: Flag = ["VIR_DOMAIN_CHECKPOINT_CREATE_QUIESCE", 2];
const CHECKPOINT_VALIDATE: Flag = ["VIR_DOMAIN_CHECKPOINT_CREATE_REDEFINE_VALIDATE", 4];
const CHECKPOINT_CHILDREN: Flag = ["VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN", 1];
const CHECKPOINT_CHILDREN_ONLY: Flag = ["VIR_DOMAIN_CHECKPOINT_DELETE_CHILDREN_ONLY", 4];

/** Two flags that exclude each other, or of which the first is nothing without the second. */
type FlagRule = readonly [Flag, "excludes" | "needs", Flag];

const ONE_DEFINITION: readonly FlagRule[] = [[LIVE, "excludes", CONFIG]];
const ONE_STATE: readonly FlagRule[] = [[SAVE_RUNNING, "excludes", SAVE_PAUSED]];

/** The flags are a call's last argument. */
const FLAG_RULES: Partial<Record<keyof Calls, readonly FlagRule[]>> = {
  domainGetMemoryParameters: ONE_DEFINITION,
  domainGetBlkioParameters: ONE_DEFINITION,
  domainGetVcpusFlags: ONE_DEFINITION,
  domainGetVcpuPinInfo: ONE_DEFINITION,
  domainGetEmulatorPinInfo: ONE_DEFINITION,
  domainGetIOThreadInfo: ONE_DEFINITION,
  domainGetMetadata: ONE_DEFINITION,
  domainGetBlockIoTune: ONE_DEFINITION,
  domainGetSchedulerParametersFlags: ONE_DEFINITION,
  domainSetVcpusFlags: [
    [VCPU_MAXIMUM, "needs", CONFIG],
    [VCPU_GUEST, "excludes", CONFIG],
  ],
  domainSaveFlags: ONE_STATE,
  domainRestoreFlags: ONE_STATE,
  domainSaveImageDefineXML: ONE_STATE,
  domainManagedSave: ONE_STATE,
  domainManagedSaveDefineXML: ONE_STATE,
  domainCoreDumpWithFormat: [
    [DUMP_CRASH, "excludes", DUMP_LIVE],
    [DUMP_CRASH, "excludes", DUMP_RESET],
    [DUMP_LIVE, "excludes", DUMP_RESET],
  ],
  domainGetJobStats: [[JOB_KEEP_COMPLETED, "needs", JOB_COMPLETED]],
  domainAuthorizedSSHKeysSet: [[KEYS_APPEND, "excludes", KEYS_REMOVE]],
  domainStartDirtyRateCalc: [[RATE_BITMAP, "excludes", RATE_RING]],
  domainSnapshotCreateXML: [
    [SNAPSHOT_CURRENT, "needs", SNAPSHOT_REDEFINE],
    [SNAPSHOT_REDEFINE, "excludes", SNAPSHOT_NO_METADATA],
    [SNAPSHOT_REDEFINE, "excludes", SNAPSHOT_HALT],
  ],
  domainSnapshotDelete: [[SNAPSHOT_CHILDREN, "excludes", SNAPSHOT_CHILDREN_ONLY]],
  domainRevertToSnapshot: [[REVERT_RUNNING, "excludes", REVERT_PAUSED]],
  domainCheckpointCreateXML: [
    [CHECKPOINT_REDEFINE, "excludes", CHECKPOINT_QUIESCE],
    [CHECKPOINT_VALIDATE, "needs", CHECKPOINT_REDEFINE],
  ],
  domainCheckpointDelete: [[CHECKPOINT_CHILDREN, "excludes", CHECKPOINT_CHILDREN_ONLY]],
};

/** Arguments that must not be 0: their place, and libvirt's names of argument and call. */
const NOT_ZERO: Partial<Record<keyof Calls, readonly [number, string, string]>> = {
  domainSetMaxMemory: [1, "memory", "virDomainSetMaxMemory"],
  domainSetMemoryFlags: [1, "memory", "virDomainSetMemoryFlags"],
  domainSendProcessSignal: [1, "pid_value", "virDomainSendProcessSignal"],
};

/** @throws VmError invalidArg where libvirt's API refuses the arguments */
export function checkArguments(call: keyof Calls, args: readonly unknown[]): void {
  const flags = Number(args.at(-1));
  for (const [[name, bit], relation, [otherName, otherBit]] of FLAG_RULES[call] ?? []) {
    if ((flags & bit) === 0) continue;
    const hasOther = (flags & otherBit) !== 0;
    if (relation === "excludes" && hasOther) throw exclusiveFlags(name, otherName);
    if (relation === "needs" && !hasOther) {
      throw wordedVmError("invalidArg", `Flag '${otherName}' is required by flag '${name}'`);
    }
  }
  const zero = NOT_ZERO[call];
  if (zero && Number(args[zero[0]]) === 0) {
    throw wordedVmError("invalidArg", `${zero[1]} in ${zero[2]} must not be zero`);
  }
}

/** The error for two flags that exclude each other. */
export function exclusiveFlags(
  name: string,
  other: string,
  options: Parameters<typeof vmError>[2] = {},
): Error {
  const words = `Flags '${name}' and '${other}' are mutually exclusive`;
  return wordedVmError("invalidArg", words, options);
}
