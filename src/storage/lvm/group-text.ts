/**
 * A volume group as LVM2's text. Linear volumes are LVM2's own (`striped` over one stripe), so that
 * its tools see what we see. Holes, shared extents and extents of thin pools have types of our own,
 * which LVM2 keeps and does not activate.
 */
import { StorageError } from "../errors.ts";
import {
  type ConfigSection,
  formatConfig,
  listOf,
  numberOf,
  parseConfig,
  sectionOf,
  textOf,
} from "./config-text.ts";

const SECTOR = 512;
/** Of a logical volume: with 4 MiB each, 64 TiB. */
const MOST_EXTENTS = 2 ** 24;

export const HOLE = -1;

/** What LVM2 has no words for is kept in tags, which it leaves alone. */
const THIN_TAG = "tabvisor-thin";
const POOL_TAG = "tabvisor-pool";
const IN_POOL_TAG = "tabvisor-in-pool=";

export interface PhysicalVolume {
  /** `pv0` */
  readonly name: string;
  /** 32 letters and digits. */
  readonly id: string;
  readonly deviceBytes: number;
  /** Where its first extent is, in bytes. */
  readonly startBytes: number;
  readonly extents: number;
}

export interface LogicalVolume {
  readonly name: string;
  readonly id: string;
  /** Extents are taken when they are written to. */
  readonly thin: boolean;
  /** Its extents are for thin volumes. */
  readonly isPool: boolean;
  /** The thin pool that its extents lie in; the group's own when absent. */
  readonly pool?: string;
  /** For each extent its place in the group, or in the pool; HOLE where it has none. */
  map: number[];
}

export interface GroupText {
  readonly id: string;
  readonly name: string;
  seqno: number;
  readonly extentBytes: number;
  readonly physical: readonly PhysicalVolume[];
  logical: LogicalVolume[];
}

/** Seconds since 1970 are written into the text: LVM2 wants them. */
export function formatGroup(group: GroupText, nowSeconds: number): string {
  const owners = ownersOf(group);
  const physical = group.physical.map((pv) => [
    pv.name,
    {
      id: dashed(pv.id),
      device: `/dev/${group.name}/${pv.name}`,
      status: ["ALLOCATABLE"],
      flags: [],
      dev_size: pv.deviceBytes / SECTOR,
      pe_start: pv.startBytes / SECTOR,
      pe_count: pv.extents,
    },
  ]);
  const logical = group.logical.map((lv) => [lv.name, logicalSection(group, lv, owners)]);
  return formatConfig({
    [group.name]: {
      id: dashed(group.id),
      seqno: group.seqno,
      format: "lvm2",
      status: ["RESIZEABLE", "READ", "WRITE"],
      flags: [],
      extent_size: group.extentBytes / SECTOR,
      max_lv: 0,
      max_pv: 0,
      metadata_copies: 0,
      physical_volumes: Object.fromEntries(physical) as ConfigSection,
      ...(logical.length > 0 && {
        logical_volumes: Object.fromEntries(logical) as ConfigSection,
      }),
    },
    contents: "Text Format Volume Group",
    version: 1,
    description: "",
    creation_host: "tabvisor",
    creation_time: nowSeconds,
  });
}

/** For each extent of the group that has one, the volume that LVM2 is to see it in. */
function ownersOf({ logical }: GroupText): ReadonlyMap<number, LogicalVolume> {
  const owners = new Map<number, LogicalVolume>();
  for (const lv of logical) {
    if (lv.pool !== undefined) continue;
    for (const place of lv.map) if (place !== HOLE && !owners.has(place)) owners.set(place, lv);
  }
  return owners;
}

function logicalSection(
  group: GroupText,
  lv: LogicalVolume,
  owners: ReadonlyMap<number, LogicalVolume>,
): ConfigSection {
  const segments: ConfigSection[] = [];
  for (let start = 0; start < lv.map.length;) {
    const end = runEnd(group, lv, owners, start);
    segments.push(segment(group, lv, owners, start, end - start));
    start = end;
  }
  const tags = [
    ...(lv.thin ? [THIN_TAG] : []),
    ...(lv.isPool ? [POOL_TAG] : []),
    ...(lv.pool === undefined ? [] : [IN_POOL_TAG + lv.pool]),
  ];
  return {
    id: dashed(lv.id),
    status: ["READ", "WRITE", "VISIBLE"],
    flags: [],
    ...(tags.length > 0 && { tags }),
    segment_count: segments.length,
    ...Object.fromEntries(segments.map((each, i) => [`segment${i + 1}`, each])),
  };
}

/** Where the stretch of like, adjacent extents that begins at `start` ends. */
function runEnd(
  group: GroupText,
  lv: LogicalVolume,
  owners: ReadonlyMap<number, LogicalVolume>,
  start: number,
): number {
  const first = lv.map[start] as number;
  const [pv] = lv.pool === undefined && first !== HOLE ? physicalOf(group, first) : [undefined];
  let end = start + 1;
  for (; end < lv.map.length; end++) {
    const place = lv.map[end] as number;
    if (first === HOLE ? place !== HOLE : place !== first + (end - start)) break;
    if (first === HOLE || lv.pool !== undefined) continue;
    if (physicalOf(group, place)[0] !== pv) break;
    if ((owners.get(place) === lv) !== (owners.get(first) === lv)) break;
  }
  return end;
}

