/** Networks' XML to its canonical form (virNetworkDefParseXML and its format). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  draftOf,
  draftText,
  removeChildren,
} from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange } from "../arrange.ts";
import { checkIp } from "./check-ip.ts";
import { dropComments, fillUuid, type ObjectContext } from "../common.ts";
import { NETWORK_ORDER } from "./order.ts";

const NETWORK = { domain: ErrorDomain.network } as const;

/** Modes in which libvirt makes the bridge itself. */
const OWN_BRIDGE = new Set(["none", "nat", "route", "open"]);
const MODES = new Set([
  "none",
  "nat",
  "route",
  "open",
  "bridge",
  "private",
  "vepa",
  "passthrough",
  "hostdev",
]);

/** Parses a definition. @throws VmError in libvirt's words */
export function parseNetwork(text: string, context: ObjectContext): XmlElement {
  const network = draftOf(parseXml(text, "network_definition", "network"));
  dropComments(network);
  fillName(network);
  fillUuid(network, context, ErrorDomain.network);
  if (network.attributes.get("ipv6") === "no") network.attributes.delete("ipv6");
  const mode = fillForward(network);
  fillBridge(network, mode);
  fillMac(network);
  checkDns(network);
  const name = draftText(childAt(network, "name") ?? network);
  for (const ip of childrenOf(network, "ip")) fillIp(ip, name);
  arrange(network, NETWORK_ORDER);
  return network;
}

function fillName(network: Draft): void {
  const name = draftText(childAt(network, "name") ?? draft("name"));
  if (name === "") throw vmError("noName", "", NETWORK);
  if (name.includes("/")) throw vmError("xmlError", `name ${name} cannot contain '/'`, NETWORK);
}

/** The mode; `none` for an isolated network. */
function fillForward(network: Draft): string {
  const forward = childAt(network, "forward");
  if (!forward) return "none";
  const mode = forward.attributes.get("mode") ?? "nat";
  if (!MODES.has(mode)) {
    throw vmError(
      "xmlError",
      `Invalid value for attribute 'mode' in element 'forward': '${mode}'.`,
      NETWORK,
    );
  }
  forward.attributes.set("mode", mode);
  fillForwardInterfaces(forward);
  checkTwice(forward, "interface", "dev");
  checkAddresses(forward);
  const interfaces = childrenOf(forward, "interface");
  if (mode === "open" && interfaces.length > 0) {
    throw vmError(
      "xmlError",
      "forward dev not allowed for network with forward mode='open'",
      NETWORK,
    );
  }
  return mode;
}

/** `dev` is the first of the interfaces. */
function fillForwardInterfaces(forward: Draft): void {
  const dev = forward.attributes.get("dev");
  const interfaces = childrenOf(forward, "interface");
  const [first] = interfaces;
  if (dev !== undefined && !first) forward.children.push(draft("interface", { dev }));
  else if (first && dev === undefined && !childAt(forward, "pf")) {
    const name = first.attributes.get("dev");
    if (name !== undefined) forward.attributes.set("dev", name);
  }
  for (const each of interfaces) each.attributes.delete("connections");
  if (childAt(forward, "pf")) {
    removeChildren(forward, "interface");
    forward.attributes.delete("dev");
  }
}

function checkTwice(parent: Draft, name: string, attribute: string): void {
  const values = childrenOf(parent, name).map((each) => each.attributes.get(attribute));
  const twice = values.find((value, at) => values.indexOf(value) !== at);
  if (twice !== undefined) {
    throw vmError(
      "xmlError",
      `${name} '${twice}' listed multiple times in <forward> element`,
      NETWORK,
    );
  }
}

function checkAddresses(forward: Draft): void {
  const shown = childrenOf(forward, "address").map(({ attributes }) =>
    ["domain", "bus", "slot", "function"].map((part) => attributes.get(part) ?? "").join(":"),
  );
  const twice = shown.find((value, at) => shown.indexOf(value) !== at);
  if (twice !== undefined) {
    throw vmError(
      "xmlError",
      `PCI device '${twice}' listed multiple times in <forward> element`,
      NETWORK,
    );
  }
}

function fillBridge(network: Draft, mode: string): void {
  const bridge = childAt(network, "bridge");
  if (bridge?.attributes.get("delay") === "0" && !OWN_BRIDGE.has(mode)) {
    bridge.attributes.delete("delay");
  }
  if (!OWN_BRIDGE.has(mode)) return;
  const made = bridge ?? draft("bridge");
  if (!bridge) network.children.push(made);
  if (!made.attributes.has("stp")) made.attributes.set("stp", "on");
  if (!made.attributes.has("delay")) made.attributes.set("delay", "0");
}

const MAC = /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i;

function fillMac(network: Draft): void {
  const mac = childAt(network, "mac");
  const address = mac?.attributes.get("address");
  if (!mac || address === undefined) return;
  if (!MAC.test(address)) {
    throw vmError(
      "xmlError",
      `Invalid bridge mac address '${address}' in network '${draftText(childAt(network, "name") ?? network)}'`,
      NETWORK,
    );
  }
  mac.attributes.set("address", address.toLowerCase());
}

function checkDns(network: Draft): void {
  const dns = childAt(network, "dns");
  if (!dns) return;
  if (dns.attributes.get("enable") === "no" && childrenOf(dns).length > 0) {
    const name = draftText(childAt(network, "name") ?? network);
    throw vmError("xmlError", `Extra data in disabled network '${name}'`, NETWORK);
  }
  if (dns.attributes.get("enable") === "yes") dns.attributes.delete("enable");
  if (dns.attributes.size === 0 && childrenOf(dns).length === 0) removeChildren(network, "dns");
}

function fillIp(ip: Draft, name: string): void {
  ip.children.push({ kind: "open" });
  checkIp(ip, name);
}
