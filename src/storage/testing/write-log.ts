import type { BlockNode } from "../block-node.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { MemoryNode } from "../protocol/memory-node.ts";

type Change = { readonly file: number } & (
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "zero"; readonly offset: number; readonly length: number }
  | { readonly kind: "truncate"; readonly sizeBytes: number }
  | { readonly kind: "flush" }
);

/** Files in memory whose changes are remembered in one order, so that a crash can be had at any of them. */
export class WriteLog {
  readonly #durable: Durable[] = [];
  readonly #changes: Change[] = [];

  /** Changes so far: the places where a crash can be. */
  get length(): number {
    return this.#changes.length;
  }

  /** A file that begins as `start`. */
  add(start: Uint8Array<ArrayBuffer>): BlockNode {
    const file = this.#durable.push(new Durable(start)) - 1;
    return new LoggedNode(start, (change) => this.#changes.push({ ...change, file }));
  }

  /**
   * The files, in the order in which they were added, after a crash behind the first `count` changes.
   * What a file's own flush made durable is there; of the rest each change is there or not, as `random`
   * says, in any order, and writes may be cut at 512 bytes.
   */
  crash(count: number, random: Xorshift): MemoryNode[] {
    // Later changes of the same place win or lose: the order is kept, members are left out.
    const mode = random.below(4);
    return this.#durable.map((durable, index) => {
      const changes = this.#changes.slice(0, count).filter((change) => change.file === index);
      const flushed = changes.findLastIndex(({ kind }) => kind === "flush") + 1;
      const file = durable.at(changes.slice(0, flushed));
      for (const change of changes.slice(flushed)) {
        const kept = mode === 0 || (mode < 3 ? random.below(2) === 0 : random.below(8) === 0);
        if (kept) apply(file, change);
        else if (change.kind === "write" && random.below(3) === 0) tear(file, change, random);
      }
      return file;
    });
  }
}

/** A file as its flushes made it; crashes are mostly asked for in rising order. */
class Durable {
  readonly #start: Uint8Array<ArrayBuffer>;
  #file: MemoryNode;
  #count = 0;

  constructor(start: Uint8Array<ArrayBuffer>) {
    this.#start = start;
    this.#file = new MemoryNode(start);
  }

  /** A copy with these changes from the beginning. */
  at(changes: readonly Change[]): MemoryNode {
    if (changes.length < this.#count) {
      this.#file = new MemoryNode(this.#start);
      this.#count = 0;
    }
    for (const change of changes.slice(this.#count)) apply(this.#file, change);
    this.#count = changes.length;
    return this.#file.fork();
  }
}

type LoggedChange = Change extends infer C ? (C extends Change ? Omit<C, "file"> : never) : never;

class LoggedNode implements BlockNode {
  readonly driver = "log";
  readonly readOnly = false;
  readonly #now: MemoryNode;
  readonly #log: (change: LoggedChange) => void;

  constructor(start: Uint8Array<ArrayBuffer>, log: (change: LoggedChange) => void) {
    this.#now = new MemoryNode(start);
    this.#log = log;
  }

  get sizeBytes(): number {
    return this.#now.sizeBytes;
  }

  read(offset: number, segments: readonly Uint8Array[]): void {
    this.#now.read(offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): void {
    let at = offset;
    for (const segment of segments) {
      this.#log({ kind: "write", offset: at, bytes: segment.slice() });
      at += segment.length;
    }
    this.#now.write(offset, segments);
  }

  writeZeroes(offset: number, length: number): void {
    this.#log({ kind: "zero", offset, length });
    this.#now.writeZeroes(offset, length);
  }

  /** Contents may read as anything afterwards: as zeroes, here. */
  discard(offset: number, length: number): void {
    this.#log({ kind: "zero", offset, length: Math.min(length, this.sizeBytes - offset) });
    this.#now.discard(offset, length);
  }

  flush(): void {
    this.#log({ kind: "flush" });
  }

  status(offset: number, length: number): ReturnType<MemoryNode["status"]> {
    return this.#now.status(offset, length);
  }

  truncate(sizeBytes: number): void {
    this.#log({ kind: "truncate", sizeBytes });
    this.#now.truncate(sizeBytes);
  }

  close(): void {}
}

function apply(file: MemoryNode, change: Change): void {
  if (change.kind === "write") file.write(change.offset, [change.bytes]);
  else if (change.kind === "zero") file.writeZeroes(change.offset, change.length);
  else if (change.kind === "truncate") file.truncate(change.sizeBytes);
}

/** Some of a write's sectors. */
function tear(
  file: MemoryNode,
  { offset, bytes }: { readonly offset: number; readonly bytes: Uint8Array },
  random: Xorshift,
): void {
  for (let at = 0; at < bytes.length;) {
    const end = Math.min(bytes.length, at + 512 - ((offset + at) % 512));
    if (random.below(2) === 0) file.write(offset + at, [bytes.subarray(at, end)]);
    at = end;
  }
}
