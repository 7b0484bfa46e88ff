/** What this machine does not have, and libvirt's words for machines like it. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
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
>;

/** `virNodeSuspendTarget`: memory, disk, hybrid. */
const TARGETS = 3;
const LAUNCH_FIELDS = ["sev-secret-header", "sev-secret", "sev-secret-set-address"];

export function absentCalls(state: QemuState): Calls {
  return {
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
