/** The devices that every guest has, and what libvirt's qemu driver fills in of the others. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  draft,
  draftText,
  ensureChild,
  removeChildren,
  setText,
} from "../../../xml/draft.ts";
import { ensureController, findController } from "../controllers.ts";
import type { QemuDomainContext } from "./context.ts";
import { addDiskControllers } from "../drive-address.ts";
import { fillDisk } from "./disk.ts";
import { fillSerial } from "./serial.ts";
import { fillVideo } from "./video.ts";
import { addVirtioSerialControllers } from "../virtio-serial.ts";

/** The machine's own PCI bus, the balloon and the sound backend. */
export function addDefaultDevices(devices: Draft, { board }: QemuDomainContext): void {
  if (board.pcie) addRootBus(devices);
  if (childrenOf(devices, "memballoon").length === 0) {
    devices.children.push(draft("memballoon", { model: "virtio" }));
  }
  fillSpiceListen(devices);
  addAudio(devices);
}

function addRootBus(devices: Draft): void {
  const model = findController(devices, "pci", 0)?.attributes.get("model");
  if (model !== undefined && model !== "pcie-root") {
    throw vmError(
      "xmlError",
      `The PCI controller with index='0' must be model='pcie-root' for this machine type, but model='${model}' was found instead`,
      { domain: ErrorDomain.qemu },
    );
  }
  ensureController(devices, "pci", 0, "pcie-root");
}

/** Spice without a port listens nowhere. */
function fillSpiceListen(devices: Draft): void {
  for (const graphics of childrenOf(devices, "graphics")) {
    if (graphics.attributes.get("type") !== "spice") continue;
    const listen = childAt(graphics, "listen");
    const { port, tlsPort, autoport } = Object.fromEntries(graphics.attributes);
    const open = port !== undefined || tlsPort !== undefined || autoport === "yes";
    if (listen?.attributes.get("type") === "address" && !open) {
      listen.attributes = new Map([["type", "none"]]);
      graphics.attributes.delete("listen");
    }
  }
}

/** Sound goes to the viewer where that is spice, else nowhere; other viewers say themselves. */
function addAudio(devices: Draft): void {
  if (childrenOf(devices, "audio").length > 0) return;
  const viewers = childrenOf(devices, "graphics").map((each) => each.attributes.get("type"));
  const last = viewers.findLast((type) => type === "vnc" || type === "spice");
  if (viewers.length > 0 && last === undefined) return;
  devices.children.push(draft("audio", { id: 1, type: last === "spice" ? "spice" : "none" }));
}

/** Fills in one device. @throws VmError xmlError, configUnsupported */
export function fillDevice(device: Draft, context: QemuDomainContext, inactive: boolean): void {
  if (device.name === "disk") fillDisk(device, inactive);
  FILLS[device.name]?.(device, context);
}

const FILLS: Readonly<Record<string, (device: Draft, context: QemuDomainContext) => void>> = {
  interface: fillInterface,
  controller: fillController,
  video: fillVideo,
  serial: fillSerial,
  channel: fillChannel,
  rng: fillRng,
  input: fillInput,
};

function fillInterface(iface: Draft): void {
  if (iface.attributes.get("type") === "hostdev") return;
  defaultAttribute(ensureChild(iface, "model"), "type", "virtio");
}

function fillController(controller: Draft, { board }: QemuDomainContext): void {
  const { type, model, index } = Object.fromEntries(controller.attributes);
  if (type === "scsi" && (model === undefined || model === "auto")) {
    controller.attributes.set("model", board.scsiModel);
  }
  if (type !== "pci") return;
  if ((model === "pci-root" || model === "pcie-root") && index !== "0") {
    throw vmError("xmlError", "pci-root and pcie-root controllers should have index 0", {
      domain: ErrorDomain.qemu,
    });
  }
}

/** A path below the driver's own folder is one that it chose; it chooses again. */
function fillChannel(channel: Draft, { channelFolder }: QemuDomainContext): void {
  const source = childAt(channel, "source");
  const path = source?.attributes.get("path") ?? "";
  if (channel.attributes.get("type") !== "unix" || !path.startsWith(`${channelFolder}/`)) return;
  const name = childAt(channel, "target")?.attributes.get("name") ?? "";
  const rest = path.slice(channelFolder.length + 1);
  const chosen = /^(?:domain-[^/]+\/|[^/]+\.)/.exec(rest)?.[0];
  if (chosen !== undefined && rest.endsWith(name)) removeChildren(channel, "source");
}

function fillRng(rng: Draft): void {
  const backend = childAt(rng, "backend");
  if (backend?.attributes.get("model") !== "random") return;
  if (draftText(backend) === "") setText(backend, "/dev/random");
}

function fillInput(input: Draft): void {
  if (input.attributes.get("type") !== "evdev") defaultAttribute(input, "bus", "usb");
}

/** Adds what other devices hang on, and a display for graphics. */
export function addImpliedDevices(devices: Draft, context: QemuDomainContext): void {
  addDiskControllers(devices);
  addVirtioSerialControllers(devices);
  for (const controller of childrenOf(devices, "controller")) fillController(controller, context);
  const wantsVideo = childrenOf(devices, "graphics").length > 0;
  if (wantsVideo && childrenOf(devices, "video").length === 0) {
    const video = draft("video", {}, draft("model", { primary: "yes" }));
    fillVideo(video);
    devices.children.push(video);
  }
}
