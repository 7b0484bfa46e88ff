/**
 * The cases of qemuxml2xml that are for other machines, but that ours can express too: the same guest is
 * asked of our machine, and what differs between machines is left out of the comparison.
 */
import {
  childAt,
  childrenOf,
  type Draft,
  draftText,
  removeChildren,
} from "../../src/virt/xml/draft.ts";

/** Devices that our machine's domains can have, by element; any others make a case foreign. */
const DEVICES: Readonly<Record<string, (device: Draft) => boolean>> = {
  emulator: () => true,
  disk: isOurDisk,
  controller: isOurController,
  interface: (each) =>
    each.attributes.get("type") !== "hostdev" && isVirtio(childAt(each, "model"), "type"),
  serial: (serial) => [undefined, "isa-serial", "system-serial"].includes(targetType(serial)),
  console: (console) => [undefined, "serial", "virtio"].includes(targetType(console)),
  channel: (channel) => targetType(channel) === "virtio",
  memballoon: (balloon) => isModern(balloon),
  rng: (rng) => isModern(rng),
  audio: () => true,
  graphics: (graphics) => ["vnc", "spice"].includes(graphics.attributes.get("type") ?? ""),
  video: (video) => {
    const model = childAt(video, "model");
    return model?.attributes.get("type") === "none" || isVirtio(model, "type");
  },
  input: (input) => ["virtio", "ps2"].includes(input.attributes.get("bus") ?? ""),
};

/** Elements of a domain that are for other machines, or for what a host and not a guest has. */
const FOREIGN_ELEMENTS: readonly string[] = ["bootloader", "launchSecurity", "keywrap"];

/** The features that x86 guests have of themselves. */
const COMMON_FEATURES: readonly string[] = ["acpi", "apic", "pae", "gic"];

/** Parts of a CPU that are those of another architecture. */
const FOREIGN_CPU = ["model", "feature", "vendor", "cache", "maxphysaddr"] as const;

/** Whether a domain of ours can be the one of the definition, but for its architecture. */
export function isExpressible(domain: Draft): boolean {
  if (!["qemu", "kvm"].includes(domain.attributes.get("type") ?? "")) return false;
  const type = childAt(domain, "os", "type");
  if (!type || draftText(type) !== "hvm") return false;
  if (childrenOf(domain, ...FOREIGN_ELEMENTS).length > 0) return false;
  const features = childrenOf(childAt(domain, "features") ?? type);
  if (features.some(({ name }) => !COMMON_FEATURES.includes(name))) return false;
  const cpu = childAt(domain, "cpu");
  if (cpu && childrenOf(cpu, ...FOREIGN_CPU).length > 0) return false;
  const clock = childAt(domain, "clock");
  if (clock && childrenOf(clock, "timer").length > 0) return false;
  const devices = childAt(domain, "devices");
  return !devices || childrenOf(devices).every((each) => DEVICES[each.name]?.(each) === true);
}

function targetType(device: Draft): string | undefined {
  return childAt(device, "target")?.attributes.get("type");
}

function isVirtio(model: Draft | undefined, attribute: string): boolean {
  return [undefined, "virtio"].includes(model?.attributes.get(attribute));
}

/** Transitional devices are two devices in one; ours are those of the standard. */
function isModern(device: Draft): boolean {
  return device.attributes.get("model")?.includes("transitional") !== true;
}

const SOURCES: readonly string[] = ["file", "block", "network", "volume", "dir"];

function isOurDisk(disk: Draft): boolean {
  const target = childAt(disk, "target")?.attributes;
  const prefix = target?.get("dev")?.slice(0, 2);
  const bus = target?.get("bus") ?? (prefix === "vd" ? "virtio" : prefix === "sd" ? "scsi" : "");
  const boot = childAt(disk, "boot");
  return (
    (bus === "virtio" || bus === "scsi") &&
    isModern(disk) &&
    SOURCES.includes(disk.attributes.get("type") ?? "file") &&
    // A parameter of s390's loader.
    boot?.attributes.has("loadparm") !== true
  );
}

