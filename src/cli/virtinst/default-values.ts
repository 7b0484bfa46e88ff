/** The values that a device has where options give none. */
import { NO_SOURCE } from "./disk-source.ts";
import type { Guest } from "./guest.ts";
import {
  hasGl,
  hasPcie,
  hasSpice,
  isArm,
  isArmVirt,
  isHvm,
  isPseries,
  isQ35,
  isQemu,
  isRiscvVirt,
  isS390,
  isTest,
  isUefi,
  isX86,
  isXen,
  isXenPv,
  prefersVirtio,
} from "./platform.ts";
import type { Part } from "./part.ts";
import { defaultAutoport } from "./rules-devices.ts";

type Finish = (guest: Guest, device: Part) => void;

function diskBus(guest: Guest, device: string): string {
  if (device === "floppy") return "fdc";
  if (isXenPv(guest)) return "xen";
  if (!isHvm(guest)) return "ide";
  if (device === "disk" && prefersVirtio(guest)) return "virtio";
  if (device === "cdrom" && prefersVirtio(guest) && !isX86(guest)) return "scsi";
  if (isArm(guest)) return "sd";
  return isQ35(guest) ? "sata" : "ide";
}

const TARGETS: Readonly<Record<string, readonly [prefix: string, most: number]>> = {
  virtio: ["vd", 1024],
  xen: ["xvd", 1024],
  fdc: ["fd", 2],
  ide: ["hd", 4],
};

function letters(number: number): string {
  let rest = number;
  let text = "";
  while (rest > 0) {
    rest -= 1;
    text = String.fromCharCode(97 + (rest % 26)) + text;
    rest = Math.floor(rest / 26);
  }
  return text;
}

/** The first free name on the bus behind those that are used. @throws Error where all are */
export function freeTarget(disk: Part, used: readonly string[]): string {
  const bus = disk.get("target/@bus") ?? "";
  const isFloppy = disk.get("@device") === "floppy";
  const [prefix, most] = (isFloppy ? TARGETS["fdc"] : TARGETS[bus]) ?? ["sd", 1024];
  const left = new Set(used.filter((name) => name.startsWith(prefix)));
  let first: string | undefined;
  for (let number = 1; number <= most; number += 1) {
    const name = `${prefix}${letters(number)}`;
    if (left.delete(name)) continue;
    if (left.size === 0) return name;
    first ??= name;
  }
  if (first !== undefined) return first;
  throw new Error(`Only ${most} disks for bus '${bus}' are supported`);
}

const finishDisk: Finish = (guest, disk) => {
  const source = guest.sources.get(disk) ?? NO_SOURCE;
  disk.preset("@device", "disk");
  disk.preset("@type", source.type);
  const device = disk.get("@device") ?? "disk";
  if (source.path !== undefined && isQemu(guest)) disk.preset("driver/@name", "qemu");
  if (disk.get("driver/@name") === "qemu") {
    disk.preset("driver/@type", source.format ?? (source.type === "block" ? "raw" : undefined));
  }
  disk.preset("target/@bus", diskBus(guest, device));
  if (device === "cdrom") disk.set("readonly", true);
  setCaching(guest, disk);
  if (disk.get("target/@dev") === undefined) {
    const used = guest.devices("disk").flatMap((each) => each.get("target/@dev") ?? []);
    disk.set("target/@dev", freeTarget(disk, used));
  }
};

function setCaching(guest: Guest, disk: Part): void {
  if (!isQemu(guest) || disk.get("@device") !== "disk") return;
  const isNewAndSparse = guest.sources.get(disk)?.creates?.allocationBytes === 0n;
  const isBlock = disk.get("@type") === "block";
  if (isBlock) {
    disk.preset("driver/@cache", "none");
    disk.preset("driver/@io", "native");
  }
  if (isBlock || isNewAndSparse) disk.preset("driver/@discard", "unmap");
}

function networkModel(guest: Guest): string | undefined {
  if (!isHvm(guest)) return undefined;
  if (prefersVirtio(guest)) return "virtio";
  if (isQ35(guest)) return "e1000e";
  return isX86(guest) ? "e1000" : undefined;
}

/** An address of the connection's own range. */
export function randomMac(guest: Guest): string {
  const prefix = isQemu(guest) ? [0x52, 0x54, 0x00] : [0x00, 0x16, 0x3e];
  const bytes = [...prefix, ...guest.around.host.randomBytes()];
  return bytes.map((byte) => byte.toString(16).padStart(2, "0")).join(":");
}

const finishInterface: Finish = (guest, nic) => {
  nic.preset("@type", "bridge");
  nic.preset("mac/@address", randomMac(guest));
  nic.preset("model/@type", networkModel(guest));
};

