/** Storage pools' XML to its canonical form (virStoragePoolDefParseXML and its format). */
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
import { arrange } from "../arrange.ts";
import {
  bytesElement,
  dropComments,
  fillPermissions,
  fillUuid,
  type ObjectContext,
  replaceChild,
  sanitizedPath,
} from "../common.ts";
import { POOL_ORDER } from "./order.ts";
import { POOL_TYPES, type PoolTypeRow } from "./types.ts";

const STORAGE = { domain: ErrorDomain.storage } as const;

/** What an active pool holds, in bytes; a definition's are zero. */
export interface PoolSizes {
  readonly capacity: bigint;
  readonly allocation: bigint;
  readonly available: bigint;
}

/** Parses a definition. @throws VmError in libvirt's words */
export function parsePool(text: string, context: ObjectContext): XmlElement {
  const pool = draftOf(parseXml(text, "storage_pool_definition", "pool"));
  dropComments(pool);
  const type = pool.attributes.get("type");
  if (type === undefined) {
    throw vmError("xmlError", "Missing required attribute 'type' in element 'pool'", STORAGE);
  }
  const row = Object.hasOwn(POOL_TYPES, type) ? POOL_TYPES[type] : undefined;
  if (!row) {
    throw vmError(
      "xmlError",
      `Invalid value for attribute 'type' in element 'pool': '${type}'.`,
      STORAGE,
    );
  }
  fillSource(pool, row);
  fillName(pool);
  fillUuid(pool, context, ErrorDomain.storage);
  fillTarget(pool, type, row);
  putSizes(pool, { capacity: 0n, allocation: 0n, available: 0n });
  arrange(pool, POOL_ORDER);
  return pool;
}

/** The pool's XML with what it holds now. */
export function withPoolSizes(pool: XmlElement, sizes: PoolSizes): XmlElement {
  const copy = draftOf(pool);
  putSizes(copy, sizes);
  arrange(copy, POOL_ORDER);
  return copy;
}

function putSizes(pool: Draft, { capacity, allocation, available }: PoolSizes): void {
  replaceChild(pool, bytesElement("capacity", capacity));
  replaceChild(pool, bytesElement("allocation", allocation));
  replaceChild(pool, bytesElement("available", available));
}

function fillName(pool: Draft): void {
  const sourceName = childAt(pool, "source", "name");
  const name = ensureChild(pool, "name");
  if (draftText(name) === "" && sourceName) setText(name, draftText(sourceName));
  if (draftText(name) === "") {
    throw vmError("xmlError", "missing pool source name element", STORAGE);
  }
  if (draftText(name).includes("/")) {
    throw vmError("xmlError", `name ${draftText(name)} cannot contain '/'`, STORAGE);
  }
}

function fillSource(pool: Draft, row: PoolTypeRow): void {
  const source = ensureChild(pool, "source");
  for (const device of childrenOf(source, "device")) device.children = [];
  const dir = childAt(source, "dir");
  const path = dir?.attributes.get("path");
  if (dir && path !== undefined) dir.attributes.set("path", sanitizedPath(path));
  if (row.source.includes("host") && !childAt(source, "host")) {
    throw vmError("xmlError", "missing storage pool source host name", STORAGE);
  }
  if (row.source.includes("device") && !childAt(source, "device")) {
    throw vmError("xmlError", "missing storage pool source device name", STORAGE);
  }
  if (row.source.includes("dir") && !dir) {
    throw vmError("xmlError", "missing storage pool source path", STORAGE);
  }
  fillAdapter(source, row);
  fillSourceName(pool, source, row);
  fillFormat(source, row);
  source.children.push({ kind: "open" });
}

function fillAdapter(source: Draft, row: PoolTypeRow): void {
  const adapter = childAt(source, "adapter");
  if (row.source.includes("adapter") && !adapter) {
    throw vmError("xmlError", "missing storage pool source adapter", STORAGE);
  }
  if (adapter && !adapter.attributes.has("type")) {
    adapter.attributes.set("type", adapter.attributes.has("wwnn") ? "fc_host" : "scsi_host");
  }
}

function fillSourceName(pool: Draft, source: Draft, row: PoolTypeRow): void {
  if (!row.source.includes("name")) {
    // A name that the type has no use for is not kept.
    if (!row.keepsName) removeChildren(source, "name");
    return;
  }
  const name = ensureChild(source, "name");
  if (draftText(name) === "") setText(name, draftText(childAt(pool, "name") ?? draft("name")));
  if (row.dirDefault && !childAt(source, "dir")) source.children.push(draft("dir", { path: "/" }));
}

function fillFormat(source: Draft, { formats }: PoolTypeRow): void {
  const format = childAt(source, "format");
  const type = format?.attributes.get("type");
  if (formats.length === 0) {
    removeChildren(source, "format");
    return;
  }
  if (type === undefined) {
    removeChildren(source, "format");
    source.children.push(draft("format", { type: formats[0] }));
  } else if (!formats.includes(type)) {
    throw vmError("xmlError", `unknown pool format type ${type}`, STORAGE);
  }
}

function fillTarget(pool: Draft, type: string, row: PoolTypeRow): void {
  if (row.target === "none") return removeChildren(pool, "target");
  const target = ensureChild(pool, "target");
  const path = ensureChild(target, "path");
  if (row.target === "given") {
    if (draftText(path) === "")
      throw vmError("xmlError", "missing storage pool target path", STORAGE);
    setText(path, sanitizedPath(draftText(path)));
  } else if (row.target === "fixed") {
    const name = childAt(pool, "source", "name");
    setText(path, `${type === "zfs" ? "/dev/zvol" : "/dev"}/${name ? draftText(name) : ""}`);
  } else if (draftText(path) === "") setText(path, row.target.path);
  fillPermissions(target, ErrorDomain.storage);
}
