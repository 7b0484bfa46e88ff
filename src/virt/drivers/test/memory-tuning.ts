/** Limits of domains' memory, and the host's memory that it is of. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { memoryLimits as limitsOf, settingMemoryLimits } from "../objects/params/memory-limits.ts";
import { numaMode, numaParams, settingNuma, wantedNumaMode } from "../objects/params/numa.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

type LimitCalls = Pick<DomainCalls, "domainGetMemoryParameters" | "domainSetMemoryParameters">;

export function memoryLimits(state: TestState): LimitCalls {
  return {
    domainGetMemoryParameters: async (ref, flags) =>
      limitsOf(chosen(state.domains.get(ref), flags)),
    domainSetMemoryParameters: async (ref, params, flags) => {
      const domain = state.domains.get(ref);
      change(domain, flags, settingMemoryLimits(chosen(domain, flags), params, TEST.domain));
    },
  };
}

type NumaCalls = Pick<DomainCalls, "domainGetNumaParameters" | "domainSetNumaParameters">;

export function numaCalls(state: TestState): NumaCalls {
  return {
    domainGetNumaParameters: async (ref, flags) =>
      numaParams(chosen(state.domains.get(ref), flags)),
    domainSetNumaParameters: async (ref, params, flags) => {
      const domain = state.domains.get(ref);
      const definition = chosen(domain, flags);
      const [old, wanted] = [numaMode(definition), wantedNumaMode(params, TEST.domain)];
      if (domain.isActive && old !== undefined && wanted !== undefined && wanted !== old) {
        throw vmError("operationInvalid", "can't change numatune mode for running domain", TEST);
      }
      change(domain, flags, settingNuma(definition, params, TEST.domain));
    },
  };
}
