/** `-drive`, `-hda` and `-cdrom`: QEMU's forms, and its words for what is wrong. */
import type { DriveConfig } from "../../api/types.ts";
import type { BlockOptions } from "../../protocol/drive-spec.ts";
import { Blockdevs } from "./blockdevs.ts";
import { detectZeroesOf } from "./detect-zeroes.ts";
import { onOff } from "./device-properties.ts";
import { errorPolicies } from "./error-policies.ts";
import { THROTTLE_KEYS, throttleOf } from "./throttling.ts";
import type { GivenOptions } from "./option-table.ts";
import { UsageError } from "./usage-error.ts";
import { parseKeyed } from "./values.ts";

const INTERFACES = ["none", "virtio", "scsi", "ide", "floppy", "pflash", "mtd", "sd"];
const CACHES = ["none", "off", "writeback", "writethrough", "directsync", "unsafe"];
/** Those that go past the host's own cache. */
const DIRECT = ["none", "off", "directsync"];
const AIOS = ["threads", "native", "io_uring"];
const KEYS = [
  ...["file", "if", "id", "format", "readonly", "read-only", "media", "snapshot", "cache"],
  ...["key-secret", "encrypt.format", "encrypt.key-secret"],
  ...["aio", "discard", "index", "bus", "unit", "werror", "rerror", "detect-zeroes", "serial"],
  ...["copy-on-read", ...THROTTLE_KEYS],
];

/** A drive of the command line. */
export interface ParsedDrive {
  readonly drive: DriveConfig;
  /** Plugged in as a virtio-blk-pci of its own. */
  readonly isVirtio: boolean;
  /** The bank of flash that it is. */
  readonly flashUnit?: 0 | 1;
}

/**
 * All drives of a command line. What it says to `-hda` and its likes are drives that no device of
 * this board takes by itself, as under QEMU.
 *
 * @throws UsageError
 */
export function parseDrives(given: GivenOptions): readonly ParsedDrive[] {
  const nodes = new Blockdevs();
  for (const text of given.get("blockdev") ?? []) nodes.add(text);
  const parsed: ParsedDrive[] = nodes.drives.map((drive) => ({ drive, isVirtio: false }));
  for (const [index, name] of (["hda", "hdb", "hdc", "hdd"] as const).entries()) {
    for (const file of given.get(name) ?? []) parsed.push(shortDrive(`-${name}`, file, index));
  }
  for (const file of given.get("cdrom") ?? []) parsed.push(shortDrive("-cdrom", file, CDROM_INDEX));
  for (const text of given.get("drive") ?? []) {
    const isTaken = (id: string): boolean => parsed.some(({ drive }) => drive.id === id);
    const next = parseDrive(text, isTaken, (unit) => parsed.some((one) => one.flashUnit === unit));
    if (isTaken(next.drive.id)) {
      throw new UsageError(`-drive ${text}: Duplicate ID '${next.drive.id}' for drive`);
    }
    parsed.push(next);
  }
  if (!given.has("snapshot")) return parsed;
  return parsed.map(({ drive, ...rest }) => ({ ...rest, drive: { ...drive, snapshot: true } }));
}

const CDROM_INDEX = 2;

function parseDrive(
  text: string,
  isTaken: (id: string) => boolean,
  isBank: (unit: number) => boolean,
): ParsedDrive {
  const option = `-drive ${text}`;
  const { keys, head } = parseKeyed(text);
  const file = keys.get("file") ?? head;
  checkKnown(option, keys);
  const bus = keys.get("if") ?? "none";
  checkBus(option, bus);
  const unit = bus === "pflash" ? flashUnit(option, keys, isBank) : undefined;
  checkAio(option, keys.get("aio"), keys.get("cache"));
  if (bus !== "none" && file === undefined) {
    throw new UsageError(`${option}: Device needs media, but drive is empty`);
  }
  const isCdrom = mediaOf(option, keys.get("media")) === "cdrom";
  const readOnly = keys.get("readonly") ?? keys.get("read-only");
  const drive: DriveConfig = {
    id:
      keys.get("id") ??
      freeId(bus, unit?.toString() ?? keys.get("index") ?? keys.get("unit"), isTaken),
    ...(file !== undefined && { image: fileImage(file, keys.get("format"), unlocking(keys)) }),
    readOnly: isCdrom || (readOnly !== undefined && onOff(option, "read-only", readOnly)),
    snapshot: onOff(option, "snapshot", keys.get("snapshot") ?? "off"),
    ...cacheOf(option, keys.get("cache")),
    ...discardOf(option, keys),
    copyOnRead: onOff(option, "copy-on-read", keys.get("copy-on-read") ?? "off"),
    ...errorPolicies(option, keys),
    ...throttleOf(option, keys),
    option,
  };
  return { drive, isVirtio: bus === "virtio", ...(unit !== undefined && { flashUnit: unit }) };
}

