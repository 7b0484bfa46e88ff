/** What the test driver says of a domain: made-up figures, the same as libvirt's. */
import { vmError } from "../../../protocol/vm-error.ts";
import { withoutSecrets } from "../../conf/domain/secrets.ts";
import {
  currentMemoryKib,
  devicesOf,
  diskAt,
  diskSource,
  editDomain,
  ensurePath,
  interfaceAt,
  maxMemoryKib,
  setVcpus,
  vcpuCounts,
} from "../../conf/domain/view.ts";
import type { DomainCalls, DomainInterface } from "../../driver/domain-calls.ts";
import { DomainStatsTypes, DomainXMLFlags } from "../../driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { checkFlags, oneScopeOf, scopeOf } from "../objects/flags.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { setText } from "../../xml/draft.ts";
import { TEST, type TestState } from "./state.ts";

const MAX_VCPUS = 32;

type Calls = Pick<
  DomainCalls,
  | "domainGetXMLDesc"
  | "domainGetInfo"
  | "domainGetState"
  | "domainGetControlInfo"
  | "domainGetOSType"
  | "domainGetHostname"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
  | "domainSetAutostart"
  | "domainGetMessages"
  | "domainGetSecurityLabelList"
  | "domainGetMaxMemory"
  | "domainSetMaxMemory"
  | "domainSetMemoryFlags"
  | "domainMemoryStats"
  | "domainGetMaxVcpus"
  | "domainGetVcpusFlags"
  | "domainSetVcpusFlags"
  | "connectGetAllDomainStats"
  | "domainBlockStatsFlags"
  | "domainGetBlockInfo"
  | "domainInterfaceStats"
  | "domainInterfaceAddresses"
  | "domainGetDiskErrors"
  | "domainGetCPUStats"
>;

/** The definition that flags ask for: of two, that of the next start with `inactive`. */
export function definitionFor(domain: DomainObject, inactive: boolean): XmlElement {
  return (inactive ? domain.config : domain.live) ?? domain.definition;
}

export function infoCalls(state: TestState): Calls {
  const { domains } = state;
  return {
    domainGetXMLDesc: async (ref, flags) => {
      const inactive = (flags & DomainXMLFlags.inactive) !== 0;
      const definition = definitionFor(domains.get(ref), inactive);
      const isSecure = (flags & DomainXMLFlags.secure) !== 0;
      return formatXml(isSecure ? definition : withoutSecrets(definition));
    },
    domainGetInfo: async (ref) => {
      const domain = domains.get(ref);
      const definition = domain.definition;
      return {
        state: domain.state,
        maxMemKib: maxMemoryKib(definition),
        memoryKib: currentMemoryKib(definition),
        vcpus: vcpuCounts(definition).current,
        cpuTimeNs: BigInt(Math.floor(state.ports.nowMs())) * 1_000_000n,
      };
    },
    domainGetState: async (ref) => {
      const { state: number, reason } = domains.get(ref);
      return { state: number, reason };
    },
    domainGetControlInfo: async (ref) => {
      domains.active(ref);
      return { state: 0, details: 0, stateTimeMs: 0n };
    },
    domainGetOSType: async (ref) => {
      domains.get(ref);
      return "linux";
    },
    domainGetHostname: async (ref, flags) => {
      checkFlags(flags, 0, "testDomainGetHostname", TEST.domain);
      return `${domains.active(ref).name}host`;
    },
    domainIsActive: async (ref) => domains.get(ref).isActive,
    domainIsPersistent: async (ref) => domains.get(ref).isPersistent,
    domainIsUpdated: async (ref) => {
      domains.get(ref);
      return false;
    },
    domainGetAutostart: async (ref) => domains.get(ref).autostart,
    domainSetAutostart: async (ref, autostart) => {
      domains.get(ref).autostart = autostart;
    },
    domainGetMessages: async (ref) => {
      domains.get(ref);
      return [];
    },
    domainGetSecurityLabelList: async (ref) =>
      domains.get(ref).isActive ? [{ label: "libvirt-test", enforcing: true }] : [],
    ...memoryCalls(state),
    ...vcpuCalls(state),
    ...statsCalls(state),
  };
}

