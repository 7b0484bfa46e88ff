/** A disk's elements that say where its data comes from. */
import { type DiskSource, sourceAt, sourceOfVolume } from "./disk-source.ts";
import type { Guest } from "./guest.ts";
import type { Part } from "./part.ts";

/** The source that elements of the disk speak of; undefined where there are none. @throws VmError */
export async function sourceOfDisk(guest: Guest, disk: Part): Promise<DiskSource | undefined> {
  const known = guest.sources.get(disk);
  if (known) return known;
  const pool = disk.get("source:@pool");
  const volume = disk.get("source:@volume");
  if (pool !== undefined || volume !== undefined) {
    const { connect } = guest.around;
    const ref = await connect.storagePoolLookupByName(pool ?? "");
    const found = await connect.storageVolLookupByName(ref, volume ?? "");
    return { ...(await sourceOfVolume(guest.around, ref, found)), type: "volume" };
  }
  if (disk.get("source:@protocol") !== undefined) {
    return { path: networkUrl(disk), type: "network", format: undefined, exists: true };
  }
  const path = ["@file", "@dev", "@dir"].map((name) => disk.get(`source:${name}`)).find(Boolean);
  return path === undefined ? undefined : sourceAt(guest.around, path);
}

/** The address that stands for a disk on a server. */
function networkUrl(disk: Part): string {
  const host = disk.list("source:hosts")[0];
  const transport = host?.get("@transport");
  const scheme = `${disk.get("source:@protocol") ?? ""}${transport === undefined ? "" : `+${transport}`}`;
  const name = host?.get("@name");
  const port = host?.get("@port");
  const server = name === undefined ? "" : `${name}${port === undefined ? "" : `:${port}`}`;
  const path = disk.get("source:@name") ?? host?.get("@socket") ?? "";
  return `${scheme}://${server}${path === "" || path.startsWith("/") ? "" : "/"}${path}`;
}

const CLEARED = ["@file", "@dev", "@dir", "@volume", "@pool", "@name", "@protocol"];

const ATTRIBUTES: Readonly<Record<string, string>> = {
  file: "source:@file",
  block: "source:@dev",
  dir: "source:@dir",
};

/** Connects the disk with a source; undefined takes it out. */
export function setSource(guest: Guest, disk: Part, source: DiskSource | undefined): void {
  if (source) guest.sources.set(disk, source);
  else guest.sources.delete(disk);
  for (const path of CLEARED) {
    if (disk.get(`source:${path}`) !== undefined) disk.set(`source:${path}`, null);
  }
  disk.removeAll("source:hosts");
  if (source?.path === undefined) return;
  if (source.type === "network") {
    setUrl(disk, source.path);
    return;
  }
  const attribute = ATTRIBUTES[disk.get("@type") ?? source.type];
  if (attribute !== undefined) disk.set(attribute, source.path);
}

const URL_PARTS =
  /^([a-zA-Z]+)(?:\+([a-zA-Z]+))?:\/\/(?:[^/@]*@)?(\[[^\]]*\]|[^/:?]*)(?::(\d+))?(\/[^?]*)?(?:\?(.*))?$/;

function setUrl(disk: Part, url: string): void {
  const [, scheme, transport, name, port, path, query] = URL_PARTS.exec(url) ?? [];
  disk.set("source:@protocol", scheme);
  if ((name ?? "") !== "" || port !== undefined || transport !== undefined) {
    const host = disk.add("source:hosts");
    if (transport !== undefined) host.set("@transport", transport);
    if ((name ?? "") !== "") host.set("@name", name);
    if (port !== undefined) host.set("@port", port);
    if (path !== undefined && transport !== undefined) host.set("@socket", path);
  }
  if (path !== undefined && transport === undefined) {
    disk.set("source:@name", path.replace(/^\//, ""));
  }
  if (query !== undefined) disk.set("source:@query", query);
}
