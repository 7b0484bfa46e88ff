/** A new network as its user describes it: what libvirt says of it, and its definition. */
import { formatIpv4, networkRange, parseIp } from "../../../virt/conf/network/ip-address.ts";
import { parseNetwork } from "../../../virt/conf/network/parse.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { errorText } from "../../common/error-text.ts";

export const NETWORK_MODES = ["nat", "route", "open", "isolated"] as const;
export type NetworkMode = (typeof NETWORK_MODES)[number];

export interface NetworkDraft {
  readonly name: string;
  readonly mode: NetworkMode;
  /** The domain of the guests' names; none when empty. */
  readonly domain: string;
  /** Whether the network has IPv4 addresses. */
  readonly ipv4: boolean;
  /** `192.168.100.0/24`. */
  readonly cidr: string;
  /** Whether guests are given addresses. */
  readonly dhcp: boolean;
  readonly start: string;
  readonly end: string;
}

export interface NetworkProblems {
  readonly name?: string;
  readonly cidr?: string;
  readonly range?: string;
}

/** The draft as libvirt takes it. The host has the network's first address. */
export function networkDefinition(draft: NetworkDraft): XmlElement {
  const { mode, domain, ipv4 } = draft;
  return element("network", {}, [
    textElement("name", draft.name.trim()),
    ...(mode === "isolated" ? [] : [element("forward", { mode })]),
    ...(domain.trim() === "" ? [] : [element("domain", { name: domain.trim() })]),
    ...(ipv4 ? [ipElement(draft)] : []),
  ]);
}

function ipElement({ cidr, dhcp, start, end }: NetworkDraft): XmlElement {
  const { address, prefix } = hostOf(cidr);
  const range = { start: start.trim(), end: end.trim() };
  return element(
    "ip",
    { address, prefix },
    dhcp ? [element("dhcp", {}, [element("range", range)])] : [],
  );
}

/** What was typed, as it was, where it is no network: libvirt says what is wrong with it. */
function hostOf(cidr: string): { readonly address: string; readonly prefix: string | undefined } {
  const [text = "", prefix] = cidr.trim().split("/");
  const network = parseIp(text);
  const bits = Number(prefix);
  const isWhole = network?.family === "ipv4" && prefix !== undefined && bits > 0 && bits <= 30;
  if (!isWhole) return { address: text, prefix };
  return { address: formatIpv4(networkRange(network, bits)[0] + 1n), prefix };
}

/** Addresses for guests that suit a network: those behind the first half's start. */
export function usualRange(cidr: string): { readonly start: string; readonly end: string } | null {
  const [text = "", prefix] = cidr.trim().split("/");
  const network = parseIp(text);
  const bits = Number(prefix);
  if (network?.family !== "ipv4" || !(bits >= 16 && bits <= 29)) return null;
  const [first, last] = networkRange(network, bits);
  return { start: formatIpv4((first + last + 1n) / 2n), end: formatIpv4(last - 1n) };
}

/** What libvirt would say of the draft, field by field. */
export function networkProblems(draft: NetworkDraft): NetworkProblems {
  const name = said({ ...SOUND, name: draft.name });
  const { ipv4, cidr, dhcp } = draft;
  const network = ipv4 ? (prefixProblem(cidr) ?? said({ ...SOUND, ipv4, cidr })) : null;
  const range =
    ipv4 && dhcp && network === null ? said({ ...draft, name: SOUND.name, domain: "" }) : null;
  return {
    ...(name !== null && { name }),
    ...(network !== null && { cidr: network }),
    ...(range !== null && { range }),
  };
}

/** libvirt reads the prefix from an attribute of its own. */
function prefixProblem(cidr: string): string | null {
  const prefix = cidr.trim().split("/").slice(1).join("/");
  if (/^\d+$/.test(prefix)) return null;
  const words = `Invalid value for attribute 'prefix' in element 'ip': '${prefix}'.`;
  return `XML error: ${words} Expected integer value.`;
}

const SOUND: NetworkDraft = {
  name: "network",
  mode: "isolated",
  domain: "",
  ipv4: false,
  cidr: "",
  dhcp: false,
  start: "",
  end: "",
};

function said(draft: NetworkDraft): string | null {
  try {
    parseNetwork(formatXml(networkDefinition(draft)), { newUuid: () => NO_UUID });
    return null;
  } catch (error) {
    return errorText(error);
  }
}

const NO_UUID = "00000000-0000-0000-0000-000000000000";
