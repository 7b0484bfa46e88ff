import type { BlockNode, BlockStatus, ZeroOptions } from "../../block-node.ts";
import { StorageError } from "../../errors.ts";
import { lengthOf, slice } from "../../segments.ts";
import { type Eventually, type Task, run, wait } from "../../task.ts";
import { FilterNode } from "../filter-node.ts";
import { type Limits, type Piece, pieces } from "./limits.ts";
import { type IoType, type RuleMachine } from "./rules.ts";

interface Suspended {
  readonly tag: string;
  resume(): void;
}

/** Fails, delays and cuts requests by rules: QEMU's `blkdebug`. */
export class BlkdebugNode extends FilterNode {
  readonly #rules: RuleMachine;
  readonly #limits: Limits;
  readonly #trace: (message: string) => void;
  #suspended: Suspended[] = [];
  /** Something was written since the last flush. */
  #isUnflushed = false;

  /** @param trace hears of requests that are suspended and resumed */
  constructor(
    below: BlockNode,
    rules: RuleMachine,
    limits: Limits,
    trace: (message: string) => void,
  ) {
    super("blkdebug", below);
    this.#rules = rules;
    this.#limits = limits;
    this.#trace = trace;
  }

  debug(event: string): Eventually<void> {
    return run(this.#event(event));
  }

  *#event(event: string): Task<void> {
    for (const tag of this.#rules.happen(event)) {
      this.#trace(`blkdebug: Suspended request '${tag}'`);
      const resumed = new Promise<void>((resume) => this.#suspended.push({ tag, resume }));
      yield* wait(resumed);
      this.#trace(`blkdebug: Resuming request '${tag}'`);
    }
  }

  setBreakpoint(event: string, tag: string): void {
    this.#rules.addBreakpoint(event, tag);
  }

  /** @returns false when there is neither a breakpoint nor a request with this tag */
  removeBreakpoint(tag: string): boolean {
    const isRemoved = this.#rules.removeBreakpoints(tag);
    return this.#resumeAll(tag) || isRemoved;
  }

  /** Lets one suspended request go on. @returns false when there is none with this tag */
  resume(tag: string): boolean {
    const at = this.#suspended.findIndex((request) => request.tag === tag);
    this.#suspended.splice(at, at < 0 ? 0 : 1).forEach(({ resume }) => resume());
    return at >= 0;
  }

  #resumeAll(tag: string): boolean {
    const mine = this.#suspended.filter((request) => request.tag === tag);
    this.#suspended = this.#suspended.filter((request) => request.tag !== tag);
    for (const { resume } of mine) resume();
    return mine.length > 0;
  }

  isSuspended(tag: string): boolean {
    return this.#suspended.some((request) => request.tag === tag);
  }

