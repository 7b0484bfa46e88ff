/** Serial ports, consoles, channels and whatever else has a character device behind it. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft, ensureChild } from "../../xml/draft.ts";
import type { DomainParseOptions } from "./context.ts";

const CONF = { domain: ErrorDomain.domain } as const;

/** How often `<source>` may be there: once but for udp, which has a connect and a bind end. */
const MAX_SOURCES: Readonly<Record<string, number>> = { udp: 2 };

/** Fills the source of a character device of any kind. @throws VmError xmlError, internalError */
export function fillCharacterDevice(device: Draft): void {
  const type = device.attributes.get("type");
  if (type === undefined) {
    if (device.name === "smartcard" || device.name === "backend") return;
    throw vmError("xmlError", "missing type attribute for character device", CONF);
  }
  const sources = childrenOf(device, "source");
  if (sources.length > (MAX_SOURCES[type] ?? 1)) {
    throw vmError("xmlError", "only one source element is allowed for character device", CONF);
  }
  if (type === "tcp") fillTcp(device, sources[0]);
  if (type === "udp") fillUdp(device, sources);
  if (type === "unix") fillUnix(device, sources[0]);
  for (const source of sources) checkReconnect(source);
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

/**
 * The first serial port of a full virtual machine is also its console, and the other way round
 * (virDomainDefAddConsoleCompat).
 */
export function fillConsoles(devices: Draft, _options: DomainParseOptions): void {
  for (const name of ["serial", "parallel"]) {
    for (const [port, device] of childrenOf(devices, name).entries()) {
      const target = ensureChild(device, "target");
      if (!target.attributes.has("port")) target.attributes.set("port", String(port));
    }
  }
  const [serial] = childrenOf(devices, "serial");
  const [console] = childrenOf(devices, "console");
  const consoleType = console && (childAt(console, "target")?.attributes.get("type") ?? "serial");
  if (console && consoleType === "serial" && !serial) devices.children.push(serialLike(console));
  if (serial && !console) devices.children.push(consoleLike(serial));
  for (const [port, device] of childrenOf(devices, "console").entries()) {
    const target = ensureChild(device, "target");
    if (!target.attributes.has("type")) target.attributes.set("type", "serial");
    if (!target.attributes.has("port")) target.attributes.set("port", String(port));
    if (target.attributes.get("type") === "serial") target.children = [];
  }
}

function serialLike(console: Draft): Draft {
  return {
    ...draft("serial"),
    attributes: new Map(console.attributes),
    children: [
      ...childrenOf(console).filter(({ name }) => name !== "target" && name !== "alias"),
      draft("target", { port: childAt(console, "target")?.attributes.get("port") ?? 0 }),
    ],
  };
}

function consoleLike(serial: Draft): Draft {
  return {
    ...draft("console"),
    attributes: new Map(serial.attributes),
    children: [
      ...childrenOf(serial).filter(({ name }) => name !== "target" && name !== "address"),
      draft("target", {
        type: "serial",
        port: childAt(serial, "target")?.attributes.get("port") ?? 0,
      }),
    ],
  };
}
