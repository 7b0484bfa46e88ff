/** Limits of domains' memory, and the host's memory that it is of. */
import { vmError } from "../../../protocol/vm-error.ts";
import { ensurePath } from "../../conf/domain/view.ts";
import { formatCpuset, parseCpuset } from "../../conf/values.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { setText } from "../../xml/draft.ts";
import { find, textAt } from "../../xml/element.ts";
import { checkParams } from "../objects/flags.ts";
import { change, chosen } from "./chosen-definition.ts";
import { TEST, type TestState } from "./state.ts";

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991n;

const LIMITS = ["hard_limit", "soft_limit", "swap_hard_limit"] as const;

type LimitCalls = Pick<DomainCalls, "domainGetMemoryParameters" | "domainSetMemoryParameters">;

export function memoryLimits(state: TestState): LimitCalls {
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

type NumaCalls = Pick<DomainCalls, "domainGetNumaParameters" | "domainSetNumaParameters">;

export function numaCalls(state: TestState): NumaCalls {
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
      if (mode !== undefined && NUMA_MODES[Number(mode)] === undefined) {
        throw vmError("invalidArg", `unsupported numatune mode: '${mode}'`, TEST);
      }
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
