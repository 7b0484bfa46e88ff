/** What is filled in where options say nothing: devices that every guest gets, and their values. */
import { finishDevice } from "../virtinst/default-values.ts";
import type { Guest } from "../virtinst/guest.ts";
import {
  setClock,
  setCpu,
  setFeatures,
  setInit,
  setSecurityLabels,
  setSleep,
} from "../virtinst/part-defaults.ts";
import {
  driverOf,
  hasPcie,
  hasSpice,
  isArmVirt,
  isContainer,
  isHvm,
  isPseries,
  isQemu,
  isRiscvVirt,
  isS390,
  isTest,
  isUefi,
  isX86,
  isXenPv,
  prefersVirtio,
} from "../virtinst/platform.ts";
import { syncTopology } from "../virtinst/rules-cpu.ts";
import { addUsb2, addUsb3 } from "../virtinst/whole-values.ts";

/** The machine and the emulator. @throws Error where the connection cannot run such a guest */
export function setMachine(guest: Guest): void {
  const offer = guest.offer();
  guest.set("@type", offer.domainType);
  guest.set("os:type", offer.osType);
  guest.set("os:type/@arch", offer.arch);
  guest.domain.preset("os:loader", offer.loader);
  if (!isXenPv(guest)) guest.domain.preset("devices/emulator", offer.emulator);
  if (guest.get("os:type/@machine") !== undefined) return;
  if (!isQemu(guest) && !isTest(guest)) return;
  const wished: Readonly<Record<string, string>> = {
    ppc64: "pseries",
    ppc64le: "pseries",
    armv7l: "virt",
    aarch64: "virt",
    s390x: "s390-ccw-virtio",
    riscv64: "virt",
    riscv32: "virt",
  };
  const machine = wished[offer.arch];
  if (machine !== undefined && offer.machines.includes(machine)) {
    guest.set("os:type/@machine", machine);
  }
}

/** All defaults, in the order in which they build on one another. @throws Error */
export function setDefaults(guest: Guest): void {
  setMachine(guest);
  guest.domain.preset("uuid", guest.around.host.newUuid());
  syncTopology(guest, 1);
  setDefaultMachine(guest);
  setFirmware(guest);
  addDisplay(guest);
  addInputs(guest);
  addConsole(guest);
  addUsb(guest);
  addVirtioDevices(guest);
  setClock(guest);
  setCpu(guest);
  setFeatures(guest);
  setSecurityLabels(guest);
  setSleep(guest);
  setInit(guest);
  for (const kind of DEVICE_KINDS) {
    for (const device of guest.devices(kind)) finishDevice(guest, kind, device);
  }
  addControllers(guest);
  addSpiceDevices(guest);
}

/** The kinds of devices, in the order in which their values are filled in. */
const DEVICE_KINDS = [
  "disk",
  "controller",
  "filesystem",
  "interface",
  "smartcard",
  "serial",
  "parallel",
  "console",
  "channel",
  "input",
  "tpm",
  "graphics",
  "sound",
  "audio",
  "video",
  "hostdev",
  "redirdev",
  "watchdog",
  "memballoon",
  "rng",
  "panic",
  "shmem",
  "memory",
  "vsock",
  "iommu",
];

function setDefaultMachine(guest: Guest): void {
  if (guest.get("os:type/@machine") !== undefined) return;
  const { machines } = guest.offer();
  const wantsQ35 = isX86(guest) && isQemu(guest) && guest.os.hasVirtio;
  guest.set("os:type/@machine", wantsQ35 && machines.includes("q35") ? "q35" : machines[0]);
}

function setFirmware(guest: Guest): void {
  const given = ["kernel", "loader", "loader/@readonly", "nvram", "@firmware"];
  const isOpen = given.every((path) => guest.get(`os:${path}`) === undefined);
  // Nothing else on such a board finds a disk's or a CD's boot loader.
  const isUsual = isArmVirt(guest) || (isRiscvVirt(guest) && guest.deviceOffer.hasEfi);
  if (!guest.wantsUefi && !(isUsual && isOpen)) return;
  if (!isQemu(guest)) throw new Error("Libvirt version does not support UEFI.");
  guest.set("os:@firmware", "efi");
}

function usbIsOff(guest: Guest): boolean {
  const controllers = guest.devices("controller").filter((each) => each.get("@type") === "usb");
  return controllers.length > 0 && controllers.every((each) => each.get("@model") === "none");
}

function addDisplay(guest: Guest): void {
  const wants = !guest.unwanted.has("graphics") && !isContainer(guest);
  if (wants && guest.devices("graphics").length === 0 && (isX86(guest) || isPseries(guest))) {
    guest.addDevice("graphics");
  }
  if (isContainer(guest) || guest.devices("video").length > 0) return;
  if (guest.devices("graphics").length > 0) guest.addDevice("video");
}

