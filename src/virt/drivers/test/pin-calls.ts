/** Which CPUs vCPUs, the emulator and I/O threads run on, and the I/O threads themselves. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath, vcpuCounts } from "../../conf/domain/view.ts";
import { formatCpuset, parseCpuset } from "../../conf/values.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { childrenOf, type Draft, draft, removeChildren, setText } from "../../xml/draft.ts";
import { childElements, find, type XmlElement } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

/** CPUs of the pretended host that pinning speaks of. */
const PIN_CPUS = 8;

/** The CPUs a vCPU may run on. */
function affinity(definition: XmlElement, vcpu: number): boolean[] {
  const cputune = find(definition, "cputune");
  const pin = (cputune ? childElements(cputune, "vcpupin") : []).find(
    (each) => each.attributes.get("vcpu") === String(vcpu),
  );
  const text = pin?.attributes.get("cpuset") ?? find(definition, "vcpu")?.attributes.get("cpuset");
  return cpuMap(text);
}

function cpuMap(cpuset: string | undefined): boolean[] {
  const set = cpuset === undefined ? null : new Set(parseCpuset(cpuset));
  return Array.from({ length: PIN_CPUS }, (_, cpu) => set === null || set.has(cpu));
}

function cpusetOf(cpumap: readonly boolean[]): string {
  return formatCpuset([...cpumap.keys()].filter((cpu) => cpumap[cpu] === true));
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
      change(domain, flags, (edited) =>
        setPin(ensurePath(edited, "cputune"), "vcpupin", "vcpu", vcpu, cpumap),
      );
    },
    domainGetEmulatorPinInfo: async (ref, flags) => {
      const definition = chosen(domains.get(ref), flags);
      return cpuMap(find(definition, "cputune", "emulatorpin")?.attributes.get("cpuset"));
    },
    domainPinEmulator: async (ref, cpumap, flags) => {
      if (!cpumap.includes(true)) throw vmError("invalidArg", "Empty cpu list for pinning", TEST);
      change(domains.get(ref), flags, (edited) => {
        ensurePath(edited, "cputune", "emulatorpin").attributes.set("cpuset", cpusetOf(cpumap));
      });
    },
  };
}

function setPin(
  cputune: Draft,
  name: string,
  attribute: string,
  number: number,
  cpumap: readonly boolean[],
): void {
  removeChildren(
    cputune,
    (child) => child.name === name && child.attributes.get(attribute) === String(number),
  );
  cputune.children.push(draft(name, { [attribute]: number, cpuset: cpusetOf(cpumap) }));
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

export function iothreadIds(definition: XmlElement): number[] {
  const list = find(definition, "iothreadids");
  return (list ? childElements(list, "iothread") : []).map((each) =>
    Number(each.attributes.get("id")),
  );
}

export function iothreadCalls(state: TestState): IoThreadCalls {
  return {
    domainGetIOThreadInfo: async (ref, flags) => {
      const domain = state.domains.get(ref);
      const definition = chosen(domain, flags);
      const cputune = find(definition, "cputune");
      const all = find(definition, "vcpu")?.attributes.get("cpuset");
      // libvirt counts vCPUs here, not the CPUs of the host.
      const anyVcpu = Array.from({ length: vcpuCounts(definition).current }, () => true);
      return iothreadIds(definition).map((id) => {
        const pin = (cputune ? childElements(cputune, "iothreadpin") : []).find(
          (each) => each.attributes.get("iothread") === String(id),
        );
        const cpuset = pin?.attributes.get("cpuset") ?? all;
        return { id, affinity: cpuset === undefined ? anyVcpu : cpuMap(cpuset) };
      });
    },
    domainAddIOThread: async (ref, id, flags) => {
      if (id === 0) throw vmError("invalidArg", "invalid value of 0 for iothread_id", TEST);
      const domain = state.domains.get(ref);
      if (iothreadIds(chosen(domain, flags)).includes(id)) {
        throw vmError("invalidArg", `an IOThread is already using iothread_id '${id}'`, TEST);
      }
      state.extras(domain).iothreads.set(id, new Map(NEW_IOTHREAD));
      change(domain, flags, (edited) => {
        const list = ensurePath(edited, "iothreadids");
        list.children.push(draft("iothread", { id }));
        setText(ensurePath(edited, "iothreads"), childrenOf(list, "iothread").length);
      });
    },
    domainDelIOThread: async (ref, id, flags) => {
      if (id === 0) throw vmError("invalidArg", "invalid value of 0 for iothread_id", TEST);
      const domain = state.domains.get(ref);
      if (!iothreadIds(chosen(domain, flags)).includes(id)) {
        throw vmError("invalidArg", `cannot find IOThread '${id}' in iothreadids list`, TEST);
      }
      state.extras(domain).iothreads.delete(id);
      change(domain, flags, (edited) => {
        const list = ensurePath(edited, "iothreadids");
        removeChildren(list, (child) => child.attributes.get("id") === String(id));
        const left = childrenOf(list, "iothread").length;
        if (left > 0) return setText(ensurePath(edited, "iothreads"), left);
        removeChildren(edited, "iothreadids");
        removeChildren(edited, "iothreads");
      });
    },
    domainPinIOThread: async (ref, id, cpumap, flags) => {
      if (!cpumap.includes(true)) {
        throw vmError("invalidArg", "Empty iothread cpumap list for pinning", TEST);
      }
      const domain = state.domains.get(ref);
      if (!iothreadIds(chosen(domain, flags)).includes(id)) {
        throw vmError("invalidArg", `iothreadid ${id} not found`, TEST);
      }
      change(domain, flags, (edited) =>
        setPin(ensurePath(edited, "cputune"), "iothreadpin", "iothread", id, cpumap),
      );
    },
    domainSetIOThreadParams: async (ref, id, params) => {
      if (id === 0) throw vmError("invalidArg", "invalid value of 0 for iothread_id", TEST);
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
