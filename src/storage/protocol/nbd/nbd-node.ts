import { viewOf } from "../../../util/bytes.ts";
import type { BlockNode, BlockStatus, ZeroOptions } from "../../block-node.ts";
import { StorageError, errnoOfNumber } from "../../errors.ts";
import type { ByteStream } from "../../ports.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Eventually, Mutex, run, type Task, wait } from "../../task.ts";
import { ExportFlag, type NbdExport } from "./negotiate.ts";

const REQUEST_MAGIC = 0x2560_9513;
const REPLY_MAGIC = 0x6744_6698;
const Command = { read: 0, write: 1, disconnect: 2, flush: 3, trim: 4, writeZeroes: 6 } as const;
const NO_HOLE = 2;
/** What every server takes at a time (doc/proto.md, "Block size constraints"). */
const MAX_REQUEST = 32 << 20;

/** An export of an NBD server, one request at a time. */
export class NbdNode implements BlockNode {
  readonly driver = "nbd";
  readonly readOnly: boolean;
  readonly sizeBytes: number;
  readonly #stream: ByteStream;
  readonly #flags: number;
  readonly #mutex = new Mutex();
  #handle = 0n;

  /** @param stream requests go there; the export has been agreed on */
  constructor(stream: ByteStream, { sizeBytes, flags }: NbdExport, readOnly: boolean) {
    this.#stream = stream;
    this.sizeBytes = sizeBytes;
    this.#flags = flags;
    this.readOnly = readOnly;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), false);
    return run(this.#read(offset, segments));
  }

  *#read(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const length = lengthOf(segments);
    for (let at = 0; at < length; at += MAX_REQUEST) {
      const parts = slice(segments, at, Math.min(MAX_REQUEST, length - at));
      const request = { command: Command.read, offset: offset + at, length: lengthOf(parts) };
      yield* this.#mutex.alone(this.#request(request, [], parts));
    }
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    this.#demand(offset, lengthOf(segments), true);
    return run(this.#write(offset, segments));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const length = lengthOf(segments);
    for (let at = 0; at < length; at += MAX_REQUEST) {
      const parts = slice(segments, at, Math.min(MAX_REQUEST, length - at));
      const request = { command: Command.write, offset: offset + at, length: lengthOf(parts) };
      yield* this.#mutex.alone(this.#request(request, parts, []));
    }
  }

  writeZeroes(offset: number, length: number, options: ZeroOptions = {}): Eventually<void> {
    this.#demand(offset, length, true);
    if ((this.#flags & ExportFlag.writeZeroes) !== 0) {
      const flags = options.mayUnmap === true ? 0 : NO_HOLE;
      return run(this.#overRange(Command.writeZeroes, offset, length, flags));
    }
    if (options.noFallback === true) throw new StorageError("ENOTSUP");
    return run(this.#fallBack(offset, length));
  }

  *#fallBack(offset: number, length: number): Task<void> {
    const zeroes = new Uint8Array(Math.min(length, 1 << 20));
    for (let at = 0; at < length; at += zeroes.length)
      yield* this.#write(offset + at, slice([zeroes], 0, Math.min(zeroes.length, length - at)));
  }

  discard(offset: number, length: number): Eventually<void> {
    this.#demand(offset, length, true);
    if ((this.#flags & ExportFlag.trim) === 0) return undefined;
    return run(this.#overRange(Command.trim, offset, length, 0));
  }

  *#overRange(command: number, offset: number, length: number, flags: number): Task<void> {
    for (let at = 0; at < length; at += MAX_REQUEST) {
      const part = Math.min(MAX_REQUEST, length - at);
      const request = { command, offset: offset + at, length: part, flags };
      yield* this.#mutex.alone(this.#request(request, [], []));
    }
  }

  flush(): Eventually<void> {
    if ((this.#flags & ExportFlag.flush) === 0) return undefined;
    const request = { command: Command.flush, offset: 0, length: 0 };
    return run(this.#mutex.alone(this.#request(request, [], [])));
  }

  /** Servers may know of holes; they are not asked. */
  status(offset: number, length: number): BlockStatus {
    return { length, allocated: true, data: true, zero: false, offset, file: this };
  }

  truncate(): never {
    throw new StorageError("ENOTSUP", "Image format driver does not support resize");
  }

  async close(): Promise<void> {
    await this.#stream.write(this.#header({ command: Command.disconnect, offset: 0, length: 0 }));
    this.#stream.close();
  }

  *#request(
    request: Request,
    data: readonly Uint8Array[],
    into: readonly Uint8Array[],
  ): Task<void> {
    yield* wait(this.#stream.write(this.#header(request)));
    for (const part of data) yield* wait(this.#stream.write(part));
    const reply = viewOf(yield* wait(this.#stream.read(16)));
    const isMine = reply.getUint32(0) === REPLY_MAGIC && reply.getBigUint64(8) === this.#handle;
    if (!isMine) throw new StorageError("EIO");
    const error = reply.getUint32(4);
    if (error !== 0) throw new StorageError(errnoOfNumber(error));
    for (const part of into) part.set(yield* wait(this.#stream.read(part.length)));
  }

  #header({ command, offset, length, flags = 0 }: Request): Uint8Array {
    const header = new Uint8Array(28);
    const view = viewOf(header);
    this.#handle++;
    view.setUint32(0, REQUEST_MAGIC);
    view.setUint16(4, flags);
    view.setUint16(6, command);
    view.setBigUint64(8, this.#handle);
    view.setBigUint64(16, BigInt(offset));
    view.setUint32(24, length);
    return header;
  }

  #demand(offset: number, length: number, write: boolean): void {
    if (write && this.readOnly) throw new StorageError("EPERM");
    if (offset < 0 || offset + length > this.sizeBytes) throw new StorageError("EINVAL");
  }
}

interface Request {
  readonly command: number;
  readonly offset: number;
  readonly length: number;
  readonly flags?: number;
}
