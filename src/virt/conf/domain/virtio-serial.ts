/** Channels and consoles on virtio-serial controllers. */
import { childAt, childrenOf, type Draft } from "../../xml/draft.ts";
import { ensureController } from "./controllers.ts";

export function isVirtioSerial(device: Draft): boolean {
  const isPort = device.name === "channel" || device.name === "console";
  return isPort && childAt(device, "target")?.attributes.get("type") === "virtio";
}

/** Adds the controllers that channels and consoles need. */
export function addVirtioSerialControllers(devices: Draft): void {
  for (const name of ["channel", "console"]) {
    for (const device of childrenOf(devices, name).filter(isVirtioSerial)) {
      ensureController(devices, "virtio-serial", wantedController(device) ?? 0);
    }
  }
}

/** The controller that the device's address names. */
export function wantedController(device: Draft): number | undefined {
  const address = childAt(device, "address");
  if (address?.attributes.get("type") !== "virtio-serial") return undefined;
  return Number(address.attributes.get("controller") ?? 0);
}
