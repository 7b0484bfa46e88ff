/** Disks, networks, displays and the like. */
import type { Guest } from "./guest.ts";
import { setHostDevice } from "./host-device.ts";
import { integer, switchValue } from "./numbers.ts";
import { isQemu, isSession, isTest } from "./platform.ts";
import type { Part } from "./part.ts";
import type { Rule } from "./rules.ts";
import { sourceAt } from "./disk-source.ts";
import { setSource } from "./disk-parts.ts";

const NETWORK_SOURCES: Readonly<Record<string, string>> = {
  network: "source/@network",
  bridge: "source/@bridge",
  direct: "source/@dev",
};

function setDefaultNetwork(guest: Guest, part: Part): void {
  if (isTest(guest) || (isQemu(guest) && isSession(guest))) {
    part.set("@type", "user");
    return;
  }
  part.set("@type", "network");
  setNetworkSource(part, "default");
}

/** What the interface is connected to. */
export function networkSource(part: Part): string | undefined {
  const path = NETWORK_SOURCES[part.get("@type") ?? ""];
  return path === undefined ? undefined : part.get(path);
}

function setNetworkSource(part: Part, name: string): void {
  for (const path of Object.values(NETWORK_SOURCES)) part.set(path, null);
  const path = NETWORK_SOURCES[part.get("@type") ?? ""];
  if (path !== undefined) part.set(path, name);
}

/** The devices that a guest may start from, in the order of their numbers. */
function setBootOrder(guest: Guest, part: Part, wanted: string): void {
  guest.domain.removeAll("os:bootdevs");
  const order = (device: Part): number => Number(device.get("boot:@order"));
  const numbered = ["disk", "interface", "hostdev", "redirdev"]
    .flatMap((kind) => guest.devices(kind))
    .filter((device) => device.get("boot:@order") !== undefined)
    .toSorted((a, b) => order(a) - order(b));
  part.set("boot:@order", wanted);
  let next: number | undefined;
  for (const device of numbered.filter((each) => each !== part)) {
    if (order(device) === next || order(device) === Number(wanted)) {
      next = order(device) + 1;
      device.set("boot:@order", next);
    } else if (next !== undefined) {
      return;
    }
  }
}

const FILESYSTEM_SOURCES: Readonly<Record<string, string>> = {
  template: "source/@name",
  file: "source/@file",
  block: "source/@dev",
  ram: "source/@usage",
};

/** Where a file system's source is named. */
export const filesystemPath = (part: Part): string =>
  FILESYSTEM_SOURCES[part.get("@type") ?? ""] ?? "source/@dir";

const LISTENS = new Set(["none", "socket"]);

function setListen(part: Part, text: string): void {
  part.removeAll("listens");
  if (LISTENS.has(text)) part.add("listens").set("@type", text);
  if (text !== "none") {
    if (text !== "socket") part.set("@listen", text);
    return;
  }
  for (const path of ["@listen", "@port", "@tlsPort", "@autoport"]) part.set(path, null);
}

const PORT_NAMES: Readonly<Record<string, string>> = { "@port": "Port", "@tlsPort": "TLS Port" };

/** Sets `@port` or `@tlsPort`; -1 is one that is free. @throws Error in the real tool's words */
export function setGraphicsPort(part: Part, path: string, text: string): void {
  const port = Number(integer(text));
  if (port < 5900 && port !== -1) {
    throw new Error(`${PORT_NAMES[path]} must be above 5900, or -1 for auto allocation`);
  }
  part.set("@autoport", defaultAutoport(part));
  part.set(path, port);
}

export const deviceRules: Readonly<Record<string, Rule>> = {
  diskPath: async ({ guest, part, value }) => {
    if (value === null) setSource(guest, part, undefined);
    else setSource(guest, part, await sourceAt(guest.around, String(value)));
  },
  bootOrder: ({ guest, part, text }) => setBootOrder(guest, part, integer(text)),
  mac: ({ part, row, text }) => {
    if (text !== "RANDOM") part.set(row.path ?? "", text);
  },
  networkType: ({ guest, part, text }) =>
    text === "default" ? setDefaultNetwork(guest, part) : part.set("@type", text),
  interfaceSource: ({ part, text }) => setNetworkSource(part, text),
  linkState: ({ part, text }) => {
    const state = switchValue(text);
    part.set("link/@state", state === undefined ? text : state ? "up" : "down");
  },
  graphicsType: ({ part, text }) => {
    if (text !== "default") part.set("@type", text);
  },
  graphicsPort: ({ part, row, text }) => setGraphicsPort(part, row.path ?? "", text),
  graphicsListen: ({ part, text }) => setListen(part, text),
  keymap: ({ part, text }) =>
    part.set("@keymap", ["", "local", "none"].includes(text.toLowerCase()) ? null : text),
  pciAddress: ({ part, text }) => {
    const found = /^(?:(?:([^:]*):)?([^:]*):)([^:.]*)\.(.*)$/.exec(text);
    if (!found) throw new Error(`Expected PCI format string for '${text}'`);
    const [, domain, bus, slot, fn] = found;
    part.set("address:@type", "pci");
    part.set("address:@function", fn);
    part.set("address:@slot", slot);
    part.set("address:@domain", domain ?? "0");
    if (domain !== undefined) part.set("address:@bus", bus);
  },
  filesystemType: ({ part, value }) => {
    const old = part.get(filesystemPath(part));
    const before = filesystemPath(part);
    part.set("@type", value);
    if (filesystemPath(part) !== before) part.set(filesystemPath(part), old);
  },
  filesystemSource: ({ part, value }) => part.set(filesystemPath(part), value),
  nodeDevice: ({ guest, part, text }) => setHostDevice(guest, part, text),
};

/** Spice finds a port of its own where none is given. */
export function defaultAutoport(graphics: Part): boolean | null {
  const isFree = graphics.get("@port") === "-1" && graphics.get("@tlsPort") === "-1";
  return graphics.get("@type") === "spice" && isFree ? true : null;
}
