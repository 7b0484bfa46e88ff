/** Parameters of domains: scheduling, limits, tuning, performance events. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import { formatCpuset, parseCpuset } from "../../conf/values.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, type Draft, draft, draftText, setText } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { checkFlags, checkParams } from "../objects/flags.ts";
import { change, chosen } from "./chosen-definition.ts";
import { interfaceIn } from "./info-calls.ts";
import { TEST, type TestState } from "./state.ts";

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991n;

type Calls = Pick<
  DomainCalls,
  | "domainGetSchedulerType"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags"
  | "domainGetMemoryParameters"
  | "domainSetMemoryParameters"
  | "domainGetNumaParameters"
  | "domainSetNumaParameters"
  | "domainGetBlkioParameters"
  | "domainSetBlkioParameters"
  | "domainGetBlockIoTune"
  | "domainSetBlockIoTune"
  | "domainGetInterfaceParameters"
  | "domainSetInterfaceParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents"
>;

export function tuningCalls(state: TestState): Calls {
  const { domains } = state;
  return {
    domainGetSchedulerType: async (ref) => {
      domains.get(ref);
      return "fair";
    },
    domainGetSchedulerParametersFlags: async (ref, flags) => {
      checkSchedulerFlags(flags, "testDomainGetSchedulerParametersFlags");
      domains.get(ref);
      return [{ field: "weight", type: "uint", value: 50 }];
    },
    domainSetSchedulerParametersFlags: async (ref, params, flags) => {
      checkSchedulerFlags(flags, "testDomainSetSchedulerParametersFlags");
      checkParams(params, ["weight"], TEST.domain);
      domains.get(ref);
    },
    ...memoryLimits(state),
    ...numaCalls(state),
    ...blkioCalls(state),
    ...ioTuneCalls(state),
    ...interfaceCalls(state),
    ...perfCalls(state),
  };
}

/** The older call, which has no flags, is the one that works; the newer one always gets a flag. */
function checkSchedulerFlags(flags: number, call: string): void {
  const STRING_OKAY = 4;
  if (flags !== 0) checkFlags(flags | STRING_OKAY, 0, call, TEST.domain);
}

const LIMITS = ["hard_limit", "soft_limit", "swap_hard_limit"] as const;

function memoryLimits(
  state: TestState,
): Pick<Calls, "domainGetMemoryParameters" | "domainSetMemoryParameters"> {
  return {
    domainGetMemoryParameters: async (ref, flags) => {
      const definition = chosen(state.domains.get(ref), flags);
      return LIMITS.map((field) => ({
        field,
        type: "ullong",
        value: BigInt(textAt(definition, "memtune", field) ?? UNLIMITED),
      }));
    },
    domainSetMemoryParameters: async (ref, params, flags) => {
      checkParams(params, LIMITS, TEST.domain);
      const domain = state.domains.get(ref);
      const definition = chosen(domain, flags);
      const value = (field: string): bigint =>
        BigInt(
          params.find((each) => each.field === field)?.value ??
            textAt(definition, "memtune", field) ??
            UNLIMITED,
        );
      if (value("hard_limit") > value("swap_hard_limit")) {
        throw vmError(
          "invalidArg",
          "memory hard_limit tunable value must be lower than or equal to swap_hard_limit",
          TEST,
        );
      }
      change(domain, flags, (edited) => {
        for (const { field, value: limit } of params) {
          const element = ensurePath(edited, "memtune", field);
          element.attributes.set("unit", "KiB");
          setText(element, String(limit));
        }
      });
    },
  };
}

/** `virDomainNumatuneMemMode`. */
const NUMA_MODES = ["strict", "preferred", "interleave", "restrictive"];

function numaCalls(
  state: TestState,
): Pick<Calls, "domainGetNumaParameters" | "domainSetNumaParameters"> {
  return {
    domainGetNumaParameters: async (ref, flags) => {
      const memory = find(chosen(state.domains.get(ref), flags), "numatune", "memory");
      const mode = NUMA_MODES.indexOf(memory?.attributes.get("mode") ?? "strict");
      const nodeset = memory?.attributes.get("nodeset") ?? "";
      return [
        { field: "numa_mode", type: "int", value: mode },
        { field: "numa_nodeset", type: "string", value: nodeset },
      ];
    },
    domainSetNumaParameters: async (ref, params, flags) => {
      const domain = state.domains.get(ref);
      const old = find(chosen(domain, flags), "numatune", "memory");
      const mode = params.find(({ field }) => field === "numa_mode")?.value;
      const nodeset = params.find(({ field }) => field === "numa_nodeset")?.value;
      const oldMode = old?.attributes.get("mode") ?? "strict";
      const newMode = mode === undefined ? oldMode : (NUMA_MODES[Number(mode)] ?? oldMode);
      if (domain.isActive && newMode !== oldMode && old) {
        throw vmError("operationInvalid", "can't change numatune mode for running domain", TEST);
      }
      const set = nodeset === undefined ? old?.attributes.get("nodeset") : String(nodeset);
      if (set === undefined || set === "") {
        throw vmError(
          "configUnsupported",
          "nodeset for NUMA memory tuning must be set if 'placement' is 'static'",
          TEST,
        );
      }
      const canonical = formatCpuset(parseCpuset(set));
      change(domain, flags, (edited) => {
        ensurePath(edited, "numatune", "memory").attributes = new Map([
          ["mode", newMode],
          ["nodeset", canonical],
        ]);
      });
    },
  };
}

