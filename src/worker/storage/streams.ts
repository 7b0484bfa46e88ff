/** Uploads and downloads that are open: bytes of volumes' files, holes included. */
import type { StreamPiece } from "../../protocol/storage-service.ts";
import type { ImageFile } from "../../storage/ports.ts";
import { isZero } from "../../storage/segments.ts";
import { storageError, systemFailure } from "./failures.ts";
import type { StorageHost } from "./storage-host.ts";

/** Bytes that go over at a time. */
const PIECE = 1 << 20;
/** Zeroes are told as holes in units of this. */
const HOLE_UNIT = 1 << 16;

interface Stream {
  readonly file: ImageFile;
  readonly path: string;
  readonly write: boolean;
  at: number;
  /** Where it ends; nowhere for uploads without a length. */
  readonly end: number;
}

export class StreamTable {
  readonly #host: StorageHost;
  readonly #streams = new Map<number, Stream>();
  #last = 0;

  constructor(host: StorageHost) {
    this.#host = host;
  }

  async open(path: string, offset: number, length: number, write: boolean): Promise<number> {
    try {
      const file = await this.#host.files.open(path, { write });
      const size = file.sizeBytes;
      const unbounded = write ? Number.MAX_SAFE_INTEGER : size;
      const end = length === 0 ? unbounded : Math.min(unbounded, offset + length);
      this.#streams.set(++this.#last, { file, path, write, at: offset, end });
      return this.#last;
    } catch (error) {
      throw systemFailure(`cannot open file '${path}'`, error);
    }
  }

  async receive(id: number, sparse: boolean): Promise<StreamPiece | null> {
    const stream = this.#get(id);
    const { file, at, end } = stream;
    if (at >= end) return null;
    const bytes = new Uint8Array(Math.min(PIECE, end - at));
    try {
      await file.read(at, bytes);
    } catch (error) {
      throw systemFailure(`cannot read file '${stream.path}'`, error);
    }
    const piece = sparse ? firstPiece(bytes) : bytes;
    stream.at += "holeBytes" in piece ? piece.holeBytes : piece.length;
    return piece;
  }

  async send(id: number, piece: StreamPiece): Promise<void> {
    const stream = this.#get(id);
    const isHole = "holeBytes" in piece;
    const length = isHole ? piece.holeBytes : piece.length;
    if (stream.at + length > stream.end)
      throw storageError(
        "systemError",
        `cannot write file '${stream.path}': No space left on device`,
      );
    try {
      if (isHole) await putHole(stream.file, stream.at, length);
      else await stream.file.write(stream.at, piece);
    } catch (error) {
      throw systemFailure(`cannot write file '${stream.path}'`, error);
    }
    stream.at += length;
  }

  async close(id: number, flush: boolean): Promise<void> {
    const stream = this.#streams.get(id);
    if (!stream) return;
    this.#streams.delete(id);
    try {
      if (flush && stream.write) await stream.file.flush();
    } catch (error) {
      throw systemFailure(`cannot write file '${stream.path}'`, error);
    } finally {
      await stream.file.close();
    }
  }

  #get(id: number): Stream {
    const stream = this.#streams.get(id);
    if (!stream) throw storageError("operationInvalid", "stream is not open");
    return stream;
  }
}

/** The first run of data, or of zeroes. */
function firstPiece(bytes: Uint8Array): StreamPiece {
  const zero = isZero(bytes.subarray(0, HOLE_UNIT));
  let end = HOLE_UNIT;
  while (end < bytes.length && isZero(bytes.subarray(end, end + HOLE_UNIT)) === zero)
    end += HOLE_UNIT;
  const length = Math.min(end, bytes.length);
  return zero ? { holeBytes: length } : bytes.slice(0, length);
}

async function putHole(file: ImageFile, at: number, length: number): Promise<void> {
  const size = file.sizeBytes;
  const zeroes = new Uint8Array(Math.min(PIECE, Math.max(0, Math.min(size - at, length))));
  // What is there already is written over.
  for (let done = 0; at + done < Math.min(size, at + length); done += zeroes.length)
    await file.write(at + done, zeroes.subarray(0, Math.min(zeroes.length, length - done)));
  if (at + length > size) await file.truncate(at + length);
}
