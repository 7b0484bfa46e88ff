/** The devices of a domain: a step for each kind. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draft, ensureChild } from "../../xml/draft.ts";
import { fillAddress } from "./address.ts";
import { fillCharacterDevice } from "./character-devices.ts";
import { fillConsoles } from "./consoles.ts";
import { sortControllers } from "./controllers.ts";
import type { DomainContext, DomainParseOptions } from "./context.ts";
import { fillDisk } from "./disk.ts";
import { fillGraphics } from "./graphics.ts";
import { addDiskControllers, assignDriveAddress, sortDisks } from "./drive-address.ts";
import { fillInterface } from "./interface.ts";
import { fillVideos } from "./video.ts";
import { addVirtioSerialControllers } from "./virtio-serial.ts";

type Fill = (device: Draft, context: DomainContext, options: DomainParseOptions) => void;

const FILLS: Readonly<Record<string, Fill>> = {
  disk: fillDisk,
  interface: fillInterface,
  graphics: fillGraphics,
  serial: fillPort,
  parallel: fillPort,
  console: fillPort,
  channel: fillPort,
  smartcard: fillPort,
  redirdev: fillRedirectedDevice,
  rng: fillRng,
};

function fillPort(device: Draft, _context: DomainContext, { inactive }: DomainParseOptions): void {
  fillCharacterDevice(device, inactive);
}

export function fillDevices(
  domain: Draft,
  context: DomainContext,
  options: DomainParseOptions,
): void {
  const devices = ensureChild(domain, "devices");
  fillControllers(devices);
  sortDisks(devices);
  for (const device of childrenOf(devices)) {
    fillAddress(device);
    FILLS[device.name]?.(device, context, options);
    if (options.inactive) dropAlias(device);
  }
  fillConsoles(domain, devices);
  if (context.videoModel) addControllers(devices);
  fillVideos(domain, devices, context);
  fillSmartcards(devices);
}

function addControllers(devices: Draft): void {
  sortControllers(devices);
  for (const disk of childrenOf(devices, "disk")) assignDriveAddress(disk, "narrow");
  addDiskControllers(devices);
  addVirtioSerialControllers(devices);
}

/** Aliases are the running domain's, but those that a user chose: they begin with `ua-`. */
function dropAlias(device: Draft): void {
  device.children = device.children.filter(
    (child) =>
      child.kind !== "element" ||
      child.name !== "alias" ||
      child.attributes.get("name")?.startsWith("ua-") === true,
  );
}

/** Controllers without an index get the next one of their type. */
function fillControllers(devices: Draft): void {
  const controllers = childrenOf(devices, "controller");
  for (const controller of controllers) {
    const type = controller.attributes.get("type");
    if (type === undefined) {
      throw vmError("xmlError", "Missing required attribute 'type' in element 'controller'", {
        domain: ErrorDomain.domain,
      });
    }
    if (controller.attributes.has("index")) continue;
    const taken = controllers
      .filter((each) => each.attributes.get("type") === type)
      .flatMap((each) => each.attributes.get("index") ?? []);
    controller.attributes.set("index", nextFree(taken));
  }
}

function nextFree(taken: readonly string[]): string {
  let index = 0;
  while (taken.includes(String(index))) index++;
  return String(index);
}

function fillRedirectedDevice(device: Draft): void {
  fillCharacterDevice(device);
  device.children.push({ kind: "open" });
}

function fillRng(rng: Draft): void {
  const backend = childAt(rng, "backend");
  if (backend && backend.attributes.has("type")) fillCharacterDevice(backend);
}

/** A smart card hangs on a CCID controller, made where there is none. */
function fillSmartcards(devices: Draft): void {
  const cards = childrenOf(devices, "smartcard");
  if (cards.length === 0) return;
  const has = childrenOf(devices, "controller").some(
    (each) => each.attributes.get("type") === "ccid",
  );
  if (!has) devices.children.push(draft("controller", { type: "ccid", index: 0 }));
  for (const [slot, card] of cards.entries()) {
    if (!childAt(card, "address")) {
      card.children.push(draft("address", { type: "ccid", controller: 0, slot }));
    }
  }
}
