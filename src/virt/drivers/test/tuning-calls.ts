/** Parameters of domains: scheduling, networks' rates, performance events. */
import { ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { TypedParam, TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, type Draft } from "../../xml/draft.ts";
import { find } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import { change, chosen } from "./chosen-definition.ts";
import { interfaceIn } from "./stats-calls.ts";
import { TEST, type TestState } from "./state.ts";

type Calls = Pick<
  DomainCalls,
  | "domainGetSchedulerType"
  | "domainGetSchedulerParameters"
  | "domainSetSchedulerParameters"
  | "domainGetSchedulerParametersFlags"
  | "domainSetSchedulerParametersFlags"
  | "domainGetInterfaceParameters"
  | "domainSetInterfaceParameters"
  | "domainGetPerfEvents"
  | "domainSetPerfEvents"
>;

export function tuningCalls(state: TestState): Calls {
  const { domains } = state;
  const getScheduler: Calls["domainGetSchedulerParameters"] = async (ref) => {
    domains.get(ref);
    return [{ field: "weight", type: "uint", value: 50 }];
  };
  const setScheduler: Calls["domainSetSchedulerParameters"] = async (ref, params) => {
    checkParams(params, ["weight"], TEST.domain);
    domains.get(ref);
  };
  return {
    domainGetSchedulerType: async (ref) => {
      domains.get(ref);
      return "fair";
    },
    domainGetSchedulerParameters: getScheduler,
    domainSetSchedulerParameters: setScheduler,
    domainGetSchedulerParametersFlags: getScheduler,
    domainSetSchedulerParametersFlags: setScheduler,
    ...interfaceCalls(state),
    ...perfCalls(state),
  };
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
