/** Pools and volumes between libvirt's XML and what our storage layer knows of them. */
import type { PoolType, VolumeRequest } from "../../../protocol/storage-service.ts";
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parsePool } from "../../conf/pool/parse.ts";
import { sizeBytes } from "../../conf/values.ts";
import { parseVolume } from "../../conf/volume/parse.ts";
import {
  inactivePool,
  type PoolDefinition,
  type StoragePool,
  type StorageVolume,
} from "../../storage/pool.ts";
import {
  childElements,
  element,
  find,
  textAt,
  textElement,
  type XmlElement,
} from "../../xml/element.ts";
import { draftOf } from "../../xml/draft.ts";
import { parseXml } from "../../xml/parse.ts";

export const STORAGE = { domain: ErrorDomain.storage } as const;

const TYPES: ReadonlySet<string> = new Set<PoolType>(["dir", "logical", "http"]);

/** @throws VmError xmlError, and internalError for types of pools that we do not have */
export function poolDefinition(
  xml: string,
  context: { newUuid(): string },
  autostart: boolean,
): PoolDefinition {
  const pool = parsePool(xml, context);
  const type = pool.attributes.get("type") ?? "";
  if (!TYPES.has(type)) {
    throw vmError("internalError", `missing backend for pool type ${type}`, STORAGE);
  }
  return {
    uuid: textAt(pool, "uuid") ?? "",
    name: textAt(pool, "name") ?? "",
    type: type as PoolType,
    targetPath: textAt(pool, "target", "path") ?? "",
    source: { ...sourceOf(pool, type), ...(type === "logical" && deviceSize(xml)) },
    autostart,
  };
}

/** How long a physical volume's missing file is made: the capacity, which libvirt reads nowhere. */
function deviceSize(xml: string): PoolDefinition["source"] {
  const capacity = find(parseXml(xml, "storage_pool_definition"), "capacity");
  const deviceBytes = capacity ? Number(sizeBytes(draftOf(capacity), "bytes")) : 0;
  return deviceBytes > 0 ? { deviceBytes } : {};
}

function sourceOf(pool: XmlElement, type: string): PoolDefinition["source"] {
  const source = find(pool, "source");
  if (!source || type === "dir") return {};
  const paths = (name: string, attribute: string): string[] =>
    childElements(source, name).flatMap((each) => each.attributes.get(attribute) ?? []);
  if (type === "logical") {
    const name = textAt(source, "name");
    return { ...(name !== undefined && { name }), devices: paths("device", "path") };
  }
  const url = find(source, "dir")?.attributes.get("path") ?? textAt(source, "name");
  return { ...(url !== undefined && { url }), urls: paths("device", "path") };
}

/** A pool as libvirt shows it. */
export function poolXml(pool: StoragePool): XmlElement {
  const { definition, capacityBytes, allocationBytes, availableBytes } = pool;
  const { type, name, uuid, targetPath } = definition;
  return element("pool", { type }, [
    textElement("name", name),
    textElement("uuid", uuid),
    bytes("capacity", capacityBytes),
    bytes("allocation", allocationBytes),
    bytes("available", availableBytes),
    element("source", {}, [...sourceXml(definition), { kind: "open" }]),
    ...(type === "http" ? [] : [element("target", {}, [textElement("path", targetPath)])]),
  ]);
}

/** A pool as it is kept; `deviceSize` reads the capacity again. */
export function storedPoolXml(definition: PoolDefinition): XmlElement {
  const capacityBytes = definition.source.deviceBytes ?? 0;
  return poolXml({ ...inactivePool(definition, true), capacityBytes });
}

function sourceXml({ type, source }: PoolDefinition): XmlElement[] {
  if (type === "dir") return [];
  const devices = type === "logical" ? (source.devices ?? []) : (source.urls ?? []);
  const name = type === "logical" ? source.name : source.url;
  return [
    ...devices.map((path) => element("device", { path })),
    ...(name === undefined ? [] : [textElement("name", name)]),
    ...(type === "logical" ? [element("format", { type: "lvm2" })] : []),
  ];
}

function bytes(name: string, value: number): XmlElement {
  return element(name, { unit: "bytes" }, [String(value)]);
}

/** What a volume's XML asks for. @throws VmError xmlError */
export function volumeRequest(
  xml: string,
  { definition }: StoragePool,
  capacityOptional = false,
): VolumeRequest {
  const volume = parseVolume(xml, { poolType: definition.type, capacityOptional });
  const size = (name: string): number => Number(textAt(volume, name) ?? 0);
  const target = find(volume, "target");
  const format = target && find(target, "format")?.attributes.get("type");
  const compat = target && textAt(target, "compat");
  const cluster = target && textAt(target, "clusterSize");
  const features = target && find(target, "features");
  const backing = backingOf(volume);
  return {
    name: textAt(volume, "name") ?? "",
    capacityBytes: size("capacity"),
    allocationBytes: size("allocation"),
    ...(format !== undefined && { format }),
    ...((compat === "0.10" || compat === "1.1") && { compat }),
    ...(cluster !== undefined && { clusterSizeBytes: Number(cluster) }),
    ...(features && find(features, "lazy_refcounts") && { lazyRefcounts: true }),
    ...(features && find(features, "extended_l2") && { extendedL2: true }),
    ...(backing && { backing }),
  };
}

function backingOf(volume: XmlElement): VolumeRequest["backing"] {
  const path = textAt(volume, "backingStore", "path");
  if (path === undefined) return undefined;
  const format = find(volume, "backingStore", "format")?.attributes.get("type");
  return { path, ...(format !== undefined && { format }) };
}

/** A volume as libvirt shows it. */
export function volumeXml(volume: StorageVolume): XmlElement {
  const { name, key, type, path, format, backing, compat, clusterSizeBytes } = volume;
  const features = [
    ...(volume.lazyRefcounts === true ? [element("lazy_refcounts")] : []),
    ...(volume.extendedL2 === true ? [element("extended_l2")] : []),
  ];
  return element("volume", { type }, [
    textElement("name", name),
    textElement("key", key),
    bytes("capacity", volume.capacityBytes),
    bytes("allocation", volume.allocationBytes),
    bytes("physical", volume.physicalBytes),
    element("target", {}, [
      textElement("path", path),
      element("format", { type: format }),
      ...(compat === undefined ? [] : [textElement("compat", compat)]),
      ...(clusterSizeBytes === undefined
        ? []
        : [element("clusterSize", { unit: "B" }, [String(clusterSizeBytes)])]),
      ...(features.length === 0 ? [] : [element("features", {}, features)]),
    ]),
    ...(backing
      ? [
          element("backingStore", {}, [
            textElement("path", backing.path),
            ...(backing.format === undefined ? [] : [element("format", { type: backing.format })]),
          ]),
        ]
      : []),
  ]);
}