const BLKIO_DEVICE = [
  "weight",
  "read_iops_sec",
  "write_iops_sec",
  "read_bytes_sec",
  "write_bytes_sec",
];

function blkioCalls(
  state: TestState,
): Pick<Calls, "domainGetBlkioParameters" | "domainSetBlkioParameters"> {
  return {
    domainGetBlkioParameters: async (ref, flags) => {
      const blkio = find(chosen(state.domains.get(ref), flags), "blkiotune");
      const weight = Number((blkio && textAt(blkio, "weight")) ?? 0);
      const devices = blkio ? childElements(blkio, "device") : [];
      return [
        { field: "weight", type: "uint", value: weight },
        ...BLKIO_DEVICE.map((name): TypedParam => ({
          field: `device_${name}`,
          type: "string",
          value: devices
            .flatMap((device) => {
              const value = textAt(device, name);
              return value === undefined ? [] : [`${textAt(device, "path") ?? ""},${value}`];
            })
            .join(","),
        })),
      ];
    },
    domainSetBlkioParameters: async (ref, params, flags) => {
      const devices = params
        .filter(({ field }) => field !== "weight")
        .map(({ field, value }) => deviceValues(field, String(value)));
      change(state.domains.get(ref), flags, (edited) => {
        const blkio = ensurePath(edited, "blkiotune");
        const weight = params.find(({ field }) => field === "weight");
        if (weight) setText(ensurePath(blkio, "weight"), String(weight.value));
        for (const { name, pairs } of devices) setDeviceValues(blkio, name, pairs);
      });
    },
  };
}

interface DeviceValues {
  /** The element below `device`. */
  readonly name: string;
  readonly pairs: readonly (readonly [path: string, value: string])[];
}

/** `/dev/a,100,/dev/b,200`. @throws VmError invalidArg */
function deviceValues(field: string, text: string): DeviceValues {
  const parts = text.split(",");
  if (parts.length % 2 !== 0) {
    throw vmError("invalidArg", `unable to parse blkio device '${field}' '${text}'`, TEST);
  }
  const pairs = parts.flatMap((path, at): (readonly [string, string])[] =>
    at % 2 === 0 ? [[path, parts[at + 1] ?? ""]] : [],
  );
  const wrong = pairs.find(([, value]) => !/^\d+$/.test(value));
  if (wrong) {
    const [path, value] = wrong;
    throw vmError(
      "invalidArg",
      `invalid value '${value}' for parameter '${field}' of device '${path}'`,
      TEST,
    );
  }
  return { name: field.replace("device_", ""), pairs };
}

function setDeviceValues(blkio: Draft, name: string, pairs: DeviceValues["pairs"]): void {
  for (const [path, value] of pairs) {
    let device = childrenOf(blkio, "device").find((each) =>
      childrenOf(each, "path").some((child) => draftText(child) === path),
    );
    if (!device) {
      device = draft("device", {}, draft("path", {}, path));
      blkio.children.push(device);
    }
    setText(ensurePath(device, name), value);
  }
}

const IO_TUNE = [
  "total_bytes_sec",
  "read_bytes_sec",
  "write_bytes_sec",
  "total_iops_sec",
  "read_iops_sec",
  "write_iops_sec",
  "total_bytes_sec_max",
  "read_bytes_sec_max",
  "write_bytes_sec_max",
  "total_iops_sec_max",
  "read_iops_sec_max",
  "write_iops_sec_max",
  "size_iops_sec",
  "group_name",
  "total_bytes_sec_max_length",
  "read_bytes_sec_max_length",
  "write_bytes_sec_max_length",
  "total_iops_sec_max_length",
  "read_iops_sec_max_length",
  "write_iops_sec_max_length",
];

