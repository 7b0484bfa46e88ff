/** Ports of USB controllers for USB devices. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft, removeChildren } from "../../../xml/draft.ts";
import { controllerIndex, controllersOf } from "../controllers.ts";

/** Ports of a controller by model, where it does not say how many it has. */
const PORTS: Readonly<Record<string, number>> = {
  "piix3-uhci": 2,
  "piix4-uhci": 2,
  "ich9-ehci1": 6,
  "pci-ohci": 3,
  ehci: 6,
  "vt82c686b-uhci": 2,
  "nec-xhci": 4,
  "qemu-xhci": 4,
};

/** In the order in which libvirt gives out ports. */
const IS_USB: Readonly<Record<string, (device: Draft) => boolean>> = {
  hub: (hub) => hub.attributes.get("type") === "usb",
  disk: (disk) => childAt(disk, "target")?.attributes.get("bus") === "usb",
  hostdev: (hostdev) => hostdev.attributes.get("type") === "usb",
  input: (input) => input.attributes.get("bus") === "usb",
  controller: (controller) => controller.attributes.get("type") === "ccid",
  redirdev: (redirdev) => redirdev.attributes.get("bus") === "usb",
  sound: (sound) => sound.attributes.get("model") === "usb",
};

/**
 * Gives each USB device a port of its controllers.
 *
 * @throws VmError configUnsupported where there is no controller, internalError where ports are short
 */
export function assignUsbAddresses(devices: Draft): void {
  const users = Object.entries(IS_USB).flatMap(([name, is]) =>
    childrenOf(devices, name).filter(is),
  );
  if (users.length === 0) return;
  const free = freePorts(devices);
  if (free.size === 0) {
    throw vmError(
      "configUnsupported",
      "USB is disabled for this domain, but USB devices are present in the domain XML",
      { domain: ErrorDomain.qemu },
    );
  }
  for (const device of users) reserve(free, device);
  for (const device of users.filter((each) => portOf(each) === undefined)) assign(free, device);
}

/** By bus. */
function freePorts(devices: Draft): Map<string, string[]> {
  const controllers = controllersOf(devices, "usb").filter(
    (each) => each.attributes.get("model") !== "none",
  );
  return new Map(
    controllers.map((each) => {
      const count = Number(
        each.attributes.get("ports") ?? PORTS[each.attributes.get("model") ?? ""] ?? 2,
      );
      const ports = Array.from({ length: count }, (_, at) => String(at + 1));
      return [String(controllerIndex(each)), ports];
    }),
  );
}

function portOf(device: Draft): string | undefined {
  const address = childAt(device, "address");
  return address?.attributes.get("type") === "usb" ? address.attributes.get("port") : undefined;
}

function reserve(free: Map<string, string[]>, device: Draft): void {
  const port = portOf(device);
  const bus = childAt(device, "address")?.attributes.get("bus") ?? "0";
  // A port with dots is one of a hub, which has its own.
  if (port === undefined || port.includes(".")) return;
  const ports = free.get(bus);
  if (!ports) throw fail(`Missing USB bus ${bus}`);
  if (!ports.includes(port)) throw fail(`Duplicate USB address bus ${bus} port ${port}`);
  free.set(
    bus,
    ports.filter((each) => each !== port),
  );
}

function assign(free: Map<string, string[]>, device: Draft): void {
  const given = childAt(device, "address");
  // Another address, as that of a host's device, stays.
  if (given && given.attributes.get("type") !== "usb") return;
  const wanted = given?.attributes.get("bus");
  for (const [bus, ports] of free) {
    const [port] = ports;
    if (port === undefined || (wanted !== undefined && wanted !== bus)) continue;
    free.set(bus, ports.slice(1));
    removeChildren(device, "address");
    device.children.push(draft("address", { type: "usb", bus, port }));
    return;
  }
  throw vmError("internalError", "No free USB ports", { domain: ErrorDomain.none });
}

function fail(message: string): Error {
  return vmError("xmlError", message, { domain: ErrorDomain.none });
}
