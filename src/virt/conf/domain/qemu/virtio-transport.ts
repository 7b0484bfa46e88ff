/** Whether virtio devices without an address go on PCI or into the board's places for virtio. */
import { childAt, childrenOf, type Draft, draft } from "../../../xml/draft.ts";
import { findController } from "../controllers.ts";
import type { QemuBoard } from "./context.ts";

/** The devices that can be on either: those that are virtio ones. */
const IS_VIRTIO: Readonly<Record<string, (device: Draft) => boolean>> = {
  disk: (disk) => childAt(disk, "target")?.attributes.get("bus") === "virtio",
  interface: (each) => childAt(each, "model")?.attributes.get("type") === "virtio",
  video: (video) => childAt(video, "model")?.attributes.get("type") === "virtio",
  input: (input) => input.attributes.get("bus") === "virtio",
  controller: (each) => ["virtio-serial", "scsi"].includes(each.attributes.get("type") ?? ""),
  memballoon: (balloon) => balloon.attributes.get("model") !== "none",
  rng: () => true,
};

/**
 * Gives virtio devices a place on the board where the guest has one there already, or where the board
 * has no PCI ports to plug into; the others wait for a PCI address.
 */
export function chooseVirtioTransport(devices: Draft, board: QemuBoard): void {
  const all = childrenOf(devices);
  const usesBoard = all.some(
    (each) => childAt(each, "address")?.attributes.get("type") === "virtio-mmio",
  );
  const root = findController(devices, "pci", 0)?.attributes.get("model");
  if (root === "pcie-root" && board.rootPorts && !usesBoard) return;
  if (!board.virtioMmio) return;
  for (const device of all) {
    if (IS_VIRTIO[device.name]?.(device) === true && !childAt(device, "address")) {
      device.children.push(draft("address", { type: "virtio-mmio" }));
    }
  }
}
