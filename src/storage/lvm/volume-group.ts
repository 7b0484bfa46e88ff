/** An open volume group: its volumes, and where their extents are. */
import type { Entropy } from "../../device/ports.ts";
import { StorageError } from "../errors.ts";
import type { ImageFile } from "../ports.ts";
import { isZero } from "../segments.ts";
import {
  formatGroup,
  type GroupText,
  HOLE,
  type LogicalVolume,
  parseGroup,
  physicalOf,
} from "./group-text.ts";
import {
  type CommittedText,
  commitText,
  DATA_AT,
  hasLabel,
  readText,
  writeLabel,
} from "./label.ts";

const EXTENT_BYTES = 4 * 2 ** 20;
const ID_LETTERS = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
/** Extents are copied in steps of this. */
const STEP = 2 ** 20;

/** What a group needs of its host. */
export interface GroupHost {
  readonly entropy: Entropy;
  /** Milliseconds since 1970. */
  nowMs(): number;
}

export interface VolumeLayout {
  readonly name: string;
  readonly bytes: number;
  /** Takes extents when they are written to. */
  readonly thin: boolean;
  /** Is a place for thin volumes. */
  readonly isPool?: boolean;
  /** A thin pool to take them from. */
  readonly pool?: string;
}

export class VolumeGroup {
  readonly #host: GroupHost;
  readonly #files: readonly ImageFile[];
  readonly #group: GroupText;
  #committed: (CommittedText | null)[];
  /** Ends when the last change does: one is made at a time. */
  #busy: Promise<unknown> = Promise.resolve();

  private constructor(
    host: GroupHost,
    files: readonly ImageFile[],
    group: GroupText,
    committed: (CommittedText | null)[],
  ) {
    this.#host = host;
    this.#files = files;
    this.#group = group;
    this.#committed = committed;
  }

  /** Makes a group over files, whatever was in them. @throws StorageError ENOSPC when one is too short */
  static async create(host: GroupHost, name: string, files: readonly ImageFile[]): Promise<void> {
    const physical = files.map((file, index) => ({
      name: `pv${index}`,
      id: newId(host.entropy),
      deviceBytes: Math.floor(file.sizeBytes / 512) * 512,
      startBytes: DATA_AT,
      extents: Math.floor((file.sizeBytes - DATA_AT) / EXTENT_BYTES),
    }));
    if (physical.some(({ extents }) => extents < 1))
      throw new StorageError("ENOSPC", "Physical volume is too small");
    for (const [index, file] of files.entries()) await writeLabel(file, physical[index]?.id ?? "");
    const id = newId(host.entropy);
    const group = { id, name, seqno: 0, extentBytes: EXTENT_BYTES, physical, logical: [] };
    await new VolumeGroup(
      host,
      files,
      group,
      files.map(() => null),
    ).#commit(files);
  }

  /**
   * Opens the group that all of `files` belong to. The newest text counts: a crash may have come
   * between the areas of two physical volumes.
   *
   * @throws StorageError EINVAL, ENOTSUP, or ENOENT where there is none
   */
  static async open(host: GroupHost, files: readonly ImageFile[]): Promise<VolumeGroup> {
    const committed = await Promise.all(files.map(readText));
    const groups = committed.flatMap((each) => (each === null ? [] : [parseGroup(each.text)]));
    const newest = groups.toSorted((a, b) => b.seqno - a.seqno)[0];
    if (newest === undefined) throw new StorageError("ENOENT", "Volume group not found");
    if (groups.some(({ id }) => id !== newest.id))
      throw new StorageError("EINVAL", "Physical volumes belong to different volume groups");
    if (newest.physical.length !== files.length)
      throw new StorageError("EINVAL", `Volume group ${newest.name} is missing physical volumes`);
    return new VolumeGroup(host, files, newest, committed);
  }

  static isPhysicalVolume(file: ImageFile): Promise<boolean> {
    return hasLabel(file);
  }

  get name(): string {
    return this.#group.name;
  }

  get extentBytes(): number {
    return this.#group.extentBytes;
  }

  get totalBytes(): number {
    return this.#places() * this.extentBytes;
  }

