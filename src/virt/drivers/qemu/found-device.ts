/** Which device of a definition somebody means by its XML (virDomainNetFindIdx and its relatives). */
import type { ErrorName } from "../../../protocol/error-table.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { QEMU } from "./qemu-state.ts";

/** What tells a device from others; what the XML does not have is not looked at. */
interface Rule {
  readonly facts: (device: XmlElement) => readonly (string | undefined)[];
  /** What libvirt says where there is none. */
  readonly missing: readonly [ErrorName, string];
}

const at = (device: XmlElement, name: string, ...path: readonly string[]): string | undefined =>
  find(device, ...path)?.attributes.get(name);

const NOT_PRESENT = ["deviceMissing", "device not present in domain configuration"] as const;

const CHARACTER: Rule = {
  facts: (device) => [
    device.attributes.get("type"),
    // A terminal is another one in each run.
    device.attributes.get("type") === "pty" ? undefined : at(device, "path", "source"),
    at(device, "host", "source"),
    at(device, "service", "source"),
    at(device, "type", "target"),
    at(device, "name", "target"),
    at(device, "port", "target"),
  ],
  missing: ["invalidArg", "device not present in domain configuration"],
};

/** By the device's element. Those that are not here cannot be taken out of a definition. */
const RULES: Readonly<Record<string, Rule>> = {
  controller: {
    facts: ({ attributes }) => [attributes.get("type") ?? "", attributes.get("index") ?? ""],
    missing: NOT_PRESENT,
  },
  rng: {
    facts: (rng) => [
      rng.attributes.get("model"),
      at(rng, "bytes", "rate"),
      at(rng, "period", "rate"),
      at(rng, "model", "backend"),
      textAt(rng, "backend"),
      addressOf(rng),
    ],
    missing: ["deviceMissing", "no matching RNG device was found"],
  },
  input: {
    facts: (input) => [
      input.attributes.get("type"),
      input.attributes.get("bus"),
      at(input, "evdev", "source"),
      addressOf(input),
    ],
    missing: ["deviceMissing", "matching input device not found"],
  },
  watchdog: { facts: () => [], missing: ["deviceMissing", "domain has no watchdog"] },
  filesystem: {
    facts: (filesystem) => [at(filesystem, "dir", "target") ?? ""],
    missing: ["deviceMissing", "no matching filesystem device was found"],
  },
  sound: {
    facts: (sound) => [sound.attributes.get("model"), addressOf(sound)],
    missing: NOT_PRESENT,
  },
  serial: CHARACTER,
  parallel: CHARACTER,
  console: CHARACTER,
  channel: CHARACTER,
};

function addressOf(device: XmlElement): string | undefined {
  const address = find(device, "address");
  if (!address) return undefined;
  const numbers = ["controller", "domain", "bus", "target", "unit", "slot", "function", "port"];
  return numbers.map((name) => Number(address.attributes.get(name) ?? 0)).join(".");
}

/**
 * @param unsupported libvirt's words for kinds of devices that are not looked for
 * @throws VmError in libvirt's words where there is none, or more than one
 */
export function foundDevice(
  definition: XmlElement,
  device: XmlElement,
  unsupported: string,
): XmlElement {
  if (device.name === "interface") return foundInterface(definition, device);
  const rule = RULES[device.name];
  if (!rule) throw vmError("operationUnsupported", unsupported);
  if (device.name === "console" && at(device, "type", "target") === "serial") {
    throw vmError("operationInvalid", "detaching serial console is not supported");
  }
  const wanted = rule.facts(device);
  const found = devicesOf(definition, device.name).find((each) => agrees(wanted, rule.facts(each)));
  if (found) return found;
  throw vmError(rule.missing[0], rule.missing[1], QEMU);
}

function agrees(
  wanted: readonly (string | undefined)[],
  facts: readonly (string | undefined)[],
): boolean {
  return wanted.every((fact, index) => fact === undefined || fact === facts[index]);
}

export function foundInterface(definition: XmlElement, device: XmlElement): XmlElement {
  const factsOf = (iface: XmlElement) =>
    [
      at(iface, "address", "mac")?.toLowerCase(),
      at(iface, "type", "address") === "pci" ? addressOf(iface) : undefined,
      at(iface, "name", "alias"),
    ] as const;
  const [mac, address, alias] = factsOf(device);
  const [found, ...others] = devicesOf(definition, "interface").filter((each) =>
    agrees([mac, address, factsOf(each)[2] && alias], factsOf(each)),
  );
  if (others.length > 0) {
    throw vmError(
      "operationFailed",
      mac === undefined
        ? "multiple matching devices found"
        : `multiple devices matching MAC address ${mac} found`,
      QEMU,
    );
  }
  if (found) return found;
  const none = "(<null>)";
  throw vmError(
    "deviceMissing",
    `no device found at address '${address === undefined ? none : pciText(device)}' matching MAC address` +
      ` '${mac ?? none}' and alias '${alias ?? none}'`,
    QEMU,
  );
}

/** `0000:00:02.0`. */
function pciText(device: XmlElement): string {
  const part = (name: string, digits: number): string =>
    Number(at(device, name, "address") ?? 0)
      .toString(16)
      .padStart(digits, "0");
  return `${part("domain", 4)}:${part("bus", 2)}:${part("slot", 2)}.${part("function", 1)}`;
}

/** Any device. @throws VmError internalError where no device has the alias */
export function deviceWithAlias(definition: XmlElement, alias: string): XmlElement {
  const devices = find(definition, "devices");
  const found = (devices ? childElements(devices) : []).find(
    (each) => at(each, "name", "alias") === alias,
  );
  if (found) return found;
  throw vmError("internalError", `no device found with alias ${alias}`);
}
