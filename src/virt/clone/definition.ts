/** The definition of a clone: the original's, without what only one machine can have. */
import { editDomain } from "../conf/domain/view.ts";
import { childAt, childrenOf, type Draft, removeChildren, setText } from "../xml/draft.ts";
import { type XmlElement } from "../xml/element.ts";

/** What becomes of one disk: the copy's path and name, the original's, or nothing. */
export type DiskFate =
  | { readonly action: "clone"; readonly path: string; readonly volume: string }
  | { readonly action: "share" }
  | { readonly action: "skip" };

export interface CloneNames {
  readonly name: string;
  /** By target; a disk that is not named is shared. */
  readonly disks: ReadonlyMap<string, DiskFate>;
  /** Null leaves the choice to the driver. */
  readonly nvram: string | null;
}

/** UUID, MAC addresses and what else is one machine's alone are the driver's to make. */
export function cloneDefinition(original: XmlElement, names: CloneNames): XmlElement {
  return editDomain(original, (domain) => {
    domain.attributes.delete("id");
    removeChildren(domain, "uuid");
    removeChildren(domain, "title");
    const name = childAt(domain, "name");
    if (name) setText(name, names.name);
    const devices = childAt(domain, "devices");
    if (devices) changeDevices(devices, names.disks);
    const nvram = childAt(domain, "os", "nvram");
    if (nvram && names.nvram !== null) setText(nvram, names.nvram);
    else if (nvram) nvram.children = [];
  });
}

function changeDevices(devices: Draft, disks: CloneNames["disks"]): void {
  const fateOf = (disk: Draft): DiskFate | undefined =>
    disks.get(childAt(disk, "target")?.attributes.get("dev") ?? "");
  removeChildren(devices, (each) => each.name === "disk" && fateOf(each)?.action === "skip");
  for (const disk of childrenOf(devices, "disk")) {
    const fate = fateOf(disk);
    if (fate?.action === "clone") setSource(disk, fate.path, fate.volume);
  }
  for (const each of childrenOf(devices, "interface")) {
    removeChildren(each, "mac");
    removeChildren(each, "target");
  }
  for (const each of childrenOf(devices, "graphics")) {
    if (!/^[1-9]/.test(each.attributes.get("port") ?? "")) continue;
    each.attributes.delete("port");
    each.attributes.set("autoport", "yes");
  }
  for (const each of childrenOf(devices, "channel")) dropNamedPath(each);
}

function setSource(disk: Draft, path: string, volume: string): void {
  const source = childAt(disk, "source");
  if (!source) return;
  // What was told of the original's contents is not true of the copy's.
  removeChildren(disk, "backingStore");
  if (source.attributes.has("volume")) source.attributes.set("volume", volume);
  else source.attributes.set(source.attributes.has("dev") ? "dev" : "file", path);
}

/** A channel's socket has its machine's name in its path. */
function dropNamedPath(channel: Draft): void {
  const source = childAt(channel, "source");
  const target = childAt(channel, "target")?.attributes.get("name");
  const path = source?.attributes.get("path");
  if (channel.attributes.get("type") !== "unix" || target === undefined) return;
  if (path?.includes(target) === true) source?.attributes.delete("path");
}