function checkKnown(option: string, keys: ReadonlyMap<string, string>): void {
  for (const key of keys.keys()) {
    if (KEYS.includes(key)) continue;
    const format = keys.get("format") ?? "raw";
    throw new UsageError(
      `${option}: Block format '${format}' does not support the option '${key}'`,
    );
  }
}

/** QEMU's names of drives that have none: `virtio0`, `none1`. */
function freeId(bus: string, index: string | undefined, isTaken: (id: string) => boolean): string {
  if (index !== undefined) return `${bus}${index}`;
  let next = 0;
  while (isTaken(`${bus}${next}`)) next++;
  return `${bus}${next}`;
}

function shortDrive(option: string, file: string, index: number): ParsedDrive {
  const image = fileImage(file, undefined, {});
  const readOnly = option === "-cdrom";
  const drive = { id: `none${index}`, image, readOnly, option: `${option} ${file}` };
  return { drive, isVirtio: false };
}

function fileImage(filename: string, format: string | undefined, options: BlockOptions) {
  return {
    kind: "file",
    filename,
    ...(format !== undefined && { format }),
    ...(Object.keys(options).length > 0 && { options }),
  } as const;
}

/** The options of encrypted images, as nodes have them. */
function unlocking(keys: ReadonlyMap<string, string>): BlockOptions {
  const own = keys.get("key-secret");
  const [format, secret] = [keys.get("encrypt.format"), keys.get("encrypt.key-secret")];
  const encrypt = {
    ...(format !== undefined && { format }),
    ...(secret !== undefined && { "key-secret": secret }),
  };
  return {
    ...(own !== undefined && { "key-secret": own }),
    ...(Object.keys(encrypt).length > 0 && { encrypt }),
  };
}

function checkBus(option: string, bus: string): void {
  if (!INTERFACES.includes(bus)) throw new UsageError(`${option}: unsupported bus type '${bus}'`);
  if (bus === "none" || bus === "virtio" || bus === "pflash") return;
  throw new UsageError(`${option}: machine type does not support if=${bus},bus=0,unit=0`);
}

/** The bank that a drive says, or the first that is free. */
function flashUnit(
  option: string,
  keys: ReadonlyMap<string, string>,
  isBank: (unit: number) => boolean,
): 0 | 1 {
  const text = keys.get("index") ?? keys.get("unit") ?? (isBank(0) ? "1" : "0");
  if (text !== "0" && text !== "1") {
    throw new UsageError(`${option}: machine type does not support if=pflash,bus=0,unit=${text}`);
  }
  const unit = text === "0" ? 0 : 1;
  if (!isBank(unit)) return unit;
  throw new UsageError(`${option}: drive with bus=0, unit=${unit} (index=${unit}) exists`);
}

function mediaOf(option: string, media = "disk"): string {
  if (media === "disk" || media === "cdrom") return media;
  throw new UsageError(`${option}: '${media}' invalid media`);
}

function cacheOf(option: string, cache = "writeback") {
  if (!CACHES.includes(cache)) throw new UsageError(`${option}: invalid cache option`);
  const writeThrough = cache === "writethrough" || cache === "directsync";
  return { writeThrough, noFlush: cache === "unsafe" };
}

/** There is one way to a host's file here; what QEMU refuses is refused all the same. */
function checkAio(option: string, aio = "threads", cache = "writeback"): void {
  if (!AIOS.includes(aio)) throw new UsageError(`${option}: invalid aio option`);
  if (aio !== "native" || DIRECT.includes(cache)) return;
  throw new UsageError(
    `${option}: aio=native was specified, but it requires cache.direct=on, which was not specified.`,
  );
}

function discardOf(option: string, keys: ReadonlyMap<string, string>) {
  const discard = keys.get("discard") ?? "ignore";
  const detectZeroes = keys.get("detect-zeroes") ?? "off";
  const unmaps = discard === "unmap" || discard === "on";
  if (!unmaps && discard !== "ignore" && discard !== "off") {
    throw new UsageError(`${option}: invalid discard option`);
  }
  return { discard: unmaps, ...detectZeroesOf(option, detectZeroes, unmaps) };
}