function segment(
  group: GroupText,
  lv: LogicalVolume,
  owners: ReadonlyMap<number, LogicalVolume>,
  start: number,
  count: number,
): ConfigSection {
  const place = lv.map[start] as number;
  const common = { start_extent: start, extent_count: count };
  if (place === HOLE) return { ...common, type: "tabvisor-hole" };
  if (lv.pool !== undefined) return { ...common, type: "tabvisor-thin", pool_extent: place };
  const [pv, extent] = physicalOf(group, place);
  const type = owners.get(place) === lv ? "striped" : "tabvisor-shared";
  return { ...common, type, stripe_count: 1, stripes: [pv.name, extent] };
}

/** The physical volume of an extent of the group, and its number there. */
export function physicalOf(
  { physical }: Pick<GroupText, "physical">,
  place: number,
): readonly [PhysicalVolume, number] {
  let left = place;
  for (const pv of physical) {
    if (left < pv.extents) return [pv, left];
    left -= pv.extents;
  }
  throw new StorageError("EIO", `Extent ${place} is outside of the volume group`);
}

/** @throws StorageError EINVAL for nonsense; ENOTSUP for what LVM2 knows and we do not */
export function parseGroup(text: string): GroupText {
  const root = parseConfig(text);
  const [name, section] = Object.entries(root).find(([, value]) => isSection(value)) ?? [];
  if (name === undefined) throw new StorageError("EINVAL", "There is no volume group");
  const vg = sectionOf(section);
  const physical = Object.entries(sectionOf(vg["physical_volumes"])).map(([key, value]) =>
    parsePhysical(key, sectionOf(value)),
  );
  const group: GroupText = {
    name,
    id: undashed(textOf(vg["id"])),
    seqno: numberOf(vg["seqno"]),
    extentBytes: numberOf(vg["extent_size"]) * SECTOR,
    physical,
    logical: [],
  };
  const { extentBytes } = group;
  if (extentBytes < SECTOR || extentBytes > 2 ** 34)
    throw new StorageError("EINVAL", "Bad extent size");
  const volumes = vg["logical_volumes"];
  for (const [key, value] of Object.entries(volumes === undefined ? {} : sectionOf(volumes)))
    group.logical.push(parseLogical(group, key, sectionOf(value)));
  return group;
}

function isSection(value: ConfigSection[string]): boolean {
  return typeof value === "object" && !Array.isArray(value);
}

function parsePhysical(name: string, section: ConfigSection): PhysicalVolume {
  return {
    name,
    id: undashed(textOf(section["id"])),
    deviceBytes: numberOf(section["dev_size"]) * SECTOR,
    startBytes: numberOf(section["pe_start"]) * SECTOR,
    extents: numberOf(section["pe_count"]),
  };
}

function parseLogical(group: GroupText, name: string, section: ConfigSection): LogicalVolume {
  const map: number[] = [];
  const tags = section["tags"] === undefined ? [] : listOf(section["tags"]);
  for (let i = 1; i <= numberOf(section["segment_count"]); i++) {
    const part = sectionOf(section[`segment${i}`]);
    const count = numberOf(part["extent_count"]);
    if (numberOf(part["start_extent"]) !== map.length || map.length + count > MOST_EXTENTS)
      throw new StorageError("EINVAL", `Segments of ${name} do not follow each other`);
    const first = firstPlace(group, name, part);
    for (let k = 0; k < count; k++) map.push(first === HOLE ? HOLE : first + k);
  }
  const inPool = tags.find((tag) => String(tag).startsWith(IN_POOL_TAG));
  const pool = inPool === undefined ? undefined : String(inPool).slice(IN_POOL_TAG.length);
  return {
    name,
    id: undashed(textOf(section["id"])),
    thin: tags.includes(THIN_TAG),
    isPool: tags.includes(POOL_TAG),
    ...(pool !== undefined && { pool }),
    map,
  };
}

function firstPlace(group: GroupText, name: string, part: ConfigSection): number {
  const type = textOf(part["type"]);
  if (type === "tabvisor-hole") return HOLE;
  if (type === "tabvisor-thin") return numberOf(part["pool_extent"]);
  const isLinear = type === "striped" && part["stripe_count"] === 1;
  if (!isLinear && type !== "tabvisor-shared")
    throw new StorageError("ENOTSUP", `Volume ${name} has segments of type ${type}`);
  const [pv, extent] = listOf(part["stripes"]);
  let base = 0;
  for (const each of group.physical) {
    if (each.name === pv && typeof extent === "number") {
      if (extent + numberOf(part["extent_count"]) > each.extents) break;
      return base + extent;
    }
    base += each.extents;
  }
  throw new StorageError("EINVAL", `Volume ${name} lies outside of the volume group`);
}

/** 6-4-4-4-4-4-6, as LVM2 shows its UUIDs. */
export function dashed(id: string): string {
  const cuts = [0, 6, 10, 14, 18, 22, 26, 32];
  return cuts
    .slice(1)
    .map((end, i) => id.slice(cuts[i], end))
    .join("-");
}

function undashed(id: string): string {
  const plain = id.replaceAll("-", "");
  if (!/^[0-9A-Za-z]{32}$/.test(plain)) throw new StorageError("EINVAL", "Bad UUID");
  return plain;
}
