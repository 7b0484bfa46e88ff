/** Clones a machine through libvirt's calls, in virt-clone's order. */
import type { Connect } from "../driver/connect.ts";
import { DomainUndefineFlags, DomainXMLFlags } from "../driver/domain-flags.ts";
import type { DomainRef, StorageVolRef } from "../driver/refs.ts";
import { followVolume, type WorkControl } from "../manager/follow-volume.ts";
import { element, textAt, textElement, type XmlElement } from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";
import { parseXml } from "../xml/parse.ts";
import { cloneDefinition, type DiskFate } from "./definition.ts";
import { type CloneDisk, type CloneSource, nvramSource } from "./disks.ts";

/** What the user wants of one disk. */
export type DiskWish =
  /** `name` is the new volume's, in the pool of the original. */
  | { readonly action: "clone"; readonly disk: CloneDisk; readonly name: string }
  | { readonly action: "share" | "skip"; readonly disk: CloneDisk };

export interface CloneWish {
  readonly domain: DomainRef;
  readonly name: string;
  readonly disks: readonly DiskWish[];
}

interface Copy {
  readonly source: CloneSource;
  readonly name: string;
}

/**
 * Defines the clone first, so that errors of its XML cost no copies. When something fails, neither
 * clone nor copies are left.
 *
 * @throws VmError; operationAborted or an AbortError when it was given up
 */
export async function cloneDomain(
  connect: Connect,
  wish: CloneWish,
  { signal, progress }: WorkControl,
): Promise<DomainRef> {
  const flags = DomainXMLFlags.secure | DomainXMLFlags.inactive;
  const text = await connect.domainGetXMLDesc(wish.domain, flags);
  const original = parseXml(text, "(domain_definition)", "domain");
  const nvram = await nvramCopy(connect, original, wish.name);
  const definition = cloneDefinition(original, {
    name: wish.name,
    disks: new Map(wish.disks.map((each) => [each.disk.target, fateOf(each)])),
    nvram: nvram && pathOf(nvram),
  });
  const copies = [...wish.disks.flatMap(copyOf), ...(nvram ? [nvram] : [])];
  const domain = await connect.domainDefineXMLFlags(formatXml(definition), 0);
  const made: StorageVolRef[] = [];
  const total = copies.reduce((sum, { source }) => sum + Number(source.capacity), 0);
  let before = 0;
  try {
    for (const copy of copies) {
      const bytes = Number(copy.source.capacity);
      // A copy that is allocated first has more to write than it is large.
      const tell = (done: number, of: number): void =>
        progress(before + (bytes * done) / of, total);
      made.push(await makeCopy(connect, copy, { signal, progress: tell }));
      before += bytes;
      progress(before, total);
    }
    return domain;
  } catch (error) {
    await undo(connect, domain, made);
    throw error;
  }
}

function fateOf(wish: DiskWish): DiskFate {
  const [copy] = copyOf(wish);
  if (copy) return { action: "clone", path: pathOf(copy), volume: copy.name };
  return { action: wish.action === "skip" ? "skip" : "share" };
}

function copyOf(wish: DiskWish): Copy[] {
  if (wish.action !== "clone" || !wish.disk.source) return [];
  return [{ source: wish.disk.source, name: wish.name }];
}

/** Copies lie beside their originals. */
function pathOf({ source, name }: Copy): string {
  return source.path.slice(0, source.path.lastIndexOf("/") + 1) + name;
}

async function nvramCopy(
  connect: Connect,
  original: XmlElement,
  name: string,
): Promise<Copy | null> {
  if (textAt(original, "os", "nvram") === undefined) return null;
  const source = await nvramSource(connect, original);
  return source && { source, name: `${name}_VARS.fd` };
}

async function makeCopy(
  connect: Connect,
  { source, name }: Copy,
  control: WorkControl,
): Promise<StorageVolRef> {
  const pool = await connect.storagePoolLookupByVolume(source.ref);
  const { capacity, allocation, format } = source;
  const xml = element("volume", {}, [
    textElement("name", name),
    textElement("capacity", capacity),
    textElement("allocation", allocation),
    element("target", {}, format === undefined ? [] : [element("format", { type: format })]),
  ]);
  return followVolume(connect, { pool: pool.name, name }, control, () =>
    connect.storageVolCreateXMLFrom(pool, formatXml(xml), source.ref, 0),
  );
}

/** The first error is what counts. */
async function undo(
  connect: Connect,
  domain: DomainRef,
  made: readonly StorageVolRef[],
): Promise<void> {
  await connect.domainUndefineFlags(domain, DomainUndefineFlags.nvram).catch(async () => {
    // A driver without EFI variables does not know the flag.
    await connect.domainUndefineFlags(domain, 0).catch(() => {});
  });
  for (const volume of made) await connect.storageVolDelete(volume, 0).catch(() => {});
}