function addInputs(guest: Guest): void {
  if (isContainer(guest) || guest.devices("input").length > 0) return;
  if (guest.devices("graphics").length === 0 || usbIsOff(guest)) return;
  const hasNoPs2 = [isArmVirt, isRiscvVirt, isPseries].some((is) => is(guest));
  const add = (type: string, bus: string): void =>
    void guest.addDevice("input", { "@type": type, "@bus": bus });
  if ((isX86(guest) && !isXenPv(guest)) || hasNoPs2) add("tablet", "usb");
  if (hasNoPs2) add("keyboard", "usb");
  if (!isS390(guest) || !guest.os.hasVirtio) return;
  add("tablet", "virtio");
  add("keyboard", "virtio");
}

function addConsole(guest: Guest): void {
  if (guest.unwanted.has("console")) return;
  if (guest.devices("console").length > 0 || guest.devices("serial").length > 0) return;
  guest.addDevice("console", {
    "@type": "pty",
    ...(isS390(guest) ? { "target/@type": "sclp" } : {}),
  });
}

function addUsb(guest: Guest): void {
  if (guest.devices("controller").some((each) => each.get("@type") === "usb")) return;
  if (isX86(guest) && (isQemu(guest) || isTest(guest))) {
    if (isQemu(guest) && guest.os.hasVirtio) addUsb3(guest);
    else addUsb2(guest);
  } else if (isQemu(guest) && [isArmVirt, isRiscvVirt, isPseries].some((is) => is(guest))) {
    if (guest.deviceOffer.hasUsb) addUsb3(guest);
  }
}

function addVirtioDevices(guest: Guest): void {
  const isFree = (kind: string): boolean => guest.devices(kind).length === 0;
  const isWanted = (kind: "channel" | "rng"): boolean =>
    !guest.unwanted.has(kind) && isFree(kind) && guest.deviceOffer.has(kind);
  if (isWanted("channel") && prefersVirtio(guest)) {
    guest.addDevice("channel", {
      "@type": "unix",
      "target/@type": "virtio",
      "target/@name": "org.qemu.guest_agent.0",
    });
  }
  const hasDriver = isQemu(guest) && guest.os.hasVirtio;
  const fits = [isX86, isArmVirt, isRiscvVirt, isS390, isPseries].some((is) => is(guest));
  if (hasDriver && fits && isWanted("rng")) {
    guest.addDevice("rng", {
      "backend/@model": "random",
      "backend[@model='random']": "/dev/urandom",
    });
  }
  if (hasDriver && fits && isFree("memballoon")) {
    guest.addDevice("memballoon", { "@model": "virtio" });
  }
  if (
    isQemu(guest) &&
    isUefi(guest) &&
    !guest.unwanted.has("tpm") &&
    isFree("tpm") &&
    isX86(guest)
  ) {
    guest.addDevice("tpm", { "@type": "emulator" });
  }
}

function addControllers(guest: Guest): void {
  const has = (type: string): boolean =>
    guest.devices("controller").some((each) => each.get("@type") === type);
  const onScsi = guest.devices("disk").some((each) => each.get("target/@bus") === "scsi");
  if (onScsi && !has("scsi") && prefersVirtio(guest)) {
    guest.addDevice("controller", { "@type": "scsi", "@model": "virtio-scsi" });
  }
  if (has("pci") || !hasPcie(guest)) return;
  if (guest.pcieRootPorts > 0) {
    guest.addDevice("controller", { "@type": "pci", "@model": "pcie-root" });
  }
  for (let port = 0; port < guest.pcieRootPorts; port += 1) {
    guest.addDevice("controller", { "@type": "pci", "@model": "pcie-root-port" });
  }
}

function addSpiceDevices(guest: Guest): void {
  if (!hasSpice(guest)) return;
  const add = (kind: string, values: Readonly<Record<string, string>> = {}): void =>
    finishDevice(guest, kind, guest.addDevice(kind, values));
  if (isX86(guest) && driverOf(guest) !== "xen") {
    if (guest.domain.value("features:vmport/@state") === undefined) {
      guest.set("features:vmport/@state", false);
    }
  }
  const isOpen = (kind: string): boolean => guest.devices(kind).length === 0;
  const hasAgent = guest.devices("channel").some((each) => each.get("@type") === "spicevmc");
  if (!guest.unwanted.has("channel") && !hasAgent) add("channel", { "@type": "spicevmc" });
  if (!guest.unwanted.has("sound") && isOpen("sound") && isHvm(guest)) add("sound");
  if (guest.unwanted.has("usbredir") || !isOpen("redirdev")) return;
  if (usbIsOff(guest) || !isX86(guest)) return;
  for (let count = 0; count < 2; count += 1) {
    add("redirdev", { "@bus": "usb", "@type": "spicevmc" });
  }
}
