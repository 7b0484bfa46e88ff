/** What is to be read from a network's definition. */
import type { ManagedDomain, ManagedNetwork } from "../../../virt/manager/objects.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import { childElements, find, type XmlElement } from "../../../virt/xml/element.ts";
import type { Translate } from "../../i18n/catalogue.ts";

type Network = Pick<ManagedNetwork, "definition">;

const KNOWN = ["nat", "route", "open"] as const;

/** How its frames get out, in words. */
export function forwardText({ definition }: Network, t: Translate): string {
  const forward = find(definition, "forward");
  if (!forward) return t("network.mode.isolated");
  const mode = forward.attributes.get("mode") ?? "nat";
  const dev = forward.attributes.get("dev");
  const known = KNOWN.find((each) => each === mode);
  const text = known ? t(`network.mode.${known}`) : mode;
  return dev === undefined ? text : t("network.modeTo", { mode: text, device: dev });
}

export function bridgeName({ definition }: Network): string {
  return find(definition, "bridge")?.attributes.get("name") ?? "";
}

export function domainOf({ definition }: Network): string {
  return find(definition, "domain")?.attributes.get("name") ?? "";
}

export interface Addresses {
  /** `192.168.122.1/24`. */
  readonly address: string;
  /** `192.168.122.2 – 192.168.122.254`. */
  readonly ranges: readonly string[];
  /** Addresses that are kept for somebody. */
  readonly hosts: readonly string[];
}

/** The host's addresses, and those that guests are given. */
export function addressesOf({ definition }: Network): readonly Addresses[] {
  return childElements(definition, "ip").map((ip) => {
    const dhcp = find(ip, "dhcp");
    return {
      address: `${ip.attributes.get("address") ?? ""}/${prefixOf(ip)}`,
      ranges: (dhcp ? childElements(dhcp, "range") : []).map(
        ({ attributes }) => `${attributes.get("start")} – ${attributes.get("end")}`,
      ),
      hosts: (dhcp ? childElements(dhcp, "host") : []).map(
        ({ attributes }) =>
          `${attributes.get("ip")}: ${attributes.get("name") ?? attributes.get("mac") ?? ""}`,
      ),
    };
  });
}

function prefixOf(ip: XmlElement): string {
  const prefix = ip.attributes.get("prefix");
  const netmask = ip.attributes.get("netmask");
  if (prefix !== undefined || netmask === undefined) return prefix ?? "";
  const bits = netmask.split(".").map((part) => Number(part).toString(2).replaceAll("0", ""));
  return String(bits.join("").length);
}

/** Domains with an interface in the network, in their definition or just now. */
export function networkUsers(
  { name }: Pick<ManagedNetwork, "name">,
  domains: readonly ManagedDomain[],
): readonly ManagedDomain[] {
  const isIn = (domain: XmlElement | null): boolean =>
    domain !== null &&
    devicesOf(domain, "interface").some(
      (each) => find(each, "source")?.attributes.get("network") === name,
    );
  return domains.filter(({ definition, live }) => isIn(definition) || isIn(live));
}
