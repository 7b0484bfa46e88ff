/** Addresses of devices as `attach-disk` and `attach-interface` take them. */
import { hex } from "../../../virt/conf/values.ts";
import { type Draft, draft } from "../../../virt/xml/draft.ts";

/** Bus families that an address may be of. */
export type AddressKind = "pci" | "scsi" | "ide" | "ccw" | "usb" | "sata";

export interface DeviceAddress {
  readonly kind: AddressKind;
  /** `<address>`. */
  readonly element: Draft;
}

/**
 * `pci:0000.00.0a.0` (domain, bus, slot, function), `ide|scsi|sata:0.0.0` (controller, bus, unit),
 * `ccw:fe.0.0000` (cssid, ssid, devno), `usb:0.1` (bus, port); any character may stand between the
 * numbers. Null for anything else.
 */
export function parseAddress(text: string, multifunction: boolean): DeviceAddress | null {
  const [, kind = "", rest = ""] = /^([a-z]+):(.*)$/s.exec(text) ?? [];
  switch (kind) {
    case "pci":
      return pciAddress(rest, multifunction);
    case "ide":
    case "scsi":
    case "sata": {
      const [controller, bus, unit] = numbers(rest, 10, 3);
      if (unit === undefined) return null;
      return { kind, element: draft("address", { type: "drive", controller, bus, unit }) };
    }
    case "ccw": {
      const [cssid, ssid, devno] = numbers(rest, 16, 3);
      if (cssid === undefined || ssid === undefined || devno === undefined) return null;
      const element = draft("address", {
        type: "ccw",
        cssid: hex(cssid, 2),
        ssid: hex(ssid, 1),
        devno: hex(devno, 4),
      });
      return { kind, element };
    }
    case "usb": {
      const [bus, port] = numbers(rest, 10, 2);
      if (port === undefined) return null;
      return { kind, element: draft("address", { type: "usb", bus, port }) };
    }
    default:
      return null;
  }
}

function pciAddress(rest: string, multifunction: boolean): DeviceAddress | null {
  const [domain, bus, slot, fn] = numbers(rest, 16, 4);
  if (domain === undefined || bus === undefined || slot === undefined || fn === undefined) {
    return null;
  }
  const element = draft("address", {
    type: "pci",
    domain: hex(domain, 4),
    bus: hex(bus, 2),
    slot: hex(slot, 2),
    function: hex(fn, 1),
    multifunction: multifunction ? "on" : undefined,
  });
  return { kind: "pci", element };
}

/** `count` numbers with one character between each two; empty where there are fewer. */
function numbers(text: string, radix: 10 | 16, count: number): number[] {
  const one = radix === 16 ? String.raw`\s*(?:0x)?([0-9a-f]+)` : String.raw`\s*(\d+)`;
  const pattern = new RegExp(`^${Array.from({ length: count }, () => one).join(".")}`, "is");
  const found = pattern.exec(text);
  return found ? found.slice(1).map((digits) => Number.parseInt(digits, radix)) : [];
}
