/** What the test driver measures of domains: made-up figures, the same as libvirt's. */
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf, diskAt, diskSource, interfaceAt } from "../../conf/domain/view.ts";
import type { DomainCalls, DomainInterface } from "../../driver/domain-calls.ts";
import { DomainStatsTypes } from "../../driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { type DomainObject, isListed } from "../objects/domain-objects.ts";
import { TEST, type TestState } from "./state.ts";

type Calls = Pick<
  DomainCalls,
  | "connectGetAllDomainStats"
  | "domainBlockStats"
  | "domainGetBlockInfo"
  | "domainInterfaceStats"
  | "domainInterfaceAddresses"
  | "domainGetDiskErrors"
  | "domainGetCPUStats"
>;

export function statsCalls(state: TestState): Calls {
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
    domainBlockStats: async (ref, disk) => {
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
      const { cores } = state.node;
      if (startCpu > cores) {
        throw vmError("invalidArg", `start_cpu ${startCpu} larger than maximum of ${cores}`, TEST);
      }
      const count = Math.min(cores - startCpu, ncpus);
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
  if ((stats & DomainStatsTypes.iothread) !== 0 && domain.isActive && iothreads.size > 0) {
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
