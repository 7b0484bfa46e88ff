/** What every driver says of a domain alike: its definition, state and kind. */
import { withoutSecrets } from "../../conf/domain/secrets.ts";
import { currentMemoryKib, maxMemoryKib, vcpuCounts } from "../../conf/domain/view.ts";
import type { DomainCalls, DomainInfo } from "../../driver/domain-calls.ts";
import { DomainXMLFlags } from "../../driver/domain-flags.ts";
import type { XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { DomainObject, DomainObjects } from "./domain-objects.ts";

type Calls = Pick<
  DomainCalls,
  | "domainGetXMLDesc"
  | "domainGetState"
  | "domainGetControlInfo"
  | "domainIsActive"
  | "domainIsPersistent"
  | "domainIsUpdated"
  | "domainGetAutostart"
>;

/** The definition that flags ask for: of two, that of the next start with `inactive`. */
export function definitionFor(domain: DomainObject, inactive: boolean): XmlElement {
  return (inactive ? domain.config : domain.live) ?? domain.definition;
}

/** @param cpuTimeNs processor time that the domain has used, in nanoseconds */
export function domainInfo({ state, definition }: DomainObject, cpuTimeNs: bigint): DomainInfo {
  return {
    state,
    maxMemKib: maxMemoryKib(definition),
    memoryKib: currentMemoryKib(definition),
    vcpus: vcpuCounts(definition).current,
    cpuTimeNs,
  };
}

export function commonInfoCalls(domains: DomainObjects): Calls {
  return {
    domainGetXMLDesc: async (ref, flags) => {
      const inactive = (flags & DomainXMLFlags.inactive) !== 0;
      const definition = definitionFor(domains.get(ref), inactive);
      const isSecure = (flags & DomainXMLFlags.secure) !== 0;
      return formatXml(isSecure ? definition : withoutSecrets(definition));
    },
    domainGetState: async (ref) => {
      const { state, reason } = domains.get(ref);
      return { state, reason };
    },
    domainGetControlInfo: async (ref) => {
      domains.active(ref);
      return { state: 0, details: 0, stateTimeMs: 0n };
    },
    domainIsActive: async (ref) => domains.get(ref).isActive,
    domainIsPersistent: async (ref) => domains.get(ref).isPersistent,
    domainIsUpdated: async (ref) => {
      domains.get(ref);
      return false;
    },
    domainGetAutostart: async (ref) => domains.get(ref).autostart,
  };
}
