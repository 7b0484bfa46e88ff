/** The XML of the devices that `attach-disk` and `attach-interface` describe by options. */
import { wordedVmError } from "../../../protocol/vm-error.ts";
import { type Draft, draft } from "../../../virt/xml/draft.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { ATTACH } from "../tables/domain-attach.ts";
import { type AddressKind, parseAddress } from "./device-addresses.ts";
import { checkRates, parseRate, type Rate } from "./rates.ts";

type DiskCommand = Command<(typeof ATTACH)["attach-disk"]>;
type InterfaceCommand = Command<(typeof ATTACH)["attach-interface"]>;

const SOURCE_TYPES = ["", "file", "block", "network"];

/** `<disk>`. @throws CommandError, VmError */
export function diskXml(command: DiskCommand): Draft {
  command.needs("source-host-name", "source-protocol");
  command.needs("source-host-transport", "source-protocol");
  command.needs("source-host-socket", "source-protocol");
  command.needs("source-host-socket", "source-host-transport");
  command.exclusive("source-host-name", "source-host-socket");
  const target = command.required("target");
  const type = sourceType(command);
  const mode = command.text("mode");
  if (mode !== undefined && mode !== "readonly" && mode !== "shareable") {
    throw new CommandError(`No support for ${mode} in command 'attach-disk'`);
  }
  const wwn = command.text("wwn");
  if (wwn !== undefined && !/^(?:0x)?[0-9a-f]{16}$/i.test(wwn)) {
    throw wordedVmError("internalError", `internal error: Malformed wwn: ${wwn}`);
  }
  const disk = draft("disk", {
    type,
    device: command.text("type"),
    rawio: command.has("rawio") ? "yes" : undefined,
  });
  const add = (...children: readonly Draft[]): void => void disk.children.push(...children);
  const textChild = (name: string, text: string | undefined): void => {
    if (text !== undefined) add(draft(name, {}, text));
  };
  add(...unlessEmpty(driverOf(command)), ...unlessEmpty(diskSourceOf(command, type)));
  add(draft("target", { dev: target, bus: command.text("targetbus") }));
  if (mode !== undefined) add(draft(mode));
  textChild("serial", command.text("serial"));
  const alias = command.text("alias");
  if (alias !== undefined) add(draft("alias", { name: alias }));
  textChild("wwn", wwn);
  const address = command.text("address");
  if (address !== undefined) add(diskAddress(address, target, command.has("multifunction")));
  return disk;
}

function driverOf(command: DiskCommand): Draft {
  return draft("driver", {
    name: command.text("driver"),
    type: command.text("subdriver"),
    iothread: command.text("iothread"),
    cache: command.text("cache"),
    io: command.text("io"),
  });
}

/** An element that says something, or nothing. */
function unlessEmpty(element: Draft): Draft[] {
  return element.attributes.size > 0 || element.children.length > 0 ? [element] : [];
}

/** Where nothing says otherwise a source is a file: there is no way to ask for block devices here. */
function sourceType(command: DiskCommand): string {
  const given = command.text("sourcetype") ?? "";
  if (!SOURCE_TYPES.includes(given)) throw new CommandError(`Unknown source type: '${given}'`);
  const overNetwork = command.given("source-protocol");
  const type = given === "" ? (overNetwork ? "network" : "file") : given;
  if ((type === "network") !== overNetwork) {
    throw new CommandError("--source-protocol option requires --sourcetype network");
  }
  return type;
}

function diskSourceOf(command: DiskCommand, type: string): Draft {
  const source = command.text("source") ?? "";
  if (type !== "network") return draft("source", { [type === "block" ? "dev" : "file"]: source });
  const element = draft("source", { protocol: command.text("source-protocol"), name: source });
  const [name, port] = splitHost(command.text("source-host-name"));
  const host = draft("host", {
    transport: command.text("source-host-transport"),
    socket: command.text("source-host-socket"),
    name,
    port,
  });
  element.children.push(...unlessEmpty(host));
  return element;
}