  get freeBytes(): number {
    return (this.#places() - this.#used(undefined).size) * this.extentBytes;
  }

  volumes(): readonly LogicalVolume[] {
    return this.#group.logical;
  }

  /** Bytes that a volume takes of the group, or of its pool. */
  allocatedBytes({ map }: LogicalVolume): number {
    return map.filter((place) => place !== HOLE).length * this.extentBytes;
  }

  /** @throws StorageError ENOENT */
  volume(name: string): LogicalVolume {
    const found = this.#group.logical.find((each) => each.name === name);
    if (found === undefined) throw new StorageError("ENOENT");
    return found;
  }

  /** @throws StorageError EEXIST, EINVAL, ENOSPC */
  add(layout: VolumeLayout): Promise<void> {
    return this.#alone(() => this.#add(layout));
  }

  async #add({ name, bytes, thin, isPool = false, pool }: VolumeLayout): Promise<void> {
    this.#demandNew(name);
    if (pool !== undefined && !this.volume(pool).isPool)
      throw new StorageError("EINVAL", `Volume ${pool} is not a thin pool`);
    const extents = Math.ceil(bytes / this.extentBytes);
    const isThin = thin || pool !== undefined;
    const map = isThin ? Array.from({ length: extents }, () => HOLE) : this.#take(extents, pool);
    const id = newId(this.#host.entropy);
    const lv = { name, id, thin: isThin, isPool, ...(pool !== undefined && { pool }), map };
    if (!isThin) await this.#zero(lv, 0);
    await this.#change(() => this.#group.logical.push(lv));
  }

  /** A volume with the contents that `origin` has now; each takes space when it changes. */
  snapshot(name: string, origin: string): Promise<void> {
    return this.#alone(() => this.#snapshot(name, origin));
  }

  async #snapshot(name: string, origin: string): Promise<void> {
    this.#demandNew(name);
    const of = this.volume(origin);
    if (of.isPool) throw new StorageError("EINVAL", `Volume ${origin} is a thin pool`);
    const copy = { ...of, name, id: newId(this.#host.entropy), thin: true, map: [...of.map] };
    await this.#change(() => this.#group.logical.push(copy));
  }

  /** @throws StorageError EBUSY for a thin pool that volumes are in */
  remove(name: string): Promise<void> {
    return this.#alone(() => this.#remove(name));
  }

  async #remove(name: string): Promise<void> {
    const lv = this.volume(name);
    if (lv.isPool && this.#group.logical.some(({ pool }) => pool === name))
      throw new StorageError("EBUSY");
    await this.#change(() => {
      this.#group.logical = this.#group.logical.filter((each) => each !== lv);
    });
  }

  /** @throws StorageError ENOSPC; EBUSY for a thin pool that would lose used extents */
  resize(name: string, bytes: number): Promise<void> {
    return this.#alone(() => this.#resize(name, bytes));
  }

