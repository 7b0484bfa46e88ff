/** Devices that go: out of a running machine SCSI units, out of the definition what can be found there. */
import { vmError } from "../../../protocol/vm-error.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { Scope } from "../objects/flags.ts";
import { edited, findDisk, storeConfig, tellDevice } from "./device-edits.ts";
import { foundDevice } from "./found-device.ts";
import { runOf } from "./lifecycle-calls.ts";
import { targetOf } from "./machine-disks.ts";
import { QEMU, type QemuState } from "./qemu-state.ts";

/**
 * @param pick which device of a definition, by its XML
 * @throws VmError in libvirt's words; nothing is changed then
 */
export async function detach(
  state: QemuState,
  domain: DomainObject,
  pick: (definition: XmlElement) => XmlElement,
  scope: Scope,
): Promise<void> {
  const { config, live } = domain;
  const stored =
    scope.config && config ? without(state, config, inConfig(config, pick(config)), true) : null;
  if (scope.live && live) await unplug(state, domain, live, pick(live));
  if (stored) await storeConfig(state, domain, stored);
}

function inConfig(config: XmlElement, device: XmlElement): XmlElement {
  const { name } = device;
  if (name !== "disk") {
    return foundDevice(config, device, `persistent detach of device '${name}' is not supported`);
  }
  const disk = findDisk(config, targetOf(device));
  if (disk) return disk;
  throw vmError("deviceMissing", `no target device ${targetOf(device)}`, QEMU);
}

/** The definition without one of its devices; the first console goes with the serial port that it is. */
function without(
  state: QemuState,
  definition: XmlElement,
  device: XmlElement,
  inactive: boolean,
): XmlElement {
  const devices = find(definition, "devices")?.children ?? [];
  const at = devices.indexOf(device);
  const isFirst =
    devices.find((each) => each.kind === "element" && each.name === "serial") === device;
  const console = devices.findIndex((each) => each.kind === "element" && each.name === "console");
  return edited(state, definition, inactive, (draft) => {
    draft.children = draft.children.filter((each, index) => {
      if (index === at) return false;
      if (!isFirst || index !== console || each.kind !== "element") return true;
      return find(each, "target")?.attributes.get("type") !== "serial";
    });
  });
}

async function unplug(
  state: QemuState,
  domain: DomainObject,
  live: XmlElement,
  device: XmlElement,
): Promise<void> {
  if (device.name !== "disk") {
    const words = `live detach of device '${device.name}' is not supported`;
    throw vmError("operationUnsupported", words);
  }
  const target = targetOf(device);
  const disk = findDisk(live, target);
  if (!disk) throw vmError("deviceMissing", `disk ${target} not found`, QEMU);
  if (find(disk, "target")?.attributes.get("bus") !== "scsi") {
    throw vmError("operationUnsupported", "This type of disk cannot be hot unplugged");
  }
  const changed = without(state, live, disk, false);
  await runOf(state, domain).machine.detachDisk(target);
  domain.live = changed;
  tellDevice(state, domain, "device-removed", disk);
}
