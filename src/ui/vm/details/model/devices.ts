/** A device's form: its values, and how they change its XML. */
import { editDomain } from "../../../../virt/conf/domain/view.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draftOf,
  ensureChild,
} from "../../../../virt/xml/draft.ts";
import { childElements, find, type XmlElement } from "../../../../virt/xml/element.ts";
import { fieldsOf } from "./device-fields.ts";
import { readDisk, writeDisk } from "./disk.ts";
import { readFields, type Values, writeFields } from "./fields.ts";
import { deviceAt, placeOf, twinOf } from "./hardware.ts";
import { readInterface, writeInterface } from "./network-source.ts";

export function readDevice(device: XmlElement): Values {
  if (device.name === "disk") return readDisk(device);
  if (device.name === "interface") return readInterface(device);
  return readFields(device, fieldsOf(device.name, device.attributes.get("type")));
}

/** Writes what differs. @param domain the whole definition */
export function writeDevice(domain: XmlElement, device: Draft, values: Values): void {
  if (device.name === "disk") writeDisk(domain, device, values);
  else if (device.name === "interface") writeInterface(device, values);
  else writeFields(device, fieldsOf(device.name, device.attributes.get("type")), values);
}

/** The device with other values. */
export function editedDevice(domain: XmlElement, device: XmlElement, values: Values): XmlElement {
  const copy = draftOf(device);
  writeDevice(domain, copy, values);
  return copy;
}

/** The definition with another device in the place of one. */
export function withReplaced(domain: XmlElement, id: string, device: XmlElement): XmlElement {
  const place = placeOf(domain, id);
  const twinPlace = twinPlaceOf(domain, id);
  return editDomain(domain, (draft) => {
    const devices = ensureChild(draft, "devices");
    const all = childrenOf(devices);
    const [old, twin] = [all[place], all[twinPlace]];
    devices.children = devices.children.map((child) => {
      if (child === old) return draftOf(device);
      return child === twin ? twinLike(device, twin) : child;
    });
  });
}

/** The definition with one more device. */
export function withAdded(domain: XmlElement, device: XmlElement): XmlElement {
  return editDomain(domain, (draft) => {
    ensureChild(draft, "devices").children.push(draftOf(device));
  });
}

/** The definition without a device, and without the console that stands for the same serial port. */
export function without(domain: XmlElement, id: string): XmlElement {
  const places = [placeOf(domain, id), twinPlaceOf(domain, id)];
  return editDomain(domain, (draft) => {
    const devices = childAt(draft, "devices");
    if (!devices) return;
    const all = childrenOf(devices);
    const gone = new Set<unknown>(places.flatMap((place) => all[place] ?? []));
    devices.children = devices.children.filter((child) => !gone.has(child));
  });
}

/** The place of the console that is the same as a serial port; -1 where there is none. */
function twinPlaceOf(domain: XmlElement, id: string): number {
  const device = deviceAt(domain, id);
  const twin = twinOf(domain);
  const devices = find(domain, "devices");
  if (!twin || !devices || device !== childElements(devices, "serial")[0]) return -1;
  return childElements(devices).indexOf(twin);
}

/** The serial port as a console: with what is behind it, but its own target. */
function twinLike(serial: XmlElement, twin: Draft): Draft {
  const own = ["target", "address", "alias"];
  return {
    ...twin,
    attributes: new Map(serial.attributes),
    children: [
      ...childrenOf(draftOf(serial)).filter(({ name }) => !own.includes(name)),
      ...childrenOf(twin, "target"),
    ],
  };
}