  async #resize(name: string, bytes: number): Promise<void> {
    const lv = this.volume(name);
    const before = lv.map.length;
    const extents = Math.ceil(bytes / this.extentBytes);
    if (extents < before) {
      if (lv.isPool && [...this.#used(name)].some((place) => place >= extents))
        throw new StorageError("EBUSY");
      await this.#change(() => {
        lv.map = lv.map.slice(0, extents);
      });
      return;
    }
    const more = lv.thin
      ? Array.from({ length: extents - before }, () => HOLE)
      : this.#take(extents - before, lv.pool);
    const longer = { ...lv, map: [...lv.map, ...more] };
    if (!lv.thin) await this.#zero(longer, before);
    await this.#change(() => {
      lv.map = longer.map;
    });
  }

  async read(lv: LogicalVolume, offset: number, bytes: Uint8Array): Promise<void> {
    for (const part of this.#parts(offset, bytes.length)) {
      const target = bytes.subarray(part.from, part.from + part.length);
      const place = lv.map[part.extent] ?? HOLE;
      if (place === HOLE) target.fill(0);
      else {
        const [file, start] = this.#locate(lv, place);
        await file.read(start + part.skip, target);
      }
    }
  }

  /** Extents that are missing are taken; shared ones are copied first. */
  async write(lv: LogicalVolume, offset: number, bytes: Uint8Array): Promise<void> {
    for (const part of this.#parts(offset, bytes.length)) {
      const place = this.#isOwn(lv, part.extent)
        ? (lv.map[part.extent] as number)
        : await this.#alone(() => this.#owned(lv, part.extent));
      const [file, start] = this.#locate(lv, place);
      await file.write(start + part.skip, bytes.subarray(part.from, part.from + part.length));
    }
  }

  async flush(): Promise<void> {
    for (const file of this.#files) await file.flush();
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }

  *#parts(
    offset: number,
    length: number,
  ): Generator<{ extent: number; skip: number; from: number; length: number }, void, undefined> {
    const size = this.extentBytes;
    for (let from = 0; from < length;) {
      const extent = Math.floor((offset + from) / size);
      const skip = (offset + from) % size;
      const count = Math.min(size - skip, length - from);
      yield { extent, skip, from, length: count };
      from += count;
    }
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#busy.then(work, work);
    this.#busy = mine.catch(() => {});
    return mine;
  }

  /** A write that waited may find that another one has done it. */
  async #owned(lv: LogicalVolume, extent: number): Promise<number> {
    const place = lv.map[extent] ?? HOLE;
    return this.#isOwn(lv, extent) ? place : this.#replace(lv, extent, place);
  }

  #isOwn(lv: LogicalVolume, extent: number): boolean {
    const place = lv.map[extent] ?? HOLE;
    return place !== HOLE && !this.#isShared(lv, place);
  }

  /** The contents are in the new place, and flushed, before the text leads to it. */
  async #replace(lv: LogicalVolume, extent: number, old: number): Promise<number> {
    const [fresh] = this.#take(1, lv.pool);
    const place = fresh as number;
    const [to, toStart] = this.#locate(lv, place);
    const from = old === HOLE ? null : this.#locate(lv, old);
    const bytes = new Uint8Array(STEP);
    for (let at = 0; at < this.extentBytes; at += STEP) {
      const step = bytes.subarray(0, Math.min(STEP, this.extentBytes - at));
      if (from) await from[0].read(from[1] + at, step);
      await to.write(toStart + at, step);
    }
    await to.flush();
    await this.#change(() => {
      lv.map[extent] = place;
    });
    return place;
  }

  /** New extents of thick volumes read as zeroes, not as what was there before. */
  async #zero(lv: LogicalVolume, from: number): Promise<void> {
    const bytes = new Uint8Array(STEP);
    for (const place of lv.map.slice(from)) {
      const [file, start] = this.#locate(lv, place);
      for (let at = 0; at < this.extentBytes; at += STEP) {
        const step = bytes.subarray(0, Math.min(STEP, this.extentBytes - at));
        await file.read(start + at, step);
        // Where nothing was yet, nothing needs to be written: a hole stays one.
        if (!isZero(step)) await file.write(start + at, step.fill(0));
      }
    }
    await this.flush();
  }

  #locate(lv: LogicalVolume, place: number): readonly [ImageFile, number] {
    const inGroup = lv.pool === undefined ? place : this.volume(lv.pool).map[place];
    if (inGroup === undefined) throw new StorageError("EIO", "Extent is outside of its thin pool");
    const [pv, extent] = physicalOf(this.#group, inGroup);
    const file = this.#files[this.#group.physical.indexOf(pv)] as ImageFile;
    return [file, pv.startBytes + extent * this.extentBytes];
  }

  #isShared(lv: LogicalVolume, place: number): boolean {
    return this.#group.logical.some(
      (other) => other !== lv && other.pool === lv.pool && other.map.includes(place),
    );
  }

  #take(count: number, pool: string | undefined): number[] {
    const used = this.#used(pool);
    const end = pool === undefined ? this.#places() : this.volume(pool).map.length;
    const found: number[] = [];
    for (let place = 0; place < end && found.length < count; place++)
      if (!used.has(place)) found.push(place);
    if (found.length < count) throw new StorageError("ENOSPC");
    return found;
  }

  /** Places of the group, or of a thin pool, that volumes have. */
  #used(pool: string | undefined): Set<number> {
    const used = new Set<number>();
    for (const lv of this.#group.logical)
      if (lv.pool === pool) for (const place of lv.map) if (place !== HOLE) used.add(place);
    return used;
  }

  #places(): number {
    return this.#group.physical.reduce((sum, { extents }) => sum + extents, 0);
  }

  #demandNew(name: string): void {
    if (!/^[A-Za-z0-9_+.][A-Za-z0-9_+.-]*$/.test(name) || name === "." || name === "..")
      throw new StorageError("EINVAL", `Logical volume name "${name}" is invalid`);
    if (this.#group.logical.some((each) => each.name === name)) throw new StorageError("EEXIST");
  }

  /** Changes the group in memory, and takes that back when it cannot be written. */
  async #change(change: () => void): Promise<void> {
    const before = this.#group.logical;
    const maps = before.map(({ map }) => [...map]);
    this.#group.logical = [...before];
    change();
    try {
      await this.#commit(this.#files);
    } catch (error) {
      this.#group.logical = before;
      for (const [index, lv] of before.entries()) lv.map = maps[index] ?? lv.map;
      throw error;
    }
  }

  async #commit(files: readonly ImageFile[]): Promise<void> {
    this.#group.seqno++;
    const text = formatGroup(this.#group, Math.floor(this.#host.nowMs() / 1000));
    for (const [index, file] of files.entries())
      this.#committed[index] = await commitText(file, text, this.#committed[index] ?? null);
  }
}

function newId(entropy: Entropy): string {
  const bytes = new Uint8Array(32);
  // oxlint-disable-next-line unicorn/no-array-fill-with-reference-type -- not an array's fill
  entropy.fill(bytes);
  return [...bytes].map((byte) => ID_LETTERS[byte % ID_LETTERS.length]).join("");
}
