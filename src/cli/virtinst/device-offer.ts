/** Which devices the connection's guests can have, read from its domain capabilities. */
import { VmError } from "../../protocol/vm-error.ts";
import type { Guest } from "./guest.ts";
import type { Connect } from "../../virt/driver/connect.ts";
import { type XmlElement, childElements, find, textOf } from "../../virt/xml/element.ts";
import { parseXml } from "../../virt/xml/parse.ts";

/** What is asked of; where the connection says nothing of it, it is taken for there. */
export interface DeviceOffer {
  /** Whether there is a device of that element: `channel`. */
  has(device: string): boolean;
  /** Whether any device can be plugged into a USB bus. */
  readonly hasUsb: boolean;
  /** Whether the emulator brings an EFI firmware. */
  readonly hasEfi: boolean;
}

/** Of a connection that tells nothing. */
export const UNKNOWN_OFFER: DeviceOffer = { has: () => true, hasUsb: true, hasEfi: false };

/** The kind of guest that is asked about. */
export interface OfferQuery {
  readonly emulator: string | undefined;
  readonly arch: string | undefined;
  readonly machine: string | undefined;
  readonly domainType: string | undefined;
}

/** Asks for guests like that one. */
export function offerQuery(guest: Guest): OfferQuery {
  return {
    emulator: guest.get("devices/emulator"),
    arch: guest.get("os:type/@arch"),
    machine: guest.get("os:type/@machine"),
    domainType: guest.get("@type"),
  };
}

export async function deviceOffer(connect: Connect, query: OfferQuery): Promise<DeviceOffer> {
  const { emulator = null, arch = null, machine = null, domainType = null } = query;
  try {
    const text = await connect.connectGetDomainCapabilities(emulator, arch, machine, domainType, 0);
    return offerOf(parseXml(text, "domainCapabilities"));
  } catch (error) {
    // Drivers need not have it, and refuse kinds of guests that they tell wrongly at the definition.
    if (error instanceof VmError) return UNKNOWN_OFFER;
    throw error;
  }
}

function offerOf(root: XmlElement): DeviceOffer {
  const devices = find(root, "devices");
  const has = (device: string): boolean => {
    const found = devices && find(devices, device);
    return found?.attributes.get("supported") !== "no";
  };
  const lists = (list: string, value: string, ...path: readonly string[]): boolean => {
    const holder = find(root, ...path);
    return (holder ? childElements(holder, "enum") : [])
      .filter((each) => each.attributes.get("name") === list)
      .some((each) => childElements(each, "value").some((text) => textOf(text) === value));
  };
  const usbIsPassed = lists("subsysType", "usb", "devices", "hostdev");
  return {
    has,
    hasUsb: usbIsPassed || lists("bus", "usb", "devices", "redirdev"),
    hasEfi: lists("firmware", "efi", "os"),
  };
}
