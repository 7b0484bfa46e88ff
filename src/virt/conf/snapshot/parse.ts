/** Snapshots' XML to its canonical form (virDomainSnapshotDefParse and its format). */
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
  setText,
} from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange, type OrderTable } from "../arrange.ts";
import { dropComments } from "../common.ts";
import { checkWord } from "../values.ts";

const SNAPSHOT = { domain: ErrorDomain.domainSnapshot } as const;

const SNAPSHOT_ORDER: OrderTable = {
  domainsnapshot: {
    children:
      "name description state parent creationTime memory disks domain inactiveDomain active cookie",
  },
  "domainsnapshot/memory": { attributes: "snapshot file" },
  "domainsnapshot/disks/disk": { attributes: "name snapshot type", children: "driver source" },
  "domainsnapshot/disks/disk/source": {
    attributes: "protocol name file dev",
    children: "host seclabel",
  },
  "domainsnapshot/disks/disk/source/host": { attributes: "name port transport socket" },
};

export interface SnapshotContext {
  /** Seconds since 1970: the time, and the name, of a snapshot that has none. */
  readonly nowS: number;
  /** The domain's UUID, for a snapshot that does not carry its domain. */
  readonly domainUuid?: string;
}

export interface SnapshotParseOptions {
  /** The XML is a stored one: it brings its state, time and parent. */
  readonly redefine: boolean;
}

/** `virDomainState` in snapshots, by its numbers. */
export const DOMAIN_STATES = [
  "nostate",
  "running",
  "blocked",
  "paused",
  "shutdown",
  "shutoff",
  "crashed",
  "pmsuspended",
];
const STATES = new Set([...DOMAIN_STATES, "disk-snapshot"]);

const DISK_TYPES = ["file", "block", "dir", "network", "volume", "nvme", "vhostuser"];

/** `virStorageFileFormat`. */
const IMAGE_FORMATS = [
  ...["raw", "dir", "bochs", "cloop", "dmg", "iso", "vpc", "vdi"],
  ...["fat", "vhd", "ploop", "cow", "qcow", "qcow2", "qed", "vmdk"],
];

/** Parses a snapshot. @throws VmError in libvirt's words */
export function parseSnapshot(
  text: string,
  context: SnapshotContext,
  { redefine }: SnapshotParseOptions,
): XmlElement {
  const snapshot = draftOf(parseXml(text, "domain_snapshot", "domainsnapshot"));
  dropComments(snapshot);
  const name = childAt(snapshot, "name");
  if (redefine && (!name || draftText(name) === "")) {
    throw vmError("xmlError", "a redefined snapshot must have a name", SNAPSHOT);
  }
  if (redefine) checkStored(snapshot);
  else fillNew(snapshot, context.nowS);
  fillMemory(snapshot, redefine);
  fillDisks(snapshot);
  const { domainUuid } = context;
  if (domainUuid !== undefined && !childAt(snapshot, "domain")) {
    snapshot.children.push(draft("domain", {}, draft("uuid", {}, domainUuid)));
  }
  arrange(snapshot, SNAPSHOT_ORDER);
  return snapshot;
}

/** A new snapshot has the time, for its name too, and nothing that only a stored one brings. */
function fillNew(snapshot: Draft, nowS: number): void {
  for (const name of ["state", "parent", "creationTime", "active", "domain", "inactiveDomain"]) {
    removeChildren(snapshot, name);
  }
  snapshot.children.push(draft("creationTime", {}, String(nowS)));
  const name = ensureChild(snapshot, "name");
  if (draftText(name) === "") setText(name, nowS);
}

function checkStored(snapshot: Draft): void {
  const time = childAt(snapshot, "creationTime");
  if (!time || !/^\s*-?\d+$/.test(draftText(time))) {
    throw vmError("internalError", "missing creationTime from existing snapshot", SNAPSHOT);
  }
  const state = storedState(snapshot);
  if (state === "") throw vmError("xmlError", "missing state from existing snapshot", SNAPSHOT);
  if (!STATES.has(state)) {
    throw vmError("configUnsupported", `Invalid state '${state}' in domain snapshot XML`, SNAPSHOT);
  }
}

function storedState(snapshot: Draft): string {
  const state = childAt(snapshot, "state");
  return state ? draftText(state) : "";
}

function fillMemory(snapshot: Draft, redefine: boolean): void {
  const isOffline = redefine && ["shutoff", "disk-snapshot"].includes(storedState(snapshot));
  const memory = childAt(snapshot, "memory");
  if (memory) checkWord(memory, "snapshot", ["no", "internal", "external", "manual"]);
  const file = memory?.attributes.get("file");
  const given = memory?.attributes.get("snapshot");
  if (given === "manual") {
    throw vmError("xmlError", "'manual' memory snapshot mode not supported", SNAPSHOT);
  }
  const byDefault = redefine ? (isOffline ? "no" : "internal") : undefined;
  const location = given ?? (file === undefined ? byDefault : "external");
  checkMemory(location, file, isOffline);
  removeChildren(snapshot, "memory");
  if (location !== undefined) {
    snapshot.children.push(draft("memory", { snapshot: location, file }));
  }
}

function checkMemory(
  location: string | undefined,
  file: string | undefined,
  isOffline: boolean,
): void {
  const refuse = (why: string): never => {
    throw vmError("xmlError", why, SNAPSHOT);
  };
  if (file !== undefined && location !== "external") {
    refuse(`memory filename '${file}' requires external snapshot`);
  }
  if (file === undefined && location === "external") {
    refuse("external memory snapshots require a filename");
  }
  if (isOffline && location !== undefined && location !== "no") {
    refuse("memory state cannot be saved with offline or disk-only snapshot");
  }
  if (file !== undefined && !file.startsWith("/")) {
    refuse(`memory snapshot file path (${file}) must be absolute`);
  }
}

function fillDisks(snapshot: Draft): void {
  const disks = childAt(snapshot, "disks");
  for (const disk of disks ? childrenOf(disks) : []) fillDisk(disk);
}

function fillDisk(disk: Draft): void {
  if (!disk.attributes.has("name")) {
    throw vmError("internalError", "missing name from disk snapshot element", SNAPSHOT);
  }
  checkWord(disk, "snapshot", ["no", "internal", "external", "manual"]);
  checkWord(disk, "type", DISK_TYPES);
  const type = disk.attributes.get("type");
  if (type === "volume" || type === "dir") {
    throw vmError("xmlError", `unsupported disk snapshot type '${type}'`, SNAPSHOT);
  }
  const source = childAt(disk, "source");
  if (source && source.attributes.size === 0 && childrenOf(source).length === 0) {
    removeChildren(disk, "source");
  }
  const driver = childAt(disk, "driver");
  if (driver && driver.attributes.size === 0) removeChildren(disk, "driver");
  const format = driver?.attributes.get("type");
  if (format !== undefined && !IMAGE_FORMATS.includes(format)) {
    throw vmError("configUnsupported", `unknown disk snapshot driver '${format}'`, SNAPSHOT);
  }
  const path = source?.attributes.get("file") ?? source?.attributes.get("dev");
  if (path !== undefined && !path.startsWith("/")) {
    throw vmError("xmlError", `disk snapshot image path '${path}' must be absolute`, SNAPSHOT);
  }
  const isImage = childAt(disk, "source") !== undefined || format !== undefined;
  if (isImage && !disk.attributes.has("snapshot")) disk.attributes.set("snapshot", "external");
  if (isImage && type === undefined) disk.attributes.set("type", "file");
}