/** Controllers of the board itself are there on any machine, each its own. */
const BOARD_CONTROLLERS: readonly string[] = ["pci", "ide", "sata", "fdc"];

function isOurController(controller: Draft): boolean {
  const { type = "", model } = Object.fromEntries(controller.attributes);
  if (BOARD_CONTROLLERS.includes(type)) return true;
  if (type === "usb") return model === undefined || model === "none";
  if (type === "scsi") return [undefined, "virtio-scsi", "auto"].includes(model);
  return type === "virtio-serial" && model === undefined;
}

/** Makes the definition one for our machine: without the other's places and controllers. */
export function retarget(domain: Draft): void {
  setMachine(domain, [
    ["arch", "riscv64"],
    ["machine", "virt"],
  ]);
  const devices = childAt(domain, "devices");
  if (devices) dropBoard(devices);
}

function setMachine(domain: Draft, attributes: readonly [string, string][]): void {
  const type = childAt(domain, "os", "type");
  if (type) type.attributes = new Map(attributes);
  domain.attributes.set("type", "qemu");
}

function dropBoard(devices: Draft): void {
  devices.children = devices.children.filter(
    (each) => each.kind !== "element" || !(each.name === "emulator" || isOfBoard(each)),
  );
  for (const device of childrenOf(devices)) dropPlace(device);
}

function isOfBoard(device: Draft): boolean {
  // Some machines have a keyboard and a mouse of their own, of whichever kind.
  if (device.name === "input") return device.attributes.get("bus") !== "virtio";
  const type = device.attributes.get("type") ?? "";
  return device.name === "controller" && (type === "usb" || BOARD_CONTROLLERS.includes(type));
}

const PLACES: readonly string[] = ["pci", "virtio-mmio", "ccw", "isa", "spapr-vio"];

function dropPlace(device: Draft): void {
  device.children = device.children.filter(
    (child) =>
      child.kind === "open" ||
      (child.kind === "text" && child.text.trim() !== "") ||
      (child.kind === "element" &&
        !(child.name === "address" && PLACES.includes(child.attributes.get("type") ?? ""))),
  );
}

/**
 * Takes out of a canonical form what each machine and architecture has of its own where the definition
 * does not say: names, buses and places, the serial port's kind, models of network card, display and SCSI
 * controller, CPU, panic device and balloon.
 */
export function maskMachine(domain: Draft, input: Draft): void {
  setMachine(domain, []);
  const cpu = childAt(domain, "cpu");
  if (!childAt(input, "cpu")) removeChildren(domain, "cpu");
  else if (cpu) maskCpu(cpu);
  const features = childAt(domain, "features");
  if (features) removeChildren(features, "gic");
  if (features && childrenOf(features).length === 0) removeChildren(domain, "features");
  const devices = childAt(domain, "devices");
  const given = childAt(input, "devices");
  if (!devices) return;
  dropBoard(devices);
  for (const name of ["panic", "memballoon"]) {
    if (!given || childrenOf(given, name).length === 0) removeChildren(devices, name);
  }
  for (const device of childrenOf(devices)) maskDevice(device, given);
}

/** Whether what starts on KVM is compared with the host's CPU, and can move, depends on that CPU. */
function maskCpu(cpu: Draft): void {
  cpu.attributes.delete("migratable");
  if (cpu.attributes.get("check") === "partial") cpu.attributes.set("check", "none");
  if (!childAt(cpu, "model")) return;
  // The machine's own model, which no definition here has named.
  removeChildren(cpu, "model");
  for (const name of ["mode", "match", "check"]) cpu.attributes.delete(name);
}

function maskDevice(device: Draft, given: Draft | undefined): void {
  const target = childAt(device, "target");
  if (device.name === "serial" && target) {
    target.attributes.delete("type");
    target.children = [];
  }
  if (device.name === "controller" && device.attributes.get("type") === "scsi") {
    device.attributes.delete("model");
  }
  if (device.name === "interface") removeChildren(device, "model");
  const modelled = given && childrenOf(given, "video").some((each) => childAt(each, "model"));
  if (device.name === "video" && modelled !== true) device.children = [];
}