function memoryCalls(
  state: TestState,
): Pick<
  Calls,
  "domainGetMaxMemory" | "domainSetMaxMemory" | "domainSetMemoryFlags" | "domainMemoryStats"
> {
  const { domains } = state;
  return {
    domainGetMaxMemory: async (ref) => maxMemoryKib(domains.get(ref).definition),
    domainSetMaxMemory: async (ref, memoryKib) => {
      const domain = domains.get(ref);
      if (domain.isActive) {
        throw vmError(
          "operationInvalid",
          "cannot resize the maximum memory on an active domain",
          TEST,
        );
      }
      setMaxMemory(domain, memoryKib);
    },
    domainSetMemoryFlags: async (ref, memoryKib, flags) => {
      const domain = domains.get(ref);
      const MAXIMUM = 4;
      checkFlags(flags, 3 | MAXIMUM, "testDomainSetMemoryFlags", TEST.domain);
      const scope = oneScopeOf(domain, flags & 3, TEST.domain);
      if ((flags & MAXIMUM) !== 0) {
        if (scope.live) {
          throw vmError(
            "operationInvalid",
            "cannot resize the maximum memory on an active domain",
            TEST,
          );
        }
        return setMaxMemory(domain, memoryKib);
      }
      for (const which of ["live", "config"] as const) {
        const definition = domain[which];
        if (!scope[which] || !definition) continue;
        if (memoryKib > maxMemoryKib(definition)) {
          throw vmError("invalidArg", "cannot set memory higher than max memory", TEST);
        }
        domain[which] = editDomain(definition, (draft) =>
          setText(ensurePath(draft, "currentMemory"), memoryKib),
        );
      }
    },
    domainMemoryStats: async (ref) => {
      const domain = domains.active(ref);
      if (devicesOf(domain.definition, "memballoon").length === 0) return [];
      const kib = BigInt(currentMemoryKib(domain.definition));
      const values: [number, bigint][] = [
        [6, kib],
        [0, 0n],
        [1, 0n],
        [2, 0n],
        [3, 0n],
        [4, kib / 2n],
        [5, kib],
        [8, kib / 2n],
        [9, 627319920n],
        [10, kib / 8n],
        [11, 0n],
        [12, 0n],
        [7, kib / 2n],
      ];
      return values.map(([tag, value]) => ({ tag, value }));
    },
  };
}

function setMaxMemory(domain: DomainObject, memoryKib: number): void {
  const { config } = domain;
  if (!config) return;
  domain.config = editDomain(config, (draft) => {
    setText(ensurePath(draft, "memory"), memoryKib);
    const current = currentMemoryKib(config);
    if (current > memoryKib) setText(ensurePath(draft, "currentMemory"), memoryKib);
  });
}