function ioTuneCalls(
  state: TestState,
): Pick<Calls, "domainGetBlockIoTune" | "domainSetBlockIoTune"> {
  const diskIn = (definition: XmlElement, disk: string | null): XmlElement => {
    const devices = find(definition, "devices");
    const found = (devices ? childElements(devices, "disk") : []).find(
      (each) =>
        find(each, "target")?.attributes.get("dev") === disk ||
        find(each, "source")?.attributes.get("file") === disk,
    );
    if (!found) {
      throw vmError("invalidArg", `disk '${disk ?? ""}' was not found in the domain config`, TEST);
    }
    return found;
  };
  return {
    domainGetBlockIoTune: async (ref, disk, flags) => {
      const found = diskIn(chosen(state.domains.get(ref), flags), disk);
      return IO_TUNE.map((field): TypedParam => {
        const text = textAt(found, "iotune", field);
        return field === "group_name"
          ? { field, type: "string", value: text ?? "" }
          : { field, type: "ullong", value: BigInt(text ?? 0) };
      });
    },
    domainSetBlockIoTune: async (ref, disk, params, flags) => {
      const domain = state.domains.get(ref);
      const found = diskIn(chosen(domain, flags), disk);
      checkIoTune(found, params);
      const target = find(found, "target")?.attributes.get("dev");
      change(domain, flags, (edited) => {
        const [devices] = childrenOf(edited, "devices");
        const tuned = (devices ? childrenOf(devices, "disk") : []).find((each) =>
          childrenOf(each, "target").some((child) => child.attributes.get("dev") === target),
        );
        if (!tuned) return;
        for (const { field, value } of params)
          setText(ensurePath(tuned, "iotune", field), String(value));
      });
    },
  };
}

/** Totals and parts exclude each other, and limits are below their bursts. @throws VmError invalidArg */
function checkIoTune(disk: XmlElement, params: TypedParams): void {
  const value = (field: string): bigint =>
    BigInt(
      params.find((each) => each.field === field)?.value ?? textAt(disk, "iotune", field) ?? 0,
    );
  for (const what of ["bytes_sec", "bytes_sec_max", "iops_sec", "iops_sec_max"]) {
    if (
      value(`total_${what}`) > 0n &&
      (value(`read_${what}`) > 0n || value(`write_${what}`) > 0n)
    ) {
      throw vmError(
        "invalidArg",
        `total and read/write of ${what} cannot be set at the same time`,
        TEST,
      );
    }
  }
  for (const field of IO_TUNE.slice(0, 6)) {
    if (value(field) > value(`${field}_max`)) {
      throw vmError("invalidArg", `${field} cannot be set higher than ${field}_max `, TEST);
    }
  }
}

const BANDWIDTH = ["inbound", "outbound"] as const;
const RATES = {
  inbound: ["average", "peak", "burst", "floor"],
  outbound: ["average", "peak", "burst"],
};

function interfaceCalls(
  state: TestState,
): Pick<Calls, "domainGetInterfaceParameters" | "domainSetInterfaceParameters"> {
  return {
    domainGetInterfaceParameters: async (ref, device, flags) => {
      const iface = interfaceIn(chosen(state.domains.get(ref), flags), device);
      return BANDWIDTH.flatMap((way) =>
        RATES[way].map((rate): TypedParam => ({
          field: `${way}.${rate}`,
          type: "uint",
          value: Number(find(iface, "bandwidth", way)?.attributes.get(rate) ?? 0),
        })),
      );
    },
    domainSetInterfaceParameters: async (ref, device, params, flags) => {
      const domain = state.domains.get(ref);
      const mac = find(interfaceIn(chosen(domain, flags), device), "mac")?.attributes.get(
        "address",
      );
      change(domain, flags, (edited) => {
        const [devices] = childrenOf(edited, "devices");
        const iface = (devices ? childrenOf(devices, "interface") : []).find((each) =>
          childrenOf(each, "mac").some((child) => child.attributes.get("address") === mac),
        );
        if (iface) setBandwidth(iface, params);
      });
    },
  };
}

function setBandwidth(iface: Draft, params: TypedParams): void {
  for (const way of BANDWIDTH) {
    const rates = params.filter(({ field }) => field.startsWith(`${way}.`));
    if (rates.length === 0) continue;
    const element = ensurePath(iface, "bandwidth", way);
    element.attributes = new Map(
      rates
        .filter(({ value }) => value !== 0)
        .map(({ field, value }) => [field.slice(way.length + 1), String(value)]),
    );
  }
}

const PERF_EVENTS = [
  "cmt",
  "mbmt",
  "mbml",
  "cpu_cycles",
  "instructions",
  "cache_references",
  "cache_misses",
  "branch_instructions",
  "branch_misses",
  "bus_cycles",
  "stalled_cycles_frontend",
  "stalled_cycles_backend",
  "ref_cpu_cycles",
  "cpu_clock",
  "task_clock",
  "page_faults",
  "context_switches",
  "cpu_migrations",
  "page_faults_min",
  "page_faults_maj",
  "alignment_faults",
  "emulation_faults",
];

function perfCalls(state: TestState): Pick<Calls, "domainGetPerfEvents" | "domainSetPerfEvents"> {
  return {
    domainGetPerfEvents: async (ref, flags) => {
      const domain = state.domains.get(ref);
      chosen(domain, flags);
      const { perf } = state.extras(domain);
      return PERF_EVENTS.map((field) => ({ field, type: "boolean", value: perf.has(field) }));
    },
    domainSetPerfEvents: async (ref, params, flags) => {
      checkParams(params, PERF_EVENTS, TEST.domain);
      const domain = state.domains.get(ref);
      chosen(domain, flags);
      const { perf } = state.extras(domain);
      for (const { field, value } of params) {
        if (value === true) perf.add(field);
        else perf.delete(field);
      }
    },
  };
}
