/** Devices that change: disks (`disk-update.ts`), and interfaces and displays of definitions. */
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { draftOf } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { Scope } from "../objects/flags.ts";
import { edited, storeConfig } from "./device-edits.ts";
import { updateDisk } from "./disk-update.ts";
import { foundInterface } from "./found-device.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

/** @throws VmError in libvirt's words */
export async function updateDevice(
  state: QemuState,
  domain: DomainObject,
  device: XmlElement,
  scope: Scope,
  force: boolean,
): Promise<void> {
  if (device.name === "disk") return updateDisk(state, domain, device, scope, force);
  const { config } = domain;
  const stored = scope.config && config ? inConfig(state, config, device) : null;
  if (scope.live) throw liveRefusal(domain.definition, device);
  if (stored) await storeConfig(state, domain, stored);
}

function inConfig(state: QemuState, config: XmlElement, device: XmlElement): XmlElement {
  const at = find(config, "devices")?.children.indexOf(oldDevice(config, device)) ?? -1;
  return edited(state, config, true, (devices) => {
    devices.children = devices.children.map((each, index) =>
      index === at ? draftOf(device) : each,
    );
  });
}

function oldDevice(config: XmlElement, device: XmlElement): XmlElement {
  if (device.name === "interface") return foundInterface(config, device);
  if (device.name === "graphics") {
    const type = device.attributes.get("type") ?? "";
    const found = devicesOf(config, "graphics").find(
      (each) => each.attributes.get("type") === type,
    );
    if (found) return found;
    const words = `cannot find existing graphics type '${type}' device to modify`;
    throw vmError("invalidArg", words, QEMU);
  }
  const words = `persistent update of device '${device.name}' is not supported`;
  throw vmError("operationUnsupported", words);
}

/** Running machines have neither interfaces nor displays. */
function liveRefusal(live: XmlElement, device: XmlElement): Error {
  if (device.name === "interface") foundInterface(live, device);
  if (device.name === "graphics") {
    const type = device.attributes.get("type") ?? "";
    const words = `cannot find existing graphics device to modify of type '${type}'`;
    return vmError("deviceMissing", words, QEMU);
  }
  const words = `live update of device '${device.name}' is not supported`;
  return vmError("configUnsupported", words);
}
