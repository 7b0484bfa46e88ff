/** What the wizard holds: what its user chose, and what follows from that where nothing was chosen. */
import type { StorageVolRef } from "../../virt/driver/refs.ts";
import { freeName } from "../../virt/clone/names.ts";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import { MACHINE_LIMITS } from "../../virt/machine-limits.ts";
import { isInstaller } from "../../virt/manager/served-guest.ts";
import { type Size, sizeBytes, sizeOf } from "../common/size.ts";
import type { Around } from "./around.ts";
import type { ImageKind } from "../common/image-kind.ts";

export const SOURCES = ["guest", "file", "url", "import", "kernel"] as const;
export type Source = (typeof SOURCES)[number];

export const STEPS = ["source", "hardware", "storage", "name", "summary"] as const;
export type Step = (typeof STEPS)[number];

/** A file of the user's computer. */
export interface LocalFile {
  readonly from: "computer";
  readonly file: File;
  readonly name: string;
  readonly kind: ImageKind;
  /** Whether nothing in it tells that it is a disk. */
  readonly isGuess: boolean;
  /** Whether it stands on another image, without which it is of no use. */
  readonly hasBacking: boolean;
}

/** A volume that is there. */
export interface ChosenVolume {
  readonly from: "pool";
  readonly ref: StorageVolRef;
  readonly name: string;
  readonly path: string;
  readonly isBlock: boolean;
  readonly format: string;
  readonly capacityBytes: number;
  /** The image that it stands on. */
  readonly backing: string | undefined;
}

/** How an image of the web becomes a disk. */
export const WAYS = ["overlay", "copy"] as const;
export type Way = (typeof WAYS)[number];

export const STORAGES = ["new", "existing", "none"] as const;
export type Storage = (typeof STORAGES)[number];

/** Null is what was not chosen: `settle` says what is taken then. */
export interface Draft {
  readonly source: Source;
  readonly guest: string | null;
  readonly image: LocalFile | null;
  readonly url: string;
  readonly way: Way | null;
  readonly volume: ChosenVolume | null;
  readonly kernel: LocalFile | ChosenVolume | null;
  readonly initrd: LocalFile | ChosenVolume | null;
  readonly cmdline: string;
  /** NaN for what is no number. */
  readonly memoryMib: number | null;
  readonly vcpus: number | null;
  readonly storage: Storage | null;
  readonly pool: string | null;
  readonly size: Size | null;
  readonly existing: ChosenVolume | null;
  readonly name: string | null;
  /** Empty for none. */
  readonly network: string | null;
  readonly customizes: boolean;
  readonly starts: boolean;
}

export const NEW_DRAFT: Draft = {
  source: "guest",
  guest: null,
  image: null,
  url: "",
  way: null,
  volume: null,
  kernel: null,
  initrd: null,
  cmdline: "console=ttyS0",
  memoryMib: null,
  vcpus: null,
  storage: null,
  pool: null,
  size: null,
  existing: null,
  name: null,
  network: null,
  customizes: false,
  starts: true,
};

type Settling = "guest" | "way" | "memoryMib" | "vcpus" | "storage" | "pool" | "size" | "name";

/** A draft with everything chosen. */
export interface Settled extends Omit<Draft, Settling | "network"> {
  /** Undefined while the guests are not known. */
  readonly guest: GuestManifest | undefined;
  readonly way: Way;
  readonly memoryMib: number;
  readonly vcpus: number;
  readonly storage: Storage;
  /** The name of the pool that new volumes are made in. */
  readonly pool: string;
  /** Of a new disk, or the least one of a disk that the source brings; an empty text for its own. */
  readonly size: Size;
  readonly name: string;
  readonly network: string;
  /** What the source is: `disk` for images with a system on them. */
  readonly medium: "kernel" | "disk" | "iso" | "volume";
}

const MIB = 2 ** 20;
/** Where nothing says what a system is comfortable with. */
const USUAL_MEMORY_MIB = 1024;
/** Of processors, from which on two are given away without a thought. */
const PLENTY = 4;
/** Of a new disk, which takes no space until something is written. */
const NEW_DISK_BYTES = 8 * 2 ** 30;
/** A disk is as large as its image. */
const IMAGE_SIZE: Size = { text: "", unit: 1 };

