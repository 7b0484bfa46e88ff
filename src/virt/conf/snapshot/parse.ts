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

const STATES = new Set([
  "nostate",
  "running",
  "blocked",
  "paused",
  "shutdown",
  "shutoff",
  "crashed",
  "pmsuspended",
  "disk-snapshot",
]);

/** Parses a snapshot. @throws VmError in libvirt's words */
export function parseSnapshot(
  text: string,
  context: SnapshotContext,
  { redefine }: SnapshotParseOptions,
): XmlElement {
  const snapshot = draftOf(parseXml(text, "domain_snapshot", "domainsnapshot"));
  dropComments(snapshot);
  if (redefine) checkStored(snapshot);
  else {
    for (const name of ["state", "parent", "creationTime", "active"])
      removeChildren(snapshot, name);
    snapshot.children.push(draft("creationTime", {}, String(context.nowS)));
  }
  const name = ensureChild(snapshot, "name");
  if (draftText(name) === "") setText(name, context.nowS);
  if (draftText(name).includes("/")) {
    throw vmError("xmlError", `name ${draftText(name)} cannot contain '/'`, SNAPSHOT);
  }
  fillMemory(snapshot);
  fillDisks(snapshot);
  const { domainUuid } = context;
  if (domainUuid !== undefined && !childAt(snapshot, "domain")) {
    snapshot.children.push(draft("domain", {}, draft("uuid", {}, domainUuid)));
  }
  arrange(snapshot, SNAPSHOT_ORDER);
  return snapshot;
}

function checkStored(snapshot: Draft): void {
  const time = childAt(snapshot, "creationTime");
  if (!time) throw vmError("xmlError", "missing creationTime from existing snapshot", SNAPSHOT);
  const state = draftText(childAt(snapshot, "state") ?? draft("state"));
  if (state === "") throw vmError("xmlError", "missing state from existing snapshot", SNAPSHOT);
  if (!STATES.has(state)) {
    throw vmError("xmlError", `Invalid state '${state}' in domain snapshot XML`, SNAPSHOT);
  }
}

function fillMemory(snapshot: Draft): void {
  const memory = childAt(snapshot, "memory");
  if (!memory) return;
  const file = memory.attributes.get("file");
  const location =
    memory.attributes.get("snapshot") ?? (file === undefined ? "internal" : "external");
  memory.attributes.set("snapshot", location);
  if (!["no", "internal", "external", "manual"].includes(location)) {
    throw vmError("xmlError", `unknown memory snapshot setting '${location}'`, SNAPSHOT);
  }
  if (file !== undefined && location !== "external") {
    throw vmError("xmlError", `memory filename '${file}' requires external snapshot`, SNAPSHOT);
  }
  if (file === undefined && location === "external") {
    throw vmError("xmlError", "external memory snapshots require a filename", SNAPSHOT);
  }
  if (file !== undefined && !file.startsWith("/")) {
    throw vmError("xmlError", `memory snapshot file path (${file}) must be absolute`, SNAPSHOT);
  }
}

function fillDisks(snapshot: Draft): void {
  const disks = childAt(snapshot, "disks");
  if (!disks) return;
  for (const disk of childrenOf(disks, "disk")) fillDisk(disk);
}

function fillDisk(disk: Draft): void {
  const name = disk.attributes.get("name");
  if (name === undefined) {
    throw vmError("xmlError", "missing name from disk snapshot element", SNAPSHOT);
  }
  const source = childAt(disk, "source");
  if (source && source.attributes.size === 0 && childrenOf(source).length === 0) {
    removeChildren(disk, "source");
  }
  const driver = childAt(disk, "driver");
  if (driver && driver.attributes.size === 0) removeChildren(disk, "driver");
  const file = source?.attributes.get("file");
  const location = disk.attributes.get("snapshot") ?? (file === undefined ? undefined : "external");
  if (location === undefined) return;
  disk.attributes.set("snapshot", location);
  if (file !== undefined && location !== "external") {
    throw vmError(
      "xmlError",
      `file '${file}' for disk '${name}' requires use of external snapshot mode`,
      SNAPSHOT,
    );
  }
  if (location === "external" && !disk.attributes.has("type")) disk.attributes.set("type", "file");
}
