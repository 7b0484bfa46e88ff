/** Which disks of a domain a snapshot is of, and where each goes (virDomainSnapshotAlignDisks). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { element, find, type XmlElement } from "../../xml/element.ts";
import { devicesOf, diskAt, diskSource, diskTarget } from "../domain/view.ts";

const SNAPSHOT = { domain: ErrorDomain.domainSnapshot } as const;

export interface DiskAlignment {
  /** Where disks go of which nothing is said. */
  readonly byDefault: "internal" | "external";
  /** Whether a file is there and is no device or folder: names of new files are made from it. */
  isFile(path: string): Promise<boolean>;
  /** Part of the names of new files. */
  readonly name: string;
}

/**
 * A `disk` for each disk of `domain`, in its order.
 *
 * @param asked the `disk` elements of the snapshot
 * @throws VmError configUnsupported for disks that are unknown, named twice or cannot go there
 */
export async function alignSnapshotDisks(
  asked: readonly XmlElement[],
  domain: XmlElement,
  alignment: DiskAlignment,
): Promise<XmlElement[]> {
  const disks = devicesOf(domain, "disk");
  if (asked.length > disks.length) refuse("too many disk snapshot requests for domain");
  if (disks.length === 0) return [];
  const checked = new Map<string, XmlElement>();
  for (const each of asked) {
    const disk = askedDisk(each, domain);
    const target = diskTarget(disk);
    if (checked.has(target)) refuse(`disk '${nameOf(each)}' specified twice`);
    checked.set(target, withLocation(each, disk, alignment.byDefault));
  }
  const aligned = disks.map((disk) => checked.get(diskTarget(disk)) ?? defaultFor(disk, alignment));
  return withFiles(aligned, disks, alignment);
}

function refuse(why: string): never {
  throw vmError("configUnsupported", why, SNAPSHOT);
}

function nameOf(asked: XmlElement): string {
  return asked.attributes.get("name") ?? "";
}

/** The disk that a `disk` element names by its target or its source. */
function askedDisk(asked: XmlElement, domain: XmlElement): XmlElement {
  const name = nameOf(asked);
  const found = name === "" ? undefined : diskAt(domain, name);
  return found ?? refuse(`no disk named '${name}'`);
}

/** What the domain itself says of snapshots of a disk; read-only ones have none unless it does. */
function ownLocation(disk: XmlElement): string | undefined {
  return disk.attributes.get("snapshot") ?? (find(disk, "readonly") ? "no" : undefined);
}

function withLocation(asked: XmlElement, disk: XmlElement, byDefault: string): XmlElement {
  const own = ownLocation(disk);
  const given = asked.attributes.get("snapshot");
  // Internal snapshots are of all disks or of none.
  const mustMatch = byDefault === "internal";
  const fallback = own !== undefined && (!mustMatch || own === "no") ? own : byDefault;
  const location = given ?? fallback;
  if (
    mustMatch &&
    given !== undefined &&
    given !== byDefault &&
    !(given === "no" && own === "no")
  ) {
    refuse(`disk '${nameOf(asked)}' must use snapshot mode '${byDefault}'`);
  }
  const path = diskSource(asked);
  if (path !== undefined && location !== "external") {
    refuse(`file '${path}' for disk '${nameOf(asked)}' requires use of external snapshot mode`);
  }
  const { type } = Object.fromEntries(asked.attributes);
  return element("disk", { name: diskTarget(disk), snapshot: location, type }, asked.children);
}

function defaultFor(disk: XmlElement, { byDefault }: DiskAlignment): XmlElement {
  const location = find(disk, "source") ? (ownLocation(disk) ?? byDefault) : "no";
  return element("disk", { name: diskTarget(disk), snapshot: location });
}

/** Gives external snapshots the files that they lack: the disk's with the snapshot's name as suffix. */
async function withFiles(
  aligned: readonly XmlElement[],
  disks: readonly XmlElement[],
  alignment: DiskAlignment,
): Promise<XmlElement[]> {
  const made: XmlElement[] = [];
  for (const [at, each] of aligned.entries()) {
    const disk = disks[at];
    const isExternal = each.attributes.get("snapshot") === "external";
    if (!disk || !isExternal || find(each, "source")) made.push(each);
    else made.push(withFile(each, await newFile(each, disk, alignment)));
    checkCollision(made);
  }
  return made;
}

async function newFile(
  asked: XmlElement,
  disk: XmlElement,
  { isFile, name }: DiskAlignment,
): Promise<string> {
  const target = nameOf(asked);
  const type = asked.attributes.get("type") ?? "file";
  const refuseName = (why: string): never =>
    refuse(`cannot generate external snapshot name for disk '${target}' ${why}`);
  if (type !== "file") refuseName(`on a '${type}' device`);
  const source = diskSource(disk) ?? refuseName("without source");
  if (!(await isFile(source))) {
    refuse(
      `source for disk '${target}' is not a regular file; refusing to generate external snapshot name`,
    );
  }
  return `${source.replace(/\.[^./]*$/, "")}.${name}`;
}

function withFile(asked: XmlElement, path: string): XmlElement {
  const attributes = { ...Object.fromEntries(asked.attributes), type: "file" };
  return element("disk", attributes, [...asked.children, element("source", { file: path })]);
}

function checkCollision(disks: readonly XmlElement[]): void {
  const last = disks.at(-1);
  const path = last && diskSource(last);
  const other = disks.slice(0, -1).find((each) => diskSource(each) === path);
  if (!last || path === undefined || !other) return;
  refuse(
    `cannot generate external snapshot name for disk '${nameOf(last)}': collision with disk '${nameOf(other)}'`,
  );
}
