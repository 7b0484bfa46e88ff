import type { BlockNode } from "../block-node.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { MemoryNode } from "../protocol/memory-node.ts";

type Change =
  | { readonly kind: "write"; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: "zero"; readonly offset: number; readonly length: number }
  | { readonly kind: "truncate"; readonly sizeBytes: number }
  | { readonly kind: "flush" };

/** A memory node that remembers every change, so that a crash can be had at any of them. */
export class WriteLog implements BlockNode {
  readonly driver = "log";
  readonly readOnly = false;
  readonly #start: Uint8Array<ArrayBuffer>;
  readonly #now: MemoryNode;
  readonly #changes: Change[] = [];

  constructor(start: Uint8Array<ArrayBuffer>) {
    this.#start = start;
    this.#now = new MemoryNode(start);
  }

  get sizeBytes(): number {
    return this.#now.sizeBytes;
  }

  /** Changes so far: the places where a crash can be. */
  get length(): number {
    return this.#changes.length;
  }

  read(offset: number, segments: readonly Uint8Array[]): void {
    this.#now.read(offset, segments);
  }

  write(offset: number, segments: readonly Uint8Array[]): void {
    let at = offset;
    for (const segment of segments) {
      this.#changes.push({ kind: "write", offset: at, bytes: segment.slice() });
      at += segment.length;
    }
    this.#now.write(offset, segments);
  }

  writeZeroes(offset: number, length: number): void {
    this.#changes.push({ kind: "zero", offset, length });
    this.#now.writeZeroes(offset, length);
  }

  discard(): void {}

  flush(): void {
    this.#changes.push({ kind: "flush" });
  }

  status(offset: number, length: number): ReturnType<MemoryNode["status"]> {
    return this.#now.status(offset, length);
  }

  truncate(sizeBytes: number): void {
    this.#changes.push({ kind: "truncate", sizeBytes });
    this.#now.truncate(sizeBytes);
  }

  close(): void {}

  /**
   * The file after a crash behind the first `count` changes. What was flushed is there; of the rest
   * each change is there or not, as `random` says, in any order, and writes may be cut at 512 bytes.
   */
  crash(count: number, random: Xorshift): MemoryNode {
    const file = new MemoryNode(this.#start);
    const flushed = this.#changes.slice(0, count).findLastIndex(({ kind }) => kind === "flush");
    for (const change of this.#changes.slice(0, flushed + 1)) apply(file, change);
    const rest = this.#changes.slice(flushed + 1, count);
    // Later changes of the same place win or lose: the order is kept, members are left out.
    const mode = random.below(4);
    for (const change of rest) {
      const kept = mode === 0 || (mode < 3 ? random.below(2) === 0 : random.below(8) === 0);
      if (kept) apply(file, change);
      else if (change.kind === "write" && random.below(3) === 0) tear(file, change, random);
    }
    return file;
  }
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
