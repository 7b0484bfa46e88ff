/** What this machine does not have, and libvirt's words for machines like it. */
import { vmError } from "../../../protocol/vm-error.ts";
import { diskAt, diskTarget } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { XmlElement } from "../../xml/element.ts";
import { checkFlags, checkParams } from "../objects/flags.ts";
import { agentOf } from "./agent/agent-of.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  | "domainPMSuspendForDuration"
  | "domainPMWakeup"
  | "domainGetLaunchSecurityInfo"
  | "domainSetLaunchSecurityState"
  | "domainInterfaceStats"
  | "domainGetBlockJobInfo"
  | "domainBlockJobAbort"
  | "domainBlockJobSetSpeed"
>;

const BANDWIDTH_BYTES = 1;
/** `virDomainBlockJobAbortFlags`. */
const ABORT = 3;

/** `virNodeSuspendTarget`: memory, disk, hybrid. */
const TARGETS = 3;
const LAUNCH_FIELDS = ["sev-secret-header", "sev-secret", "sev-secret-set-address"];

export function absentCalls(state: QemuState): Calls {
  return {
    ...blockJobs(state),
    domainInterfaceStats: async (ref, device) => {
      const domain = state.domains.get(ref);
      demand("blockStats", domain);
      throw vmError("invalidArg", `'${device}' is not a known interface`, QEMU);
    },
    domainPMSuspendForDuration: async (ref, target, seconds, flags) => {
      checkFlags(flags, 0, "qemuDomainPMSuspendForDuration", QEMU.domain);
      if (seconds !== 0n) {
        throw vmError("argumentUnsupported", "Duration not supported. Use 0 for now", QEMU);
      }
      if (target >= TARGETS) throw vmError("invalidArg", `Unknown suspend target: ${target}`, QEMU);
      agentOf(state, state.domains.get(ref));
      throw vmError("operationUnsupported", "Domain does not have suspend support", QEMU);
    },
    domainPMWakeup: async (ref, flags) => {
      checkFlags(flags, 0, "qemuDomainPMWakeup", QEMU.domain);
      demand("monitorCommand", state.domains.get(ref));
      throw vmError(
        "internalError",
        "unable to execute QEMU command 'system_wakeup': wake-up from suspend is not supported by this machine",
        QEMU,
      );
    },
    domainGetLaunchSecurityInfo: async (ref) => {
      state.domains.get(ref);
      return [];
    },
    domainSetLaunchSecurityState: async (ref, params, flags) => {
      checkFlags(flags, 0, "qemuDomainSetLaunchSecurityState", QEMU.domain);
      checkParams(params, LAUNCH_FIELDS, QEMU.domain);
      state.domains.get(ref);
      throw vmError(
        "operationUnsupported",
        "setting a launch secret is only supported in SEV-enabled domains",
        QEMU,
      );
    },
  };
}

/** Jobs on images of running machines: there are none. */
function blockJobs(
  state: QemuState,
): Pick<Calls, "domainGetBlockJobInfo" | "domainBlockJobAbort" | "domainBlockJobSetSpeed"> {
  const diskOf = (ref: DomainRef, path: string): XmlElement => {
    const domain = state.domains.get(ref);
    demand("blockStats", domain);
    const disk = diskAt(domain.definition, path);
    if (disk) return disk;
    throw vmError("invalidArg", `disk '${path}' not found in domain`, QEMU);
  };
  const refuse = (ref: DomainRef, path: string): never => {
    const words = `disk ${diskTarget(diskOf(ref, path))} does not have an active block job`;
    throw vmError("invalidArg", words, QEMU);
  };
  return {
    domainGetBlockJobInfo: async (ref, path, flags) => {
      checkFlags(flags, BANDWIDTH_BYTES, "qemuDomainGetBlockJobInfo", QEMU.domain);
      diskOf(ref, path);
      return null;
    },
    domainBlockJobAbort: async (ref, path, flags) => {
      checkFlags(flags, ABORT, "qemuDomainBlockJobAbort", QEMU.domain);
      refuse(ref, path);
    },
    domainBlockJobSetSpeed: async (ref, path, _bandwidth, flags) => {
      checkFlags(flags, BANDWIDTH_BYTES, "qemuDomainBlockJobSetSpeed", QEMU.domain);
      refuse(ref, path);
    },
  };
}
