/** Storage volumes' XML to its canonical form (virStorageVolDefParseXML and its format). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draft,
  draftOf,
  draftText,
  ensureChild,
  removeChildren,
} from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange } from "../arrange.ts";
import { bytesElement, dropComments, fillPermissions, replaceChild } from "../common.ts";
import { sizeBytes } from "../values.ts";
import { VOLUME_ORDER } from "./order.ts";

const STORAGE = { domain: ErrorDomain.storage } as const;

export interface VolumeParseOptions {
  /** The type of the pool that the volume is for. */
  readonly poolType: string;
  /** The capacity may be missing; that of the backing image is taken then. */
  readonly capacityOptional?: boolean;
}

/** Types of pools whose volumes are files and have formats. */
const FILE_POOLS = new Set(["dir", "fs", "netfs", "gluster", "vstorage", "http"]);
/** Types of pools whose volumes are images on a network. */
const NETWORK_POOLS = new Set(["gluster", "rbd"]);

/** Parses a definition. @throws VmError in libvirt's words */
export function parseVolume(text: string, options: VolumeParseOptions): XmlElement {
  const volume = draftOf(parseXml(text, "storage_vol_definition", "volume"));
  dropComments(volume);
  if (draftText(childAt(volume, "name") ?? draft("name")) === "") {
    throw vmError("xmlError", "missing volume name element", STORAGE);
  }
  removeChildren(volume, "source");
  fillType(volume, options);
  fillBacking(volume, options);
  fillSizes(volume, options);
  fillTarget(volume, options);
  arrange(volume, VOLUME_ORDER);
  return volume;
}

const VOLUME_TYPES = new Set(["file", "block", "dir", "network", "netdir", "ploop"]);

function fillType(volume: Draft, { poolType }: VolumeParseOptions): void {
  const given = volume.attributes.get("type");
  if (given !== undefined) {
    if (VOLUME_TYPES.has(given)) return;
    throw vmError("configUnsupported", `unknown volume type '${given}'`, STORAGE);
  }
  const file = FILE_POOLS.has(poolType) && !NETWORK_POOLS.has(poolType);
  volume.attributes.set("type", file ? "file" : NETWORK_POOLS.has(poolType) ? "network" : "block");
}

function fillSizes(volume: Draft, { capacityOptional = false }: VolumeParseOptions): void {
  const capacity = childAt(volume, "capacity");
  const allocation = childAt(volume, "allocation");
  if (!capacity && !capacityOptional && !childAt(volume, "backingStore")) {
    throw vmError("xmlError", "missing capacity element", STORAGE);
  }
  const bytes = capacity ? sizeBytes(capacity, "bytes") : 0n;
  replaceChild(volume, bytesElement("capacity", bytes));
  const allocated = allocation ? sizeBytes(allocation, "bytes") : capacity ? bytes : 0n;
  replaceChild(volume, bytesElement("allocation", allocated));
}

const FEATURES = new Set(["lazy_refcounts", "extended_l2"]);

function fillTarget(volume: Draft, { poolType }: VolumeParseOptions): void {
  const target = ensureChild(volume, "target");
  removeChildren(target, "timestamps");
  if (FILE_POOLS.has(poolType)) fillFormat(target, "raw");
  fillPermissions(target, ErrorDomain.storage);
  const features = childAt(target, "features");
  // Features need the newer of qcow2's versions.
  if (features && !childAt(target, "compat")) target.children.push(draft("compat", {}, "1.1"));
  for (const feature of features ? childrenOf(features) : []) {
    if (FEATURES.has(feature.name)) continue;
    throw vmError("configUnsupported", `unsupported feature ${feature.name}`, STORAGE);
  }
  const cluster = childAt(target, "clusterSize");
  if (cluster) {
    const bytes = sizeBytes(cluster, "bytes");
    replaceChild(target, draft("clusterSize", { unit: "B" }, String(bytes)));
  }
  const compat = childAt(target, "compat");
  if (compat && !/^[0-9]+\.[0-9]+$/.test(draftText(compat))) {
    throw vmError("xmlError", "forbidden characters in 'compat' attribute", STORAGE);
  }
}

function fillFormat(parent: Draft, missing: string): void {
  const format = childAt(parent, "format");
  const type = format?.attributes.get("type");
  if (type === undefined) {
    removeChildren(parent, "format");
    parent.children.push(draft("format", { type: missing }));
  } else if (!VOLUME_FORMATS.has(type)) {
    throw vmError("configUnsupported", `unknown volume format type ${type}`, STORAGE);
  }
}

/** Of files, in libvirt's order (`virStorageFileFormat`). */
export const VOLUME_FORMATS: ReadonlySet<string> = new Set([
  "none",
  "raw",
  "dir",
  "bochs",
  "cloop",
  "dmg",
  "iso",
  "vpc",
  "vdi",
  "luks",
  "fat",
  "vhd",
  "ploop",
  "cow",
  "qcow",
  "qcow2",
  "qed",
  "vmdk",
  "vhdx",
]);

function fillBacking(volume: Draft, { poolType }: VolumeParseOptions): void {
  const backing = childAt(volume, "backingStore");
  if (!backing) return;
  if (!childAt(backing, "path")) return removeChildren(volume, "backingStore");
  if (FILE_POOLS.has(poolType)) fillFormat(backing, "raw");
  fillPermissions(backing, ErrorDomain.storage);
}
