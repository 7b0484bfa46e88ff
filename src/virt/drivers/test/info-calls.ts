/** What the test driver says of a domain. */
import { withoutSecrets } from "../../conf/domain/secrets.ts";
import { currentMemoryKib, maxMemoryKib, vcpuCounts } from "../../conf/domain/view.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { DomainXMLFlags } from "../../driver/domain-flags.ts";
import type { XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { TestState } from "./state.ts";

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
    domainGetHostname: async (ref) => `${domains.active(ref).name}host`,
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
  };
}