/** `host:port`. */
function splitHost(text: string | undefined): readonly [string | undefined, string | undefined] {
  const at = text?.indexOf(":") ?? -1;
  return at < 0 ? [text, undefined] : [text?.slice(0, at), text?.slice(at + 1)];
}

/** Which addresses a disk may have by the beginning of its target's name. */
const DISK_ADDRESSES: Readonly<
  Record<string, { readonly kinds: readonly AddressKind[]; readonly expected: string }>
> = {
  vd: {
    kinds: ["pci", "ccw"],
    expected: "expecting a pci:0000.00.00.00 or ccw:00.0.0000 address.",
  },
  sd: {
    kinds: ["scsi", "usb", "sata"],
    expected: "expecting a scsi:00.00.00 or usb:00.00 or sata:00.00.00 address.",
  },
  hd: { kinds: ["ide"], expected: "expecting an ide:00.00.00 address." },
};

function diskAddress(text: string, target: string, multifunction: boolean): Draft {
  const address = parseAddress(text, multifunction);
  if (!address) throw new CommandError("Invalid address.");
  const rule = DISK_ADDRESSES[target.slice(0, 2)];
  if (rule && !rule.kinds.includes(address.kind)) throw new CommandError(rule.expected);
  return address.element;
}

const INTERFACE_OPTIONS = [
  "target",
  "mac",
  "script",
  "model",
  "alias",
  "inbound",
  "outbound",
] as const;

/** `<interface>`. @throws CommandError */
export function interfaceXml(command: InterfaceCommand): Draft {
  const type = command.text("type") ?? "";
  const source = command.text("source") ?? "";
  // All of them are looked at before what they say is.
  for (const option of INTERFACE_OPTIONS) command.text(option);
  const mode = command.text("source-mode");
  if (!NET_TYPES.has(type)) {
    throw new CommandError(`No support for ${type} in command 'attach-interface'`);
  }
  if (mode !== undefined && mode !== "server" && mode !== "client") {
    throw new CommandError(`Invalid source mode: ${mode}`);
  }
  const bandwidth = bandwidthOf(command);
  const iface = draft("interface", { type, managed: command.has("managed") ? "yes" : undefined });
  iface.children.push(interfaceSource(type, source, mode));
  const add = (
    option: "target" | "mac" | "script" | "model" | "alias",
    attribute: string,
  ): void => {
    const value = command.text(option);
    if (value !== undefined) iface.children.push(draft(option, { [attribute]: value }));
  };
  add("target", "dev");
  add("mac", "address");
  add("script", "path");
  add("model", "type");
  add("alias", "name");
  if (bandwidth) iface.children.push(bandwidth);
  return iface;
}

/** The types that options can describe; the others need a file. */
const NET_TYPES = new Set(["network", "bridge", "direct", "hostdev", "vhostuser"]);

function interfaceSource(type: string, source: string, mode: string | undefined): Draft {
  switch (type) {
    case "network":
    case "bridge":
      return draft("source", { [type]: source });
    case "direct":
      return draft("source", { dev: source });
    case "hostdev": {
      const address = parseAddress(`pci:${source}`, false);
      if (!address) {
        throw new CommandError(`cannot parse pci address '${source}' for network interface`);
      }
      return draft("source", {}, address.element);
    }
    default:
      if (mode === undefined) throw new CommandError("source-mode is mandatory");
      return draft("source", { type: "unix", path: source, mode });
  }
}

function bandwidthOf(command: InterfaceCommand): Draft | null {
  const ways = (["inbound", "outbound"] as const).flatMap((way): Draft[] => {
    const text = command.text(way);
    if (text === undefined) return [];
    const rate = parseRate(text);
    checkRates(way, rate);
    const shown = (name: keyof Rate): string | undefined =>
      rate[name] > 0n ? String(rate[name]) : undefined;
    return [
      draft(way, {
        average: shown("average"),
        peak: shown("peak"),
        burst: shown("burst"),
        floor: shown("floor"),
      }),
    ];
  });
  return ways.length > 0 ? draft("bandwidth", {}, ...ways) : null;
}