  override read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#read(offset, segments));
  }

  *#read(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { align, maxTransfer } = this.#limits;
    const length = lengthOf(segments);
    const from = offset - (offset % align);
    const to = Math.ceil((offset + length) / align) * align;
    const parts = [
      new Uint8Array(offset - from),
      ...segments,
      new Uint8Array(to - offset - length),
    ];
    for (const piece of pieces(from, to - from, align, maxTransfer)) {
      this.#demand("read", piece);
      yield* this.#readBelow(piece.offset, slice(parts, piece.offset - from, piece.length));
    }
  }

  /** What lies past the end reads as zeroes, as block layers round lengths up. */
  *#readBelow(offset: number, parts: readonly Uint8Array[]): Task<void> {
    const length = lengthOf(parts);
    const there = Math.max(0, Math.min(length, this.below.sizeBytes - offset));
    if (there > 0) yield* wait(this.below.read(offset, slice(parts, 0, there)));
    for (const part of there < length ? slice(parts, there, length - there) : []) part.fill(0);
  }

  override write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return run(this.#write(offset, segments));
  }

  *#write(offset: number, segments: readonly Uint8Array[]): Task<void> {
    const { align, maxTransfer } = this.#limits;
    const end = offset + lengthOf(segments);
    const head = yield* this.#edge("head", offset - (offset % align), offset);
    const tail = yield* this.#edge("tail", end, Math.ceil(end / align) * align);
    const from = offset - head.length;
    const parts = this.#cutAtEnd(from, [head, ...segments, tail]);
    this.#isUnflushed = true;
    yield* this.#event("pwritev");
    for (const piece of pieces(from, lengthOf(parts), align, maxTransfer)) {
      this.#demand("write", piece);
      const part = slice(parts, piece.offset - from, piece.length);
      yield* wait(this.below.write(piece.offset, part));
    }
    yield* this.#event("pwritev_done");
  }

  /** The padding behind the end of a disk that cannot grow is left out. */
  #cutAtEnd(from: number, parts: readonly Uint8Array[]): readonly Uint8Array[] {
    const room = this.below.driver === "file" ? Infinity : this.below.sizeBytes - from;
    const length = lengthOf(parts);
    return length <= room ? parts : slice(parts, 0, room);
  }

  /** What a unit holds that is written in part only. */
  *#edge(name: "head" | "tail", from: number, to: number): Task<Uint8Array> {
    const bytes = new Uint8Array(to - from);
    if (bytes.length === 0) return bytes;
    const { align } = this.#limits;
    const unit = name === "head" ? from : to - align;
    yield* this.#event(`pwritev_rmw_${name}`);
    this.#demand("read", { offset: unit, length: align });
    yield* this.#readBelow(from, [bytes]);
    yield* this.#event(`pwritev_rmw_after_${name}`);
    return bytes;
  }

  override writeZeroes(
    offset: number,
    length: number,
    options: ZeroOptions = {},
  ): Eventually<void> {
    return run(this.#writeZeroes(offset, length, options));
  }

  *#writeZeroes(offset: number, length: number, options: ZeroOptions): Task<void> {
    const { align, optWriteZero, maxWriteZero } = this.#limits;
    const unit = Math.max(align, optWriteZero, 1);
    this.#isUnflushed = true;
    yield* this.#event("pwritev_zero");
    for (const piece of pieces(offset, length, unit, maxWriteZero)) {
      if (piece.offset % align === 0 && piece.length % align === 0 && piece.length >= unit) {
        this.#demand("write-zeroes", piece);
        yield* wait(this.below.writeZeroes(piece.offset, piece.length, options));
      } else if (options.noFallback === true) throw new StorageError("ENOTSUP");
      else yield* this.#write(piece.offset, [new Uint8Array(piece.length)]);
    }
    yield* this.#event("pwritev_done");
  }

  override discard(offset: number, length: number): Eventually<void> {
    return run(this.#discard(offset, length));
  }

  /** Discards are hints: what is not aligned is left out. */
  *#discard(offset: number, length: number): Task<void> {
    const { align, optDiscard, maxDiscard } = this.#limits;
    const from = Math.ceil(offset / align) * align;
    const to = offset + length - ((offset + length) % align);
    if (from >= to) return;
    for (const piece of pieces(from, to - from, Math.max(align, optDiscard, 1), maxDiscard)) {
      this.#demand("discard", piece);
      yield* wait(this.below.discard(piece.offset, piece.length));
    }
    this.#isUnflushed = true;
  }

  override flush(): Eventually<void> {
    return run(this.#flush());
  }

  *#flush(): Task<void> {
    if (this.#isUnflushed) {
      yield* this.#event("flush_to_os");
      yield* this.#event("flush_to_disk");
      this.#demand("flush", { offset: 0, length: 0 });
      this.#isUnflushed = false;
    }
    yield* wait(this.below.flush());
  }

  override status(offset: number, length: number): Eventually<BlockStatus> {
    return run(this.#status(offset, length));
  }

  *#status(offset: number, length: number): Task<BlockStatus> {
    this.#demand("block-status", { offset, length });
    return yield* wait(this.below.status(offset, length));
  }

  #demand(type: IoType, { offset, length }: Piece): void {
    const errno = this.#rules.errorOf(type, offset, length);
    if (errno !== undefined) throw new StorageError(errno);
  }
}
