import type { BlockNode, BlockStatus, TruncateOptions, ZeroOptions } from "../../block-node.ts";
import { changeSlots } from "../../crypto/luks-slots.ts";
import type { LuksVolume } from "../../crypto/luks-volume.ts";
import { SECTOR_BYTES, type SectorCipher } from "../../crypto/sector-cipher.ts";
import { inPieces, readSectors, writeSectors } from "../../crypto/sector-io.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf } from "../../segments.ts";
import { type Eventually, Mutex, type Task, run, wait } from "../../task.ts";
import { readPadded } from "../../padded.ts";
import type { Amending, FormatInfo, FormatNode } from "../driver.ts";
import { luksFacts } from "./luks-facts.ts";
import { slotChange } from "./luks-options.ts";

const ZERO_CHUNK = 1 << 20;

export interface LuksParts {
  readonly file: BlockNode;
  readonly volume: LuksVolume;
  /** Undefined when the image was opened only to look at its header. */
  readonly key: Uint8Array | undefined;
  readonly readOnly: boolean;
}

/** A LUKS volume as a node: what is behind its header, decrypted. */
export class LuksNode implements FormatNode {
  readonly driver = "luks";
  /** What was never written is ciphertext of nothing in particular. */
  readonly startsWithGarbage = true;
  backing: BlockNode | undefined;
  readonly file: BlockNode;
  readonly volume: LuksVolume;
  readonly key: Uint8Array | undefined;
  readonly readOnly: boolean;
  readonly #cipher: SectorCipher | undefined;
  readonly #unaligned = new Mutex();

  /** @throws StorageError when the file ends in the header */
  constructor({ file, volume, key, readOnly }: LuksParts) {
    this.file = file;
    this.volume = volume;
    this.key = key;
    this.readOnly = readOnly || file.readOnly;
    this.#cipher = key === undefined ? undefined : volume.cipher(key);
    if (file.sizeBytes < this.#payload) {
      throw new StorageError("EIO", "Could not refresh total sector count: Input/output error");
    }
  }

  get #payload(): number {
    return this.volume.header.payloadOffset;
  }

  get sizeBytes(): number {
    return Math.ceil((this.file.sizeBytes - this.#payload) / SECTOR_BYTES) * SECTOR_BYTES;
  }

  describe(): FormatInfo {
    return { clusterSize: 0, isEncrypted: true, specific: luksFacts(this.volume) };
  }

  async amend({ options, force, keys }: Amending): Promise<void> {
    const change = slotChange(options, "", force);
    if (change === undefined || this.key === undefined) return;
    await changeSlots(this.volume, this.key, change, keys);
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demandInside(offset, lengthOf(segments));
    return run(readSectors(offset, segments, (from, bytes) => this.#readWhole(from, bytes)));
  }

  *#readWhole(offset: number, bytes: Uint8Array): Task<void> {
    yield* readPadded(this.file, this.#payload + offset, bytes);
    this.#demandCipher().decrypt(offset / SECTOR_BYTES, bytes);
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demandWritable(offset, lengthOf(segments));
    return run(this.#write(offset, segments));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    yield* writeSectors(offset, segments, {
      unaligned: this.#unaligned,
      read: (from, bytes) => this.#readWhole(from, bytes),
      write: (from, whole) => inPieces(from, whole, (at, bytes) => this.#writeWhole(at, bytes)),
    });
  }

  *#writeWhole(offset: number, bytes: Uint8Array): Task<void> {
    this.#demandCipher().encrypt(offset / SECTOR_BYTES, bytes);
    yield* wait(this.file.write(this.#payload + offset, [bytes]));
  }

  writeZeroes(offset: number, length: number, options: ZeroOptions = {}): Eventually<void> {
    this.#demandWritable(offset, length);
    if (options.noFallback === true) throw new StorageError("ENOTSUP");
    return run(this.#writeZeroes(offset, length));
  }

  *#writeZeroes(offset: number, length: number): Task<void> {
    const zeroes = new Uint8Array(Math.min(length, ZERO_CHUNK));
    for (let done = 0; done < length; done += ZERO_CHUNK)
      yield* this.#write(offset + done, [zeroes.subarray(0, length - done)]);
  }

  /** Does nothing: where nothing is would be seen in what should look all alike. */
  discard(offset: number, length: number): void {
    this.#demandWritable(offset, length);
  }

  flush(): Eventually<void> {
    return this.file.flush();
  }

  status(offset: number, length: number): BlockStatus {
    this.#demandInside(offset, length);
    return { length, allocated: true, data: true, zero: false };
  }

  truncate(sizeBytes: number, options?: TruncateOptions): Eventually<void> {
    if (this.readOnly) throw new StorageError("EPERM");
    return this.file.truncate(this.#payload + sizeBytes, options);
  }

  close(): Eventually<void> {
    return this.file.close();
  }

  #demandInside(offset: number, length: number): void {
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
  }

  #demandWritable(offset: number, length: number): void {
    if (this.readOnly) throw new StorageError("EPERM");
    this.#demandInside(offset, length);
  }

  #demandCipher(): SectorCipher {
    if (this.#cipher === undefined) throw new StorageError("EPERM");
    return this.#cipher;
  }
}
