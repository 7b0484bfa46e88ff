/** Adds devices, and makes the images of new disks. */
import { vmError } from "../../../../protocol/vm-error.ts";
import type { Manager } from "../../../../virt/manager/manager.ts";
import { lookAtVolume } from "../../../../virt/manager/look.ts";
import { newVolume } from "../../../../virt/manager/new-volume.ts";
import type { ManagedDomain, ManagedVolume } from "../../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../../virt/xml/element.ts";
import { formatXml } from "../../../../virt/xml/format.ts";
import { addDevice, type LiveRefusal } from "../actions.ts";
import { sourceOf } from "../disk-fields.tsx";
import { editedDevice, readDevice } from "../model/devices.ts";
import { imageBytes, imageName, type NewImage } from "../model/new-image.ts";

/** @param machine whose name the image gets @throws VmError */
async function createImage(
  manager: Manager,
  machine: string,
  image: NewImage,
): Promise<ManagedVolume> {
  const pool = manager.pools().find(({ uuid }) => uuid === image.pool);
  if (!pool) throw vmError("noStoragePool", `no storage pool with matching uuid '${image.pool}'`);
  const name = imageName(machine, image.format, await manager.volumes(pool));
  const xml = newVolume({ name, format: image.format, capacityBytes: imageBytes(image) });
  const ref = await manager.connect.storageVolCreateXML(pool.ref, formatXml(xml), 0);
  await manager.refreshPool(pool.uuid);
  return lookAtVolume(manager.connect, ref);
}

/** The disk on that image. */
function withImage(definition: XmlElement, disk: XmlElement, volume: ManagedVolume): XmlElement {
  return editedDevice(definition, disk, { ...readDevice(disk), ...sourceOf(volume) });
}

/** Adds a device; the image that was made for it goes again where that fails. @throws VmError */
export async function addWithImage(
  manager: Manager,
  domain: ManagedDomain,
  device: XmlElement,
  image: NewImage | null,
): Promise<LiveRefusal> {
  const volume = image && (await createImage(manager, domain.name, image));
  const whole = volume ? withImage(domain.definition, device, volume) : device;
  try {
    return await addDevice(manager, domain, whole);
  } catch (error) {
    if (volume) await manager.connect.storageVolDelete(volume.ref, 0).catch(() => {});
    throw error;
  }
}
