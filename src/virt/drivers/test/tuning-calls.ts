/** Parameters of domains: scheduling, networks' rates, performance events. */
import { ensurePath } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { TypedParams } from "../../driver/typed-params.ts";
import { childrenOf, type Draft } from "../../xml/draft.ts";
import { find } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import { bandwidthParams, givenRates, WAYS } from "../objects/params/bandwidth.ts";
import { checkPerfParams, perfParams } from "../objects/params/perf.ts";
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

function interfaceCalls(
  state: TestState,
): Pick<Calls, "domainGetInterfaceParameters" | "domainSetInterfaceParameters"> {
  return {
    domainGetInterfaceParameters: async (ref, device, flags) => {
      const iface = interfaceIn(chosen(state.domains.get(ref), flags), device);
      return bandwidthParams(iface);
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
  for (const way of WAYS) {
    const rates = givenRates(params, way);
    if (rates) ensurePath(iface, "bandwidth", way).attributes = rates;
  }
}

function perfCalls(state: TestState): Pick<Calls, "domainGetPerfEvents" | "domainSetPerfEvents"> {
  return {
    domainGetPerfEvents: async (ref, flags) => {
      const domain = state.domains.get(ref);
      chosen(domain, flags);
      const { perf } = state.extras(domain);
      return perfParams((event) => perf.has(event));
    },
    domainSetPerfEvents: async (ref, params, flags) => {
      checkPerfParams(params, TEST.domain);
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
