/** Gives every PCI device its address, and adds the controllers that this takes. */
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  ensureChild,
  removeChildren,
} from "../../../xml/draft.ts";
import { hex } from "../../values.ts";
import {
  controllerIndex,
  controllersOf,
  ensureController,
  findController,
} from "../controllers.ts";
import type { QemuBoard } from "./context.ts";
import { PLUG_ORDER, plugOf } from "./pci-plugs.ts";
import { type PciAddress, PciSet } from "./pci-set.ts";

/** The bus of a controller that the definition leaves out. */
const DEFAULT_MODEL = "pcie-root-port";

/** QEMU's device behind each model of controller. */
const MODEL_NAMES: Readonly<Record<string, string>> = {
  "pci-bridge": "pci-bridge",
  "dmi-to-pci-bridge": "i82801b11-bridge",
  "pcie-to-pci-bridge": "pcie-pci-bridge",
  "pcie-root-port": "pcie-root-port",
  "pcie-switch-upstream-port": "x3130-upstream",
  "pcie-switch-downstream-port": "xio3130-downstream",
  "pci-expander-bus": "pxb",
  "pcie-expander-bus": "pxb-pcie",
};

/**
 * Devices go each into a root port of its own, so that they can be unplugged; one more port is left
 * free for a device to be plugged in, where the definition has no PCI controllers but the root.
 *
 * @throws VmError xmlError, internalError for addresses that cannot be
 */
export function assignPciAddresses(devices: Draft, board: QemuBoard): void {
  if (!board.pcie || controllersOf(devices, "pci").length === 0) return;
  addControllers(devices);
  const set = setOf(devices, false);
  for (const [device, address] of assign(devices, set)) writeAddress(device, address);
  markShared(devices, set);
  for (const controller of controllersOf(devices, "pci")) fillController(controller);
}

/** Tries out which buses there have to be, and adds their controllers. */
function addControllers(devices: Draft): void {
  const set = setOf(devices, true);
  const before = set.models.length;
  assign(devices, set);
  const wasEmpty = before <= 1;
  if (wasEmpty && set.models.length > before) set.take("pcie");
  for (let index = 1; index < set.models.length; index++) {
    if (findController(devices, "pci", index)) continue;
    const made = ensureController(devices, "pci", index, set.models[index]);
    const plug = plugOf(made);
    if (plug) set.take(plug);
  }
}

/** The buses of the controllers, with the places that are given taken. */
function setOf(devices: Draft, grows: boolean): PciSet {
  const models: string[] = [];
  for (const each of controllersOf(devices, "pci")) {
    models[controllerIndex(each)] = each.attributes.get("model") ?? "";
  }
  for (let index = 0; index < models.length; index++) models[index] ??= DEFAULT_MODEL;
  const set = new PciSet(models, grows);
  for (const device of childrenOf(devices)) {
    const address = pciAddress(device);
    if (address) set.reserve(plugOf(device) ?? "pci", address);
  }
  return set;
}

/** Takes a place for each device that wants one, in libvirt's order. */
function assign(devices: Draft, set: PciSet): [Draft, PciAddress][] {
  const bridges = controllersOf(devices, "pci");
  const others = PLUG_ORDER.flatMap((name) => childrenOf(devices, name)).filter(
    (device) => !bridges.includes(device),
  );
  return [...bridges, ...others].flatMap((device): [Draft, PciAddress][] => {
    const plug = plugOf(device);
    return plug && wantsAddress(device) ? [[device, set.take(plug)]] : [];
  });
}

/** A device without an address, or with one of which only the type is said. */
function wantsAddress(device: Draft): boolean {
  const address = childAt(device, "address");
  if (!address) return true;
  return address.attributes.get("type") === "pci" && !pciAddress(device);
}

/** All zero is no address. */
function pciAddress(device: Draft): PciAddress | undefined {
  const address = childAt(device, "address");
  if (address?.attributes.get("type") !== "pci") return undefined;
  const part = (name: string): number => Number(address.attributes.get(name) ?? 0);
  const [bus, slot, at] = [part("bus"), part("slot"), part("function")];
  return bus + slot + at === 0 ? undefined : { bus, slot, function: at };
}

function writeAddress(device: Draft, { bus, slot, function: at }: PciAddress): void {
  removeChildren(device, "address");
  device.children.push(
    draft("address", {
      type: "pci",
      domain: "0x0000",
      bus: hex(bus, 2),
      slot: hex(slot, 2),
      function: hex(at, 1),
    }),
  );
}

/** Function 0 of a slot says that there are others. */
function markShared(devices: Draft, set: PciSet): void {
  for (const device of childrenOf(devices)) {
    const address = pciAddress(device);
    const node = childAt(device, "address");
    if (!address || !node || address.function !== 0) continue;
    if (!node.attributes.has("multifunction") && set.sharesSlot(address)) {
      node.attributes.set("multifunction", "on");
    }
  }
}

/** What a controller is in QEMU, and how the guest tells its ports apart. */
function fillController(controller: Draft): void {
  const kind = controller.attributes.get("model") ?? "";
  const name = MODEL_NAMES[kind];
  if (name === undefined) return;
  const model = ensureChild(controller, "model");
  if (!model.attributes.has("name")) model.attributes.set("name", name);
  const { slot = 0, function: at = 0 } = pciAddress(controller) ?? {};
  const index = controllerIndex(controller);
  if (kind === "pci-bridge") defaultTarget(controller, { chassisNr: String(index) });
  if (kind === "pcie-root-port") {
    defaultTarget(controller, { chassis: String(index), port: hex((slot << 3) + at, 1) });
  }
  if (kind === "pcie-switch-downstream-port") {
    defaultTarget(controller, { chassis: String(index), port: hex(slot, 1) });
  }
}

function defaultTarget(controller: Draft, values: Readonly<Record<string, string>>): void {
  const target = ensureChild(controller, "target");
  for (const [name, value] of Object.entries(values)) {
    if (!target.attributes.has(name)) target.attributes.set(name, value);
  }
}
