/** The XML of a new volume. */
import { element, textElement, type XmlElement } from "../xml/element.ts";

export interface NewVolume {
  readonly name: string;
  readonly format: string;
  /** That of the image below when absent. */
  readonly capacityBytes?: number;
  /** The image that holds what was not written yet. */
  readonly backing?: { readonly path: string; readonly format: string };
}

/** For `virStorageVolCreateXML`. Space is taken when something is written. */
export function newVolume({ name, format, capacityBytes, backing }: NewVolume): XmlElement {
  const bytes = (of: string, value: number): XmlElement =>
    element(of, { unit: "bytes" }, [String(value)]);
  return element("volume", {}, [
    textElement("name", name),
    ...(capacityBytes === undefined ? [] : [bytes("capacity", capacityBytes)]),
    bytes("allocation", 0),
    imageTarget(format),
    ...(backing ? [backingStore(backing.path, backing.format)] : []),
  ]);
}

/** What a volume that is an image is like. */
export function imageTarget(format: string): XmlElement {
  return element("target", {}, [
    element("format", { type: format }),
    // The version with zero clusters, without which nothing can be discarded.
    ...(format === "qcow2" ? [textElement("compat", "1.1")] : []),
  ]);
}

/** The image, or without a format the logical volume, that holds what was not written yet. */
export function backingStore(path: string, format?: string): XmlElement {
  return element("backingStore", {}, [
    textElement("path", path),
    ...(format === undefined ? [] : [element("format", { type: format })]),
  ]);
}
