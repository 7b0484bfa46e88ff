import type { Entropy } from "../../../device/ports.ts";
import type { BlockNode } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { readPadded } from "../../padded.ts";
import { isZero } from "../../segments.ts";
import { type Task, wait } from "../../task.ts";
import type { Headers } from "./headers.ts";
import { GUID_BYTES, MIB, drawGuid } from "./layout.ts";
import { LOG_SECTOR, type LogEntry, entrySectors, pageEntry, parseEntry } from "./log-entry.ts";

const NO_GUID = new Uint8Array(GUID_BYTES);

/** The log: what changes metadata is written here first, so that a crash leaves all or nothing. */
export class Log {
  readonly #file: BlockNode;
  readonly #headers: Headers;
  readonly #entropy: Entropy;
  #sequence = 1n;
  /** Where the next entry goes, and where the last one ended, in bytes of the log. */
  #next = 0;
  #tail = 0;

  constructor(file: BlockNode, headers: Headers, entropy: Entropy) {
    this.#file = file;
    this.#headers = headers;
    this.#entropy = entropy;
  }

  /**
   * The entries that were written but perhaps not carried out, oldest first.
   *
   * @throws StorageError EINVAL where the log cannot be one
   */
  *pending(): Task<readonly LogEntry[]> {
    const { logOffset, logBytes, logVersion, logGuid } = this.#headers;
    if (logOffset < MIB || logOffset % MIB !== 0 || logVersion !== 0)
      throw new StorageError("EINVAL");
    if (isZero(logGuid) || logBytes === 0) return [];
    if (logBytes % MIB !== 0) throw new StorageError("EINVAL");
    let found: LogEntry[] = [];
    const inFile = Math.max(0, Math.min(logBytes, this.#file.sizeBytes - logOffset));
    for (let at = 0; at < inFile;) {
      const chain = yield* this.#chainAt(at);
      if ((chain[0]?.sequence ?? 0n) > (found[0]?.sequence ?? 0n)) found = chain;
      at +=
        Math.max(
          1,
          chain.reduce((sum, { sectors }) => sum + sectors, 0),
        ) * LOG_SECTOR;
    }
    const last = found.at(-1);
    if (last !== undefined) this.#sequence = last.sequence + 1n;
    return found;
  }

  /** Entries that follow each other, by their sequence numbers too. */
  *#chainAt(start: number): Task<LogEntry[]> {
    const chain: LogEntry[] = [];
    let at = start;
    for (let total = 0; total < this.#headers.logBytes / LOG_SECTOR;) {
      const entry = yield* this.#entryAt(at % this.#headers.logBytes);
      const last = chain.at(-1);
      if (entry === undefined) break;
      if (last !== undefined && entry.sequence !== last.sequence + 1n) break;
      chain.push(entry);
      total += entry.sectors;
      at += entry.sectors * LOG_SECTOR;
    }
    return chain;
  }

  *#entryAt(at: number): Task<LogEntry | undefined> {
    const { logOffset, logBytes, logGuid } = this.#headers;
    const head = new Uint8Array(64);
    yield* readPadded(this.#file, logOffset + at, head);
    const sectors = entrySectors(head, logGuid, logBytes);
    if (sectors === undefined) return undefined;
    const bytes = new Uint8Array(sectors * LOG_SECTOR);
    const first = Math.min(bytes.length, logBytes - at);
    yield* readPadded(this.#file, logOffset + at, bytes.subarray(0, first));
    // The log is a ring.
    yield* readPadded(this.#file, logOffset, bytes.subarray(first));
    return parseEntry(bytes);
  }

  /** Carries entries out, and leaves the log empty. */
  *replay(entries: readonly LogEntry[]): Task<void> {
    for (const entry of entries) yield* this.#apply(entry);
    yield* wait(this.#file.flush());
    yield* this.#headers.update({ logGuid: NO_GUID });
  }

  *#apply({ changes, flushedFile, lastFile }: LogEntry): Task<void> {
    // The file has been cut since.
    if (flushedFile > this.#file.sizeBytes) throw new StorageError("EINVAL");
    const end = Math.max(lastFile, this.#file.sizeBytes);
    for (const change of changes) {
      const length = change.kind === "page" ? LOG_SECTOR : change.length;
      if (change.offset + length > end) throw new StorageError("EINVAL");
      if (change.kind === "page") yield* wait(this.#file.write(change.offset, [change.bytes]));
      else yield* wait(this.#file.writeZeroes(change.offset, change.length));
    }
    if (this.#file.sizeBytes < lastFile)
      yield* wait(this.#file.truncate(Math.ceil(lastFile / MIB) * MIB));
  }

  /** Changes a few bytes of one page of the file, by way of the log. */
  *change(offset: number, bytes: Uint8Array): Task<void> {
    const { logOffset, logBytes } = this.#headers;
    if (logBytes < 3 * LOG_SECTOR) throw new StorageError("EINVAL");
    // What the entry leads to is on the disk before it is.
    yield* wait(this.#file.flush());
    const guid = drawGuid(this.#entropy);
    yield* this.#headers.update({ logGuid: guid });
    const pageOffset = Math.floor(offset / LOG_SECTOR) * LOG_SECTOR;
    const page = new Uint8Array(LOG_SECTOR);
    yield* readPadded(this.#file, pageOffset, page);
    page.set(bytes, offset - pageOffset);
    const entry = pageEntry(
      { offset: pageOffset, bytes: page },
      {
        sequence: this.#sequence,
        tail: this.#tail,
        guid,
        fileBytes: this.#file.sizeBytes,
      },
    );
    this.#sequence++;
    for (let at = 0; at < entry.length; at += LOG_SECTOR) {
      const sector = entry.subarray(at, at + LOG_SECTOR);
      yield* wait(this.#file.write(logOffset + this.#next, [sector]));
      this.#next = (this.#next + LOG_SECTOR) % logBytes;
    }
    this.#tail = this.#next;
    yield* wait(this.#file.flush());
    yield* wait(this.#file.write(pageOffset, [page]));
    yield* wait(this.#file.flush());
    yield* this.#headers.update({ logGuid: NO_GUID });
  }
}
