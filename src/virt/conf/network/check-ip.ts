/** What libvirt asks of a network's addresses (virNetworkIPDefParseXML, virSocketAddrGetRange). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import type { ErrorName } from "../../../protocol/error-table.ts";
import { childrenOf, type Draft } from "../../xml/draft.ts";
import { type IpAddress, networkPart, networkRange, parseIp } from "./ip-address.ts";

const error = (name: ErrorName, detail: string): Error =>
  vmError(name, detail, { domain: ErrorDomain.network });

/**
 * @param name of the network
 * @throws VmError xmlError, configUnsupported, and internalError for ranges
 */
export function checkIp(ip: Draft, name: string): void {
  const text = ip.attributes.get("address");
  if (text === undefined) {
    throw error("xmlError", `Missing required address attribute in network '${name}'`);
  }
  const address = parseIp(text);
  if (!address) throw error("xmlError", `Invalid address '${text}' in network '${name}'`);
  const netmask = ip.attributes.get("netmask");
  const mask = netmask === undefined ? undefined : parseIp(netmask);
  if (mask === null) throw error("xmlError", `Invalid netmask '${netmask}' in network '${name}'`);
  checkFamily(ip, address, mask, name);
  const prefix = prefixOf(ip, address, mask);
  for (const range of childrenOf(ip, "dhcp").flatMap((dhcp) => childrenOf(dhcp, "range"))) {
    checkRange(range, { address, text, prefix }, name);
  }
}

function checkFamily(
  ip: Draft,
  address: IpAddress,
  mask: IpAddress | undefined,
  name: string,
): void {
  const refuse = (words: string): Error =>
    error("configUnsupported", `${words} in network '${name}'`);
  const family = ip.attributes.get("family");
  const text = ip.attributes.get("address");
  const netmask = ip.attributes.get("netmask");
  const prefix = Number(ip.attributes.get("prefix") ?? 0);
  if (family === "ipv6") {
    if (address.family !== "ipv6") {
      throw refuse(`Family 'ipv6' specified for non-IPv6 address '${text}'`);
    }
    if (mask) throw refuse(`netmask not allowed for IPv6 address '${text}'`);
    if (prefix > 128) throw refuse(`Invalid IPv6 prefix '${prefix}'`);
    return;
  }
  if (family !== undefined && family !== "ipv4") {
    throw error("xmlError", `Unrecognized family '${family}' in network '${name}'`);
  }
  if (address.family !== "ipv4") {
    throw refuse(`${family ?? "no"} family specified for non-IPv4 address '${text}'`);
  }
  if (mask && mask.family !== "ipv4") {
    const words = `Invalid netmask '${netmask}' for address '${text}' in network '${name}' (both must be IPv4)`;
    throw error("configUnsupported", words);
  }
  if (mask && prefix > 0) {
    const words = `Network '${name}' IP address cannot have both a prefix and a netmask`;
    throw error("configUnsupported", words);
  }
  if (prefix > 32) throw refuse(`Invalid IPv4 prefix '${prefix}'`);
}

/** What is said, or what addresses of the class have (virSocketAddrGetIPPrefix). */
function prefixOf(ip: Draft, { family, value }: IpAddress, mask: IpAddress | undefined): number {
  const prefix = Number(ip.attributes.get("prefix") ?? 0);
  if (prefix > 0) return prefix;
  if (mask) return mask.value.toString(2).replaceAll("0", "").length;
  if (family === "ipv6") return 64;
  const octet = Number(value >> 24n);
  if (octet < 0x80) return 8;
  return octet < 0xc0 ? 16 : 24;
}

interface Network {
  readonly address: IpAddress;
  readonly text: string;
  readonly prefix: number;
}

function checkRange(range: Draft, { address, text, prefix }: Network, name: string): void {
  const [start, end] = (["start", "end"] as const).map((which) => {
    const given = range.attributes.get(which);
    if (given === undefined) {
      const words = `Missing '${which}' attribute in dhcp range for network '${name}'`;
      throw error("xmlError", words);
    }
    const found = parseIp(given);
    if (found) return found;
    const words = `Cannot parse socket address '${given}': Name or service not known`;
    throw error("systemError", words);
  });
  if (!start || !end) return;
  const said = `${range.attributes.get("start")} - ${range.attributes.get("end")}`;
  const refuse = (words: string): Error => error("internalError", words);
  if (start.family !== end.family) throw refuse(`mismatch of address family in range ${said}`);
  if (start.family !== address.family) {
    throw refuse(`mismatch of address family in range ${said} for network ${text}`);
  }
  const part = networkPart(address, prefix);
  if (networkPart(start, prefix) !== part || networkPart(end, prefix) !== part) {
    throw refuse(`range ${said} is not entirely within network ${text}/${prefix}`);
  }
  if (start.family === "ipv4") {
    const [first, last] = networkRange(address, prefix);
    const where = `in network ${text}/${prefix} is the`;
    if (start.value === first) throw refuse(`start of range ${said} ${where} network address`);
    if (end.value === last) throw refuse(`end of range ${said} ${where} broadcast address`);
  }
  if (start.value >> 16n !== end.value >> 16n) {
    throw refuse(`range ${said} is too large (> 65535)`);
  }
  if (end.value >= start.value) return;
  const how = start.family === "ipv4" ? "is reversed " : "start larger than end";
  throw refuse(`range ${said} ${how}`);
}