function vcpuCalls(
  state: TestState,
): Pick<Calls, "domainGetMaxVcpus" | "domainGetVcpusFlags" | "domainSetVcpusFlags"> {
  const { domains } = state;
  return {
    domainGetMaxVcpus: async (ref) => vcpuCounts(domains.get(ref).definition).max,
    domainGetVcpusFlags: async (ref, flags) => {
      const domain = domains.get(ref);
      checkFlags(flags, 3 | 4, "testDomainGetVcpusFlags", TEST.domain);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const counts = vcpuCounts(definitionFor(domain, scope.config));
      return (flags & 4) !== 0 ? counts.max : counts.current;
    },
    domainSetVcpusFlags: async (ref, vcpus, flags) => {
      checkFlags(flags, 3 | 4, "testDomainSetVcpusFlags", TEST.domain);
      if (vcpus > MAX_VCPUS) {
        throw vmError(
          "invalidArg",
          `requested cpu amount exceeds maximum supported amount (${vcpus} > ${MAX_VCPUS})`,
          TEST,
        );
      }
      const domain = domains.get(ref);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const maximum = (flags & 4) !== 0;
      for (const which of ["live", "config"] as const) {
        const definition = domain[which];
        if (!scope[which] || !definition) continue;
        const { max } = vcpuCounts(definition);
        if (vcpus > max && !(maximum && which === "config")) {
          throw vmError(
            "invalidArg",
            `requested cpu amount exceeds maximum (${vcpus} > ${max})`,
            TEST,
          );
        }
      }
      for (const which of ["live", "config"] as const) {
        const definition = domain[which];
        if (!scope[which] || !definition) continue;
        const { max, current } = vcpuCounts(definition);
        domain[which] = editDomain(definition, (draft) =>
          maximum && which === "config"
            ? setVcpus(draft, vcpus, Math.min(current, vcpus))
            : setVcpus(draft, max, vcpus),
        );
      }
    },
  };
}

type StatsCalls = Pick<
  Calls,
  | "connectGetAllDomainStats"
  | "domainBlockStatsFlags"
  | "domainGetBlockInfo"
  | "domainInterfaceStats"
  | "domainInterfaceAddresses"
  | "domainGetDiskErrors"
  | "domainGetCPUStats"
>;

function statsCalls(state: TestState): StatsCalls {
  const { domains } = state;
  return {
    connectGetAllDomainStats: async (refs, stats, flags) => {
      const supported = DomainStatsTypes.state | DomainStatsTypes.iothread;
      const ENFORCE = 0x8000_0000;
      const unknown = (stats & ~supported) >>> 0;
      if ((flags & ENFORCE) !== 0 && unknown !== 0) {
        throw vmError(
          "argumentUnsupported",
          `Stats types bits 0x${unknown.toString(16)} are not supported by this daemon`,
          TEST,
        );
      }
      const wanted = stats === 0 ? supported : stats;
      const chosen = refs.length > 0 ? refs.map((ref) => domains.get(ref)) : domains.all();
      return chosen
        .filter((domain) => isListed(domain, flags & 0xff))
        .map((domain) => ({ domain: domain.ref, params: domainStats(state, domain, wanted) }));
    },
    domainBlockStatsFlags: async (ref, disk) => {
      if (disk === "") {
        throw vmError("operationUnsupported", "summary statistics are not supported yet", TEST);
      }
      const domain = domains.active(ref);
      if (!diskAt(domain.definition, disk)) {
        throw vmError("invalidArg", `invalid path: ${disk}`, TEST);
      }
      return baseStats(state, [
        ["rd_operations", 10n],
        ["rd_bytes", 20n],
        ["wr_operations", 30n],
        ["wr_bytes", 40n],
        ["errs", 2_000_000n],
      ]);
    },
    domainGetBlockInfo: async (ref, disk) => {
      const found = diskAt(domains.get(ref).definition, disk);
      if (!found) {
        throw vmError("invalidArg", `invalid path ${disk} not assigned to domain`, TEST);
      }
      if (diskSource(found) === undefined) {
        throw vmError(
          "invalidArg",
          `disk '${disk}' does not currently have a source assigned`,
          TEST,
        );
      }
      const whole = 2n ** 40n;
      return { capacity: 1_099_506_450_432n, allocation: whole, physical: whole };
    },
    domainInterfaceStats: async (ref, device) => {
      interfaceIn(domains.active(ref).definition, device);
      return baseStats(state, [
        ["rx_bytes", 10n],
        ["rx_packets", 100n],
        ["rx_errs", 1_000_000n],
        ["rx_drop", 2_000_000n],
        ["tx_bytes", 20n],
        ["tx_packets", 110n],
        ["tx_errs", 3_000_000n],
        ["tx_drop", 4_000_000n],
      ]);
    },
    domainInterfaceAddresses: async (ref, source) => {
      if (source > 2) {
        throw vmError("argumentUnsupported", `Unknown IP address data source ${source}`, TEST);
      }
      const domain = domains.active(ref);
      return devicesOf(domain.definition, "interface").map((iface, at) =>
        addressesOf(domain, iface, at),
      );
    },
    domainGetDiskErrors: async (ref) => {
      const domain = domains.active(ref);
      return devicesOf(domain.definition, "disk").map((disk, at) => ({
        disk: find(disk, "target")?.attributes.get("dev") ?? "",
        // Every other disk is out of space.
        error: (at % 2) + 1,
      }));
    },
    domainGetCPUStats: async (ref, startCpu, ncpus) => {
      domains.active(ref);
      if (startCpu === -1) return [TOTAL_CPU_STATS];
      const CORES = 2;
      if (startCpu > CORES) {
        throw vmError("invalidArg", `start_cpu ${startCpu} larger than maximum of ${CORES}`, TEST);
      }
      const count = Math.min(CORES - startCpu, ncpus);
      return Array.from({ length: count }, (_, at) => cpuStats(startCpu + at));
    },
  };
}

