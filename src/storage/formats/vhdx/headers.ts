import type { Entropy } from "../../../device/ports.ts";
import { asciiBytes, latin1, viewOf } from "../../../util/bytes.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { type Task, wait } from "../../task.ts";
import { crc32c } from "./crc32c.ts";
import { CHECKSUM, GUID_BYTES, HEADER_OFFSETS, drawGuid } from "./layout.ts";

/** What the checksum covers, and what is ever written. */
const COVERED_BYTES = 4096;
const HEADER_BYTES = 80;
const MAGIC = "head";

const Field = {
  sequence: 8,
  fileGuid: 16,
  dataGuid: 32,
  logGuid: 48,
  logVersion: 64,
  version: 66,
  logBytes: 68,
  logOffset: 72,
} as const;

export interface HeaderUpdate {
  /** What the guest sees is about to change. */
  readonly newData?: boolean;
  /** The log's new name; zeroes when it is empty. */
  readonly logGuid?: Uint8Array;
}

/** The two headers: the one with the higher sequence number counts, the other one is written next. */
export class Headers {
  readonly #file: BlockNode;
  readonly #entropy: Entropy;
  readonly #session: Uint8Array;
  readonly #copies: Uint8Array[] = [];
  #current = 0;

  constructor(file: BlockNode, entropy: Entropy) {
    this.#file = file;
    this.#entropy = entropy;
    this.#session = drawGuid(entropy);
  }

  /** @throws StorageError with QEMU's words */
  *read(): Task<void> {
    const sequences: (bigint | undefined)[] = [];
    for (const offset of HEADER_OFFSETS) {
      const bytes = new Uint8Array(COVERED_BYTES);
      yield* readPadded(this.#file, offset, bytes);
      this.#copies.push(bytes);
      sequences.push(isValid(bytes) ? viewOf(bytes).getBigUint64(Field.sequence, true) : undefined);
    }
    const [first, second] = sequences;
    if (first === undefined && second === undefined) throw noHeader();
    if (first !== undefined && first === second && !this.#areEqual()) throw noHeader();
    this.#current = second !== undefined && second > (first ?? -1n) ? 1 : 0;
    // A damaged copy is made anew from the good one when it is its turn.
    const other = 1 - this.#current;
    if (sequences[other] === undefined) this.#copies[other] = this.#bytes.slice();
  }

  #areEqual(): boolean {
    const [first, second] = this.#copies as [Uint8Array, Uint8Array];
    return first.subarray(0, HEADER_BYTES).every((byte, i) => byte === second[i]);
  }

  get #bytes(): Uint8Array {
    return this.#copies[this.#current] as Uint8Array;
  }

  get logOffset(): number {
    return Number(viewOf(this.#bytes).getBigUint64(Field.logOffset, true));
  }

  get logBytes(): number {
    return viewOf(this.#bytes).getUint32(Field.logBytes, true);
  }

  get logVersion(): number {
    return viewOf(this.#bytes).getUint16(Field.logVersion, true);
  }

  get logGuid(): Uint8Array {
    return this.#bytes.slice(Field.logGuid, Field.logGuid + GUID_BYTES);
  }

  /** Writes both, one after the other, so that one is good at every moment. */
  *update(change: HeaderUpdate): Task<void> {
    yield* this.#updateOther(change);
    yield* this.#updateOther(change);
  }

  *#updateOther({ newData = false, logGuid }: HeaderUpdate): Task<void> {
    const sequence = viewOf(this.#bytes).getBigUint64(Field.sequence, true) + 1n;
    const other = 1 - this.#current;
    const bytes = this.#copies[other] as Uint8Array;
    viewOf(bytes).setBigUint64(Field.sequence, BigInt.asUintN(64, sequence), true);
    bytes.set(this.#session, Field.fileGuid);
    if (newData) bytes.set(drawGuid(this.#entropy), Field.dataGuid);
    if (logGuid !== undefined) bytes.set(logGuid, Field.logGuid);
    viewOf(bytes).setUint32(CHECKSUM, crc32c(bytes, CHECKSUM), true);
    const offset = HEADER_OFFSETS[other] as number;
    yield* wait(this.#file.write(offset, [bytes.subarray(0, HEADER_BYTES)]));
    yield* wait(this.#file.flush());
    this.#current = other;
  }
}

function noHeader(): StorageError {
  return new StorageError("EINVAL", "No valid VHDX header found: Invalid argument");
}

function isValid(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  return (
    latin1(bytes.subarray(0, 4)) === MAGIC &&
    view.getUint32(CHECKSUM, true) === crc32c(bytes, CHECKSUM) &&
    view.getUint16(Field.version, true) === 1
  );
}

/** The two headers of a new image. */
export function newHeaders(
  entropy: Entropy,
  log: { readonly offset: number; readonly bytes: number },
): Uint8Array[] {
  const random = viewOf(drawGuid(entropy)).getUint32(0, true);
  const guids = [drawGuid(entropy), drawGuid(entropy)] as const;
  return [0n, 1n].map((more) => {
    const bytes = new Uint8Array(COVERED_BYTES);
    const view = viewOf(bytes);
    bytes.set(asciiBytes(MAGIC));
    view.setBigUint64(Field.sequence, BigInt(random) + more, true);
    bytes.set(guids[0], Field.fileGuid);
    bytes.set(guids[1], Field.dataGuid);
    view.setUint16(Field.version, 1, true);
    view.setUint32(Field.logBytes, log.bytes, true);
    view.setBigUint64(Field.logOffset, BigInt(log.offset), true);
    view.setUint32(CHECKSUM, crc32c(bytes, CHECKSUM), true);
    return bytes.subarray(0, HEADER_BYTES);
  });
}
