/** A disk's elements that say where its data comes from. */
import type { DiskSource } from "./disk-source.ts";
import type { Guest } from "./guest.ts";
import type { Part } from "./part.ts";

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
  if (source?.path === undefined) return;
  if (source.type === "network") {
    disk.removeAll("source:hosts");
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
