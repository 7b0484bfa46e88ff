/** Serial ports, consoles, channels and whatever else has a character device behind it. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, ensureChild, removeChildren } from "../../xml/draft.ts";

const CONF = { domain: ErrorDomain.domain } as const;

/** How often `<source>` may be there: once but for udp, which has a connect and a bind end. */
const MAX_SOURCES: Readonly<Record<string, number>> = { udp: 2 };

/** Ports are terminals where nothing else is said. */
const PORTS: readonly string[] = ["parallel", "serial", "console", "channel"];

const TYPES: readonly string[] = [
  "null",
  "vc",
  "pty",
  "dev",
  "file",
  "pipe",
  "stdio",
  "udp",
  "tcp",
  "unix",
  "spicevmc",
  "spiceport",
  "nmdm",
  "qemu-vdagent",
  "dbus",
];

/**
 * Fills the source of a character device of any kind.
 *
 * @throws VmError xmlError, configUnsupported, internalError
 */
export function fillCharacterDevice(device: Draft, inactive = false): void {
  if (PORTS.includes(device.name)) defaultFirst(device, "type", "pty");
  const type = device.attributes.get("type");
  if (type === undefined) {
    if (device.name === "smartcard" || device.name === "backend") return;
    throw vmError("xmlError", "missing type attribute for character device", CONF);
  }
  if (!TYPES.includes(type)) {
    const words = `unknown type presented to host for character device: ${type}`;
    throw vmError("configUnsupported", words, CONF);
  }
  const sources = childrenOf(device, "source");
  if (sources.length > (MAX_SOURCES[type] ?? 1)) {
    throw vmError("xmlError", "only one source element is allowed for character device", CONF);
  }
  if (type === "pty") fillPty(device, sources[0], inactive);
  if (type === "tcp") fillTcp(device, sources[0]);
  if (type === "udp") fillUdp(device, sources);
  if (type === "unix") fillUnix(device, sources[0]);
  for (const source of sources) checkReconnect(source);
}

/** Which terminal it is, is known of a running domain only. */
function fillPty(device: Draft, source: Draft | undefined, inactive: boolean): void {
  if (!inactive) return;
  device.attributes.delete("tty");
  source?.attributes.delete("path");
  if (source && childrenOf(source).length === 0) removeChildren(device, "source");
}

function fillTcp(device: Draft, source: Draft | undefined): void {
  if (source) defaultFirst(source, "mode", "connect");
  if (source?.attributes.has("host") !== true) {
    throw vmError("xmlError", "Missing source host attribute for char device", CONF);
  }
  if (!source.attributes.has("service")) {
    throw vmError("xmlError", "Missing source service attribute for char device", CONF);
  }
  const protocol = ensureChild(device, "protocol");
  if (!protocol.attributes.has("type")) protocol.attributes.set("type", "raw");
}

/** The bind end comes first, and the connect end must say where to. */
function fillUdp(device: Draft, sources: readonly Draft[]): void {
  for (const source of sources) defaultFirst(source, "mode", "connect");
  const connect = sources.find((each) => each.attributes.get("mode") === "connect");
  if (connect?.attributes.has("service") !== true) {
    throw vmError("xmlError", "Missing source service attribute for char device", CONF);
  }
  const bind = sources.find((each) => each.attributes.get("mode") === "bind");
  const at = device.children.findIndex((each) => each.kind === "element" && each.name === "source");
  device.children = device.children.filter(
    (each) => each.kind !== "element" || each.name !== "source",
  );
  device.children.splice(at, 0, ...(bind ? [bind] : []), connect);
}

function fillUnix(device: Draft, source: Draft | undefined): void {
  const path = source?.attributes.get("path");
  if (path === undefined) {
    // A channel's socket is made by libvirt, others need to be told.
    if (
      device.name !== "channel" ||
      childAt(device, "target")?.attributes.get("type") !== "virtio"
    ) {
      throw vmError("xmlError", "Missing source path attribute for char device", CONF);
    }
    device.children = device.children.filter(
      (each) => each.kind !== "element" || each.name !== "source",
    );
    return;
  }
  if (source) defaultFirst(source, "mode", "connect");
}

/** Sets a missing attribute. */
function defaultFirst(node: Draft, name: string, value: string): void {
  if (!node.attributes.has(name)) node.attributes.set(name, value);
}

function checkReconnect(source: Draft): void {
  const reconnect = childAt(source, "reconnect");
  if (!reconnect) return;
  if (reconnect.attributes.get("enabled") === "yes" && !reconnect.attributes.has("timeout")) {
    throw vmError("xmlError", "missing timeout for chardev with reconnect enabled", CONF);
  }
  if (source.attributes.get("mode") === "bind") {
    throw vmError("configUnsupported", "reconnect setting is not supported for bind mode", CONF);
  }
}
