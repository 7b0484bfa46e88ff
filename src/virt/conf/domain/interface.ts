/** `<interface>`: its MAC address and what libvirt refuses. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, type Draft, draft } from "../../xml/draft.ts";
import type { DomainContext, DomainParseOptions } from "./context.ts";

const CONF = { domain: ErrorDomain.domain } as const;
const MAC = /^[0-9a-f]{1,2}(?::[0-9a-f]{1,2}){5}$/i;

/** What the source of each type must have. */
const NEEDS: Readonly<Record<string, string>> = {
  network: "network",
  bridge: "bridge",
  direct: "dev",
  internal: "name",
};

export function fillInterface(
  iface: Draft,
  { newMac }: DomainContext,
  { inactive }: DomainParseOptions,
): void {
  const type = iface.attributes.get("type");
  if (type === undefined) {
    throw vmError("xmlError", "Missing required attribute 'type' in element 'interface'", CONF);
  }
  fillMac(iface, newMac);
  const source = childAt(iface, "source");
  const needed = NEEDS[type];
  if (needed !== undefined && source?.attributes.has(needed) !== true) {
    throw vmError(
      "internalError",
      `No <source> '${needed}' attribute specified with <interface type='${type}'/>`,
      CONF,
    );
  }
  if (type === "network" && source) {
    // Which bridge a network has is known while it is active.
    if (inactive) source.attributes.delete("bridge");
  }
  if (inactive) dropChosenTarget(iface);
}

function fillMac(iface: Draft, newMac: () => string): void {
  const mac = childAt(iface, "mac");
  const address = mac?.attributes.get("address");
  if (address === undefined) {
    if (mac) mac.attributes.set("address", newMac());
    else iface.children.push(draft("mac", { address: newMac() }));
    return;
  }
  if (!MAC.test(address)) {
    throw vmError("xmlError", `unable to parse mac address '${address}'`, CONF);
  }
  const parts = address
    .toLowerCase()
    .split(":")
    .map((part) => part.padStart(2, "0"));
  if ((Number.parseInt(parts[0] ?? "0", 16) & 1) !== 0) {
    throw vmError("xmlError", `expected unicast mac address, found multicast '${address}'`, CONF);
  }
  mac?.attributes.set("address", parts.join(":"));
}

/** Names that libvirt gives to host ends begin with `vnet`: they are the running domain's. */
function dropChosenTarget(iface: Draft): void {
  iface.children = iface.children.filter(
    (child) =>
      child.kind !== "element" ||
      child.name !== "target" ||
      !/^(?:vnet|vif|macvtap|macvlan)\d*/.test(child.attributes.get("dev") ?? ""),
  );
}