/** @throws VmError invalidArg */
export function interfaceIn(definition: XmlElement, device: string): XmlElement {
  const found = interfaceAt(definition, device);
  if (!found) throw vmError("invalidArg", `'${device}' is not a known interface`, TEST);
  return found;
}

function domainStats(state: TestState, domain: DomainObject, stats: number): TypedParams {
  const params: TypedParam[] = [];
  if ((stats & DomainStatsTypes.state) !== 0) {
    params.push({ field: "state.state", type: "int", value: domain.state });
    params.push({ field: "state.reason", type: "int", value: domain.reason });
  }
  const { iothreads } = state.extras(domain);
  if ((stats & DomainStatsTypes.iothread) !== 0 && iothreads.size > 0) {
    params.push({ field: "iothread.count", type: "uint", value: iothreads.size });
    for (const [id, values] of iothreads) {
      for (const [name, value] of values) {
        const field = `iothread.${id}.${name.replaceAll("_", "-")}`;
        params.push(
          name === "poll_max_ns"
            ? { field, type: "ullong", value: BigInt(value) }
            : { field, type: "uint", value },
        );
      }
    }
  }
  return params;
}

/** Figures of the time divided by numbers, as libvirt's test driver makes them. */
function baseStats(
  state: TestState,
  divisors: readonly (readonly [string, bigint])[],
): TypedParams {
  const base = BigInt(Math.floor(state.ports.nowMs() * 1000));
  return divisors.map(([field, divisor]) => ({ field, type: "llong", value: base / divisor }));
}

function addressesOf(domain: DomainObject, iface: XmlElement, at: number): DomainInterface {
  const network = iface.attributes.get("type") === "network";
  const addr = network ? `192.168.122.${2 + 20 * (domain.id - 1) + at + 1}` : `192.168.0.${1 + at}`;
  return {
    name: find(iface, "target")?.attributes.get("dev") ?? "",
    hwaddr: find(iface, "mac")?.attributes.get("address") ?? null,
    addrs: [{ type: 0, addr, prefix: 24 }],
  };
}

const TOTAL_CPU_STATS: TypedParams = [
  { field: "cpu_time", type: "ullong", value: 48_772_617_035n },
  { field: "user_time", type: "ullong", value: 5_540_000_000n },
  { field: "system_time", type: "ullong", value: 6_460_000_000n },
];

function cpuStats(cpu: number): TypedParams {
  return [
    { field: "cpu_time", type: "ullong", value: 24_386_308_517n + BigInt(cpu) },
    { field: "vcpu_time", type: "ullong", value: 23_151_740_627n + BigInt(cpu) },
  ];
}