const finishGraphics: Finish = (guest, graphics) => {
  graphics.preset("@type", isXen(guest) || !(isX86(guest) || isTest(guest)) ? "vnc" : "spice");
  const type = graphics.get("@type") ?? "";
  if (type === "sdl") {
    graphics.preset("@xauth", `${guest.around.host.env("HOME") ?? "~"}/.Xauthority`);
    graphics.preset("@display", guest.around.host.env("DISPLAY"));
  }
  const listen = graphics.list("listens")[0]?.get("@type");
  const needsPort = listen === undefined || ["address", "network"].includes(listen);
  if (["vnc", "spice"].includes(type) && needsPort) graphics.preset("@port", -1);
  if (type === "spice" && needsPort) graphics.preset("@tlsPort", -1);
  if (graphics.get("@autoport") === undefined) {
    graphics.set("@autoport", defaultAutoport(graphics));
  }
  if (type === "spice") graphics.preset("image/@compression", "off");
};

function videoModel(guest: Guest): string | undefined {
  if (!isHvm(guest)) return undefined;
  if (isPseries(guest)) return "vga";
  if (isArmVirt(guest) || isRiscvVirt(guest)) return "virtio";
  if (isS390(guest) && isQemu(guest)) return "virtio";
  if (hasSpice(guest) && hasGl(guest)) return "virtio";
  if (isQemu(guest) && guest.os.hasVirtioGpu) return "virtio";
  if (isX86(guest) && hasSpice(guest)) return "qxl";
  return isUefi(guest) && isQemu(guest) ? "bochs" : "vga";
}

const finishVideo: Finish = (guest, video) => {
  video.preset("model/@type", videoModel(guest));
  if (video.get("model/@type") === "virtio" && hasGl(guest)) {
    video.set("model/acceleration/@accel3d", true);
  }
};

const finishCharacter: Finish = (_guest, device) => {
  const type = device.get("@type") ?? "";
  if (["unix", "tcp"].includes(type)) device.preset("source:@mode", "bind");
  if (device.shape.name === "channel") device.preset("target/@type", "virtio");
  if (["spicevmc", "qemu-vdagent"].includes(type)) {
    device.preset("target/@name", "com.redhat.spice.0");
  }
};

const finishInput: Finish = (guest, input) => {
  input.preset("@type", "mouse");
  const type = input.get("@type");
  if (type !== "evdev") {
    input.preset("@bus", type === "tablet" ? "usb" : isXen(guest) ? "xen" : "ps2");
  }
};

const finishTpm: Finish = (_guest, tpm) => {
  const hasPath = tpm.get("backend/device/@path") !== undefined;
  tpm.preset("backend/@type", hasPath ? "passthrough" : "emulator");
  const isEmulated = tpm.get("backend/@type") === "emulator";
  if (isEmulated && tpm.get("backend/@version") === undefined) tpm.preset("@model", "tpm-crb");
};

function panicModel(guest: Guest): string | undefined {
  if (isX86(guest)) return "isa";
  if (isPseries(guest)) return "pseries";
  return isS390(guest) ? "s390" : undefined;
}

/** Values alone that a kind of device starts with. */
const preset =
  (values: Readonly<Record<string, string | boolean>>): Finish =>
  (_guest, device) => {
    for (const [path, value] of Object.entries(values)) device.preset(path, value);
  };

const FINISH: Readonly<Record<string, Finish>> = {
  disk: finishDisk,
  interface: finishInterface,
  graphics: finishGraphics,
  video: finishVideo,
  serial: finishCharacter,
  parallel: finishCharacter,
  console: finishCharacter,
  channel: finishCharacter,
  input: finishInput,
  tpm: finishTpm,
  filesystem: (_guest, device) => {
    device.preset("@type", "mount");
    if (device.get("driver/@type") !== "virtiofs") device.preset("@accessmode", "mapped");
  },
  hostdev: (guest, device) => {
    device.preset("@managed", isXen(guest) ? "no" : "yes");
    device.preset("@mode", "subsystem");
  },
  memballoon: preset({ "@model": "virtio" }),
  rng: preset({ "@model": "virtio" }),
  redirdev: preset({ "@bus": "usb", "@type": "spicevmc" }),
  sound: (guest, device) => device.preset("@model", hasPcie(guest) ? "ich9" : "ich6"),
  smartcard: (_guest, device) => {
    device.preset("@mode", "passthrough");
    device.preset("@type", device.get("@mode") === "passthrough" ? "spicevmc" : "tcp");
  },
  watchdog: preset({ "@model": "i6300esb", "@action": "reset" }),
  panic: (guest, device) => {
    if (device.get("address:@iobase") !== undefined) device.preset("address:@type", "isa");
    device.preset("@model", panicModel(guest));
  },
  vsock: (_guest, device) => {
    device.preset("@model", "virtio");
    if (device.get("cid/@address") === undefined) device.preset("cid/@auto", true);
  },
};

/** Fills in what the device's options left open. */
export function finishDevice(guest: Guest, kind: string, device: Part): void {
  FINISH[kind]?.(guest, device);
}
