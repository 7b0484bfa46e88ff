/** What the test driver says of a domain. */
import type { DomainCalls } from "../../driver/domain-calls.ts";
import { commonInfoCalls, domainInfo } from "../objects/domain-info.ts";
import type { TestState } from "./state.ts";
import { messagesOf } from "./taints.ts";

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

export function infoCalls(state: TestState): Calls {
  const { domains } = state;
  return {
    ...commonInfoCalls(domains),
    domainGetInfo: async (ref) => {
      const domain = domains.get(ref);
      return domainInfo(domain, BigInt(Math.floor(state.ports.nowMs())) * 1_000_000n);
    },
    domainGetOSType: async (ref) => {
      domains.get(ref);
      return "linux";
    },
    domainGetHostname: async (ref) => `${domains.active(ref).name}host`,
    domainSetAutostart: async (ref, autostart) => {
      domains.get(ref).autostart = autostart;
    },
    domainGetMessages: async (ref, flags) => {
      const { tainting } = state.extras(domains.get(ref));
      return tainting ? messagesOf(tainting, flags) : [];
    },
    domainGetSecurityLabelList: async (ref) =>
      domains.get(ref).isActive ? [{ label: "libvirt-test", enforcing: true }] : [],
  };
}
