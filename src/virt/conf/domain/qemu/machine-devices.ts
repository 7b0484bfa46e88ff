/** Which devices of a definition our machine has. Others are refused when the domain is started. */
import { vmError } from "../../../../protocol/vm-error.ts";
import { childElements, find, type XmlElement } from "../../../xml/element.ts";

type Check = (device: XmlElement) => boolean;

const always: Check = () => true;
const attribute =
  (name: string, ...values: readonly (string | undefined)[]): Check =>
  (device) =>
    values.includes(device.attributes.get(name));
const targetType =
  (...values: readonly (string | undefined)[]): Check =>
  (device) =>
    values.includes(find(device, "target")?.attributes.get("type"));

/** Whether the machine has a device of that element; those that are missing here it never has. */
const DEVICES: Readonly<Record<string, Check>> = {
  emulator: always,
  // Of SCSI and virtio disks, `machine-disks.ts` says more.
  disk: always,
  // They are there as far as a device hangs on them.
  controller: attribute("type", "pci", "scsi", "virtio-serial"),
  serial: attribute("type", "pty", undefined),
  console: (device) => {
    const pty = attribute("type", "pty", undefined)(device);
    return pty && targetType("serial", "virtio", undefined)(device);
  },
  channel: (device) => attribute("type", "unix", "pty")(device) && targetType("virtio")(device),
  rng: always,
  input: (device) => attribute("type", "keyboard")(device) && attribute("bus", "virtio")(device),
  // Of its models, `machine-config.ts` says more.
  memballoon: always,
  audio: attribute("type", "none"),
};

/** Whether the machine has such a device. */
export function machineHas(device: XmlElement): boolean {
  const check = Object.hasOwn(DEVICES, device.name) ? DEVICES[device.name] : undefined;
  return check?.(device) === true;
}

/** @throws VmError configUnsupported naming the first device that the machine does not have */
export function refuseUnknownDevices(domain: XmlElement): void {
  const devices = find(domain, "devices");
  if (!devices) return;
  for (const device of childElements(devices)) {
    if (!machineHas(device)) throw unsupported(device);
  }
  const serials = childElements(devices, "serial");
  if (serials.length > 1) {
    throw vmError("configUnsupported", "only one serial port is supported by this machine");
  }
}

function unsupported(device: XmlElement) {
  const kind = device.attributes.get("type") ?? find(device, "model")?.attributes.get("type");
  const bus = device.name === "input" ? device.attributes.get("bus") : undefined;
  const what =
    (kind === undefined ? device.name : `${device.name} of type '${kind}'`) +
    (bus === undefined ? "" : ` on bus '${bus}'`);
  return vmError("configUnsupported", `this QEMU doesn't support the device ${what}`);
}
