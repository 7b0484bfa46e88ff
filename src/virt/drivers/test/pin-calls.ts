/** Which CPUs vCPUs, the emulator and I/O threads run on, and the I/O threads themselves. */
import { vmError } from "../../../protocol/vm-error.ts";
import { vcpuCounts } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import {
  addingIothread,
  checkIothreadId,
  iothreadIds,
  removingIothread,
} from "../objects/params/iothreads.ts";
import { cpuMap, pinOf, settingEmulatorPin, settingPin } from "../objects/params/pins.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

/** CPUs of the pretended host that pinning speaks of. */
const PIN_CPUS = 8;

function affinity(definition: XmlElement, vcpu: number): boolean[] {
  return cpuMap(pinOf(definition, "vcpu", vcpu), PIN_CPUS);
}

type PinCalls = Pick<
  DomainCalls,
  | "domainGetVcpus"
  | "domainGetVcpuPinInfo"
  | "domainPinVcpuFlags"
  | "domainGetEmulatorPinInfo"
  | "domainPinEmulator"
>;

export function pinCalls(state: TestState): PinCalls {
  const { domains } = state;
  return {
    domainGetVcpus: async (ref) => {
      const domain = domains.get(ref);
      if (!domain.isActive) {
        throw vmError("operationInvalid", "cannot list vcpus for an inactive domain", TEST);
      }
      const { nodes, sockets, cores, threads } = state.node;
      const { current } = vcpuCounts(domain.definition);
      const cpuTimeNs = BigInt(Math.floor(state.ports.nowMs() * 100));
      return Array.from({ length: current }, (_, number) => {
        const map = affinity(domain.definition, number);
        const pinned = map.some((allowed) => !allowed);
        return {
          number,
          state: 1,
          cpuTimeNs,
          cpu: pinned ? map.lastIndexOf(true) : nodes * sockets * cores * threads - 1,
          affinity: map,
        };
      });
    },
    domainGetVcpuPinInfo: async (ref, flags) => {
      const definition = chosen(domains.get(ref), flags);
      return Array.from({ length: vcpuCounts(definition).max }, (_, vcpu) =>
        affinity(definition, vcpu),
      );
    },
    domainPinVcpuFlags: async (ref, vcpu, cpumap, flags) => {
      const domain = domains.get(ref);
      if (!domain.isActive) {
        throw vmError("operationInvalid", "cannot pin vcpus on an inactive domain", TEST);
      }
      const definition = chosen(domain, flags);
      if (vcpu >= vcpuCounts(definition).max) {
        throw vmError("invalidArg", `requested vcpu '${vcpu}' is not present in the domain`, TEST);
      }
      change(domain, flags, settingPin("vcpu", vcpu, cpumap));
    },
    domainGetEmulatorPinInfo: async (ref, flags) => {
      const definition = chosen(domains.get(ref), flags);
      return cpuMap(find(definition, "cputune", "emulatorpin")?.attributes.get("cpuset"), PIN_CPUS);
    },
    domainPinEmulator: async (ref, cpumap, flags) => {
      if (!cpumap.includes(true)) throw vmError("invalidArg", "Empty cpu list for pinning", TEST);
      change(domains.get(ref), flags, settingEmulatorPin(cpumap));
    },
  };
}

type IoThreadCalls = Pick<
  DomainCalls,
  | "domainGetIOThreadInfo"
  | "domainAddIOThread"
  | "domainDelIOThread"
  | "domainPinIOThread"
  | "domainSetIOThreadParams"
>;

/** What is set of a new I/O thread. */
export const NEW_IOTHREAD: readonly (readonly [string, number])[] = [
  ["poll_max_ns", 32768],
  ["poll_grow", 0],
  ["poll_shrink", 0],
];

export function iothreadCalls(state: TestState): IoThreadCalls {
  return {
    domainGetIOThreadInfo: async (ref, flags) => {
      const domain = state.domains.get(ref);
      const definition = chosen(domain, flags);
      // libvirt counts vCPUs here, not the CPUs of the host.
      const anyVcpu = Array.from({ length: vcpuCounts(definition).current }, () => true);
      return iothreadIds(definition).map((id) => {
        const cpuset = pinOf(definition, "iothread", id);
        return { id, affinity: cpuset === null ? anyVcpu : cpuMap(cpuset, PIN_CPUS) };
      });
    },
    domainAddIOThread: async (ref, id, flags) => {
      checkIothreadId(id, TEST.domain);
      const domain = state.domains.get(ref);
      const add = addingIothread(chosen(domain, flags), id, TEST.domain);
      state.extras(domain).iothreads.set(id, new Map(NEW_IOTHREAD));
      change(domain, flags, add);
    },
    domainDelIOThread: async (ref, id, flags) => {
      checkIothreadId(id, TEST.domain);
      const domain = state.domains.get(ref);
      const remove = removingIothread(chosen(domain, flags), id, TEST.domain);
      state.extras(domain).iothreads.delete(id);
      change(domain, flags, remove);
    },
    domainPinIOThread: async (ref, id, cpumap, flags) => {
      if (!cpumap.includes(true)) {
        throw vmError("invalidArg", "Empty iothread cpumap list for pinning", TEST);
      }
      const domain = state.domains.get(ref);
      if (!iothreadIds(chosen(domain, flags)).includes(id)) {
        throw vmError("invalidArg", `iothreadid ${id} not found`, TEST);
      }
      change(domain, flags, settingPin("iothread", id, cpumap));
    },
    domainSetIOThreadParams: async (ref, id, params) => {
      checkIothreadId(id, TEST.domain);
      const values = state.extras(state.domains.get(ref)).iothreads.get(id);
      if (!values) {
        throw vmError("invalidArg", `cannot find IOThread '${id}' in iothreadids`, TEST);
      }
      const known = NEW_IOTHREAD.map(([field]) => field);
      checkParams(params, known, TEST.domain);
      for (const { field, value } of params) values.set(field, Number(value));
    },
  };
}