export function settle(draft: Draft, around: Around): Settled {
  const guest = around.guests.find(({ name }) => name === draft.guest) ?? around.guests[0];
  const medium = mediumOf(draft, guest, around);
  const isBrought = medium === "disk" || medium === "volume";
  const installs = draft.source === "guest" && guest !== undefined && isInstaller(guest);
  const wantsDisk = medium === "iso" || installs;
  return {
    ...draft,
    guest,
    medium,
    way: draft.way ?? (around.web?.acceptsRanges === false ? "copy" : "overlay"),
    memoryMib: draft.memoryMib ?? usualMemoryMib(draft, guest),
    vcpus: draft.vcpus ?? (around.host.cpus >= PLENTY ? 2 : 1),
    storage: draft.storage ?? (wantsDisk ? "new" : "none"),
    pool: draft.pool ?? around.defaultPool,
    size: draft.size ?? (isBrought ? IMAGE_SIZE : sizeOf(NEW_DISK_BYTES)),
    name:
      draft.name ??
      freeName(baseName(draft, guest), (name) => around.domains.has(name), { start: 2 }),
    network: draft.network ?? around.defaultNetwork,
  };
}

function mediumOf(
  { source, image, volume }: Draft,
  guest: GuestManifest | undefined,
  { web }: Around,
): Settled["medium"] {
  switch (source) {
    case "guest":
      return guest?.boots.fast.disk ? "disk" : "kernel";
    case "file":
      return image?.kind.kind === "iso" ? "iso" : "disk";
    case "url":
      return web?.kind.kind === "iso" ? "iso" : "disk";
    case "import":
      return volume && isCd(volume) ? "iso" : "volume";
    case "kernel":
      return "kernel";
  }
}

function usualMemoryMib({ source }: Draft, guest: GuestManifest | undefined): number {
  if (source !== "guest") return USUAL_MEMORY_MIB;
  const usual = guest?.usualMemoryBytes ?? 0;
  const bytes = Math.ceil(usual / MACHINE_LIMITS.memoryStepBytes) * MACHINE_LIMITS.memoryStepBytes;
  return bytes === 0 ? USUAL_MEMORY_MIB : bytes / MIB;
}

/** What a machine is called after. */
function baseName(draft: Draft, guest: GuestManifest | undefined): string {
  switch (draft.source) {
    case "guest": {
      const name = guest?.name ?? "";
      return name === "" || name.startsWith("debian") ? name || "debian" : `debian-${name}`;
    }
    case "file":
      return stemOf(draft.image?.name ?? "");
    case "url":
      return stemOf(lastPart(draft.url));
    case "import":
      return stemOf(draft.volume?.name ?? "");
    case "kernel":
      return "linux";
  }
}

function lastPart(url: string): string {
  const path = url.trim().replace(/[?#].*$/, "");
  const last = path.slice(path.lastIndexOf("/") + 1);
  try {
    return decodeURIComponent(last);
  } catch {
    return last;
  }
}

const IMAGE_END = /\.(?:qcow2?|img|raw|iso|vmdk|vhdx?|vdi|vpc|qed)$/i;

function stemOf(file: string): string {
  return file.replace(IMAGE_END, "").replaceAll("/", "-").trim() || "vm";
}

/** Whether the source is a disk of its own, so that no other is asked for. */
export function bringsDisk({ medium }: Settled): boolean {
  return medium === "disk" || medium === "volume";
}

/** Bytes that a disk is to have at least; undefined for those of its image. */
export function wantedBytes({ size }: Settled): number | undefined {
  return size.text.trim() === "" ? undefined : sizeBytes(size);
}

/** Whether a volume is an image of a CD. */
export function isCd({ format, name }: ChosenVolume): boolean {
  return format === "iso" || /\.iso$/i.test(name);
}

/** The image in pools that a machine's disk already is; undefined where one is made. */
export function chosenDisk(settled: Settled): ChosenVolume | undefined {
  if (settled.medium === "volume") return settled.volume ?? undefined;
  if (bringsDisk(settled) || settled.storage !== "existing") return undefined;
  return settled.existing ?? undefined;
}
