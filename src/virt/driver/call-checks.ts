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

const ONE_DEFINITION = [[LIVE, CONFIG]] as const;
const ONE_STATE = [[SAVE_RUNNING, SAVE_PAUSED]] as const;

/** Flags that exclude each other. The flags are a call's last argument. */
const EXCLUSIVE: Partial<Record<keyof Calls, readonly (readonly [Flag, Flag])[]>> = {
  domainGetMemoryParameters: ONE_DEFINITION,
  domainGetBlkioParameters: ONE_DEFINITION,
  domainGetVcpusFlags: ONE_DEFINITION,
  domainGetVcpuPinInfo: ONE_DEFINITION,
  domainGetEmulatorPinInfo: ONE_DEFINITION,
  domainGetIOThreadInfo: ONE_DEFINITION,
  domainGetMetadata: ONE_DEFINITION,
  domainGetBlockIoTune: ONE_DEFINITION,
  domainGetSchedulerParametersFlags: ONE_DEFINITION,
  domainSaveFlags: ONE_STATE,
  domainRestoreFlags: ONE_STATE,
  domainSaveImageDefineXML: ONE_STATE,
  domainManagedSave: ONE_STATE,
  domainManagedSaveDefineXML: ONE_STATE,
  domainCoreDumpWithFormat: [
    [DUMP_CRASH, DUMP_LIVE],
    [DUMP_CRASH, DUMP_RESET],
    [DUMP_LIVE, DUMP_RESET],
  ],
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
  for (const [[name, bit], [otherName, otherBit]] of EXCLUSIVE[call] ?? []) {
    if ((flags & bit) === 0 || (flags & otherBit) === 0) continue;
    throw exclusiveFlags(name, otherName);
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
