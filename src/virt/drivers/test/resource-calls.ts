/** How much memory and how many vCPUs domains have. */
import { vmError } from "../../../protocol/vm-error.ts";
import {
  currentMemoryKib,
  devicesOf,
  editDomain,
  ensurePath,
  maxMemoryKib,
  setVcpus,
  vcpuCounts,
} from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { setText } from "../../xml/draft.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { oneScopeOf, scopeOf } from "../objects/flags.ts";
import { definitionFor } from "../objects/domain-info.ts";
import { TEST, type TestState } from "./state.ts";

const MAX_VCPUS = 32;

type MemoryCalls = Pick<
  DomainCalls,
  "domainGetMaxMemory" | "domainSetMaxMemory" | "domainSetMemoryFlags" | "domainMemoryStats"
>;

export function memoryCalls(state: TestState): MemoryCalls {
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

type VcpuCalls = Pick<
  DomainCalls,
  "domainGetMaxVcpus" | "domainGetVcpusFlags" | "domainSetVcpusFlags"
>;

export function vcpuCalls(state: TestState): VcpuCalls {
  const { domains } = state;
  return {
    domainGetMaxVcpus: async (ref) => vcpuCounts(domains.get(ref).definition).max,
    domainGetVcpusFlags: async (ref, flags) => {
      const domain = domains.get(ref);
      const scope = scopeOf(domain, flags & 3, TEST.domain);
      const counts = vcpuCounts(definitionFor(domain, scope.config));
      return (flags & 4) !== 0 ? counts.max : counts.current;
    },
    domainSetVcpusFlags: async (ref, vcpus, flags) => {
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
