/** What the driver says of a domain, and the switches that are not its machine's. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls, VcpuInfo } from "../../driver/domain-calls.ts";
import { textAt } from "../../xml/element.ts";
import { commonInfoCalls, domainInfo } from "../objects/domain-info.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { runOf } from "./lifecycle-calls.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  | "domainGetXMLDesc"
  | "domainGetInfo"
  | "domainGetState"
  | "domainGetControlInfo"
  | "domainGetOSType"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart"
  | "domainGetMessages"
  | "domainGetSecurityLabelList"
  | "domainGetVcpus"
  | "domainHasManagedSaveImage"
>;

export function infoCalls(state: QemuState): Calls {
  const { domains } = state;
  return {
    ...commonInfoCalls(domains),
    domainGetInfo: async (ref) => {
      const domain = domains.get(ref);
      return domainInfo(domain, await cpuTimeNs(state, domain));
    },
    domainGetOSType: async (ref) => textAt(domains.get(ref).definition, "os", "type") ?? "hvm",
    domainSetAutostart: async (ref, autostart) => {
      const domain = domains.get(ref);
      if (!domain.isPersistent) {
        throw vmError("operationInvalid", "cannot set autostart for transient domain", QEMU);
      }
      await state.domainFiles.setAutostart(domain.name, autostart);
      domain.autostart = autostart;
    },
    domainGetMessages: async (ref) => state.runs.get(domains.get(ref).uuid)?.messages ?? [],
    // Each machine is confined to what belongs to it, but by no label.
    domainGetSecurityLabelList: async (ref) => {
      domains.get(ref);
      return [];
    },
    domainHasManagedSaveImage: async (ref) => domains.get(ref).hasManagedSave,
    ...vcpuInfo(state),
  };
}

function vcpuInfo(state: QemuState): Pick<Calls, "domainGetVcpus"> {
  const { domains } = state;
  const anywhere = (): boolean[] => Array.from({ length: state.ports.host.node.cpus }, () => true);
  return {
    domainGetVcpus: async (ref) => {
      const domain = domains.get(ref);
      demand("vcpuInfo", domain);
      const { vcpus } = await runOf(state, domain).machine.stats();
      return vcpus.map(({ hartMs }, number): VcpuInfo => ({
        number,
        state: 1,
        cpuTimeNs: nanoseconds(hartMs),
        cpu: -1,
        affinity: anywhere(),
      }));
    },
  };
}

/** Host time in guest code of all vCPUs; 0 while inactive. */
async function cpuTimeNs(state: QemuState, { uuid }: DomainObject): Promise<bigint> {
  const stats = await state.runs.get(uuid)?.machine.stats();
  return nanoseconds(stats?.hartMs ?? 0);
}

export function nanoseconds(ms: number): bigint {
  return BigInt(Math.round(ms * 1e6));
}
