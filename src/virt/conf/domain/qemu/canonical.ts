/**
 * What libvirt's qemu driver makes of a definition for a `riscv64` guest on the machine `virt`: the
 * canonical form, with the devices that every guest has and an address for each device.
 */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import {
  childAt,
  type Draft,
  draftOf,
  draftText,
  ensureChild,
  setText,
} from "../../../xml/draft.ts";
import type { XmlElement } from "../../../xml/element.ts";
import { arrange } from "../../arrange.ts";
import { DOMAIN_ORDER } from "../order.ts";
import { canonicalDomain, parsedTree } from "../parse.ts";
import { addDefaultDevices, addImpliedDevices, fillDevice } from "./default-devices.ts";
import type { QemuDomainContext, QemuDomainOptions } from "./context.ts";
import { fillCpu } from "./cpu.ts";
import { sortControllers } from "../controllers.ts";
import { fillFirmware } from "./firmware.ts";
import { fillNumaMemory } from "./memory.ts";
import { fillNuma } from "./numa.ts";
import { assignPciAddresses } from "./pci-assign.ts";
import { assignUsbAddresses } from "./usb-address.ts";
import { assignVirtioSerialAddresses } from "./virtio-serial-address.ts";
import { chooseVirtioTransport } from "./virtio-transport.ts";

const ARCH = "riscv64";
const MACHINE = "virt";

/**
 * Parses a definition for the qemu driver.
 *
 * @throws VmError xmlDetail, xmlError, noName, configUnsupported, invalidArg, internalError, in
 *   libvirt's words
 */
export function parseQemuDomain(
  text: string,
  context: QemuDomainContext,
  options: QemuDomainOptions,
): XmlElement {
  return canonicalQemuDomain(parsedTree(text, options), context, options);
}

/**
 * As `parseQemuDomain`, for a tree. What is canonical already stays, but controllers that were added
 * behind others stand with those of their type then, as libvirt has it.
 */
export function canonicalQemuDomain(
  tree: XmlElement,
  context: QemuDomainContext,
  options: QemuDomainOptions,
): XmlElement {
  const domain = draftOf(canonicalDomain(tree, context, options));
  const inactive = !domain.attributes.has("id");
  const devices = ensureChild(domain, "devices");
  fillEmulator(devices, context);
  checkMachine(domain, devices);
  fillFirmware(domain, context);
  sortControllers(devices);
  addDefaultDevices(devices, context);
  fillGenid(domain, context);
  fillCpu(domain);
  fillNuma(domain);
  for (const device of devices.children) {
    if (device.kind === "element") fillDevice(device, context, inactive);
  }
  fillNumaMemory(domain, options);
  addImpliedDevices(devices, context);
  assignAddresses(devices, context, options);
  arrange(domain, DOMAIN_ORDER);
  return domain;
}

function assignAddresses(
  devices: Draft,
  { board }: QemuDomainContext,
  { newDomain }: QemuDomainOptions,
): void {
  assignVirtioSerialAddresses(devices);
  chooseVirtioTransport(devices, board);
  assignPciAddresses(devices, board);
  if (newDomain) assignUsbAddresses(devices);
}

/** A generation id without a value is to be made. */
function fillGenid(domain: Draft, { newUuid }: QemuDomainContext): void {
  const genid = childAt(domain, "genid");
  if (genid && draftText(genid).trim() === "") setText(genid, newUuid());
}

function fillEmulator(devices: Draft, { emulator }: QemuDomainContext): void {
  if (childAt(devices, "emulator")) return;
  devices.children.unshift({
    kind: "element",
    name: "emulator",
    attributes: new Map(),
    children: [{ kind: "text", text: emulator }],
  });
}

/** There is one machine, and it runs guests of one architecture. */
function checkMachine(domain: Draft, devices: Draft): void {
  const emulator = draftText(childAt(devices, "emulator") ?? devices);
  const type = childAt(domain, "os", "type");
  const os = type ? draftText(type) : "";
  if (os !== "hvm") refuse(`Emulator '${emulator}' does not support os type '${os}'`);
  const arch = type?.attributes.get("arch") ?? "";
  if (arch !== ARCH) refuse(`Emulator '${emulator}' does not support arch '${arch}'`);
  const machine = type?.attributes.get("machine") ?? "";
  if (machine !== MACHINE) {
    refuse(`Emulator '${emulator}' does not support machine type '${machine}'`);
  }
  if (childAt(domain, "bootloader")) refuse("bootloader is not supported by QEMU");
}

function refuse(message: string): never {
  throw vmError("configUnsupported", message, { domain: ErrorDomain.qemu });
}
