import type { BlockBackend } from "../device/ports.ts";
import type { BlockNode } from "./block-node.ts";
import { DiskAccount, type RequestKind } from "./disk-account.ts";
import { StorageError } from "./errors.ts";
import { type ErrorPolicies, HeldRequests } from "./held-requests.ts";
import { isZero, lengthOf } from "./segments.ts";
import type { Throttle } from "./throttle.ts";
import { type Eventually, run, type Task, wait } from "./task.ts";

export interface DiskOptions extends ErrorPolicies {
  readonly readOnly?: boolean;
  /** Flushes are not passed on. */
  readonly noFlush?: boolean;
  /** The guest finds the write cache switched off: it may switch it on. */
  readonly writeThrough?: boolean;
  /** Discards are passed on; otherwise they do nothing. On when absent. */
  readonly discard?: boolean;
  /** Zeroes that are written are zeroed, with `unmap` without taking space; `off` when absent. */
  readonly detectZeroes?: "off" | "on" | "unmap";
  /** 512 when absent. */
  readonly logicalBlockBytes?: number;
  /** Milliseconds with fractions, for the times of requests; without it they take none. */
  readonly nowMs?: () => number;
}

/** An image as the disk devices of a guest see it. */
export class Disk implements BlockBackend {
  readonly logicalBlockBytes: number;
  /** What becomes of requests that fail. */
  readonly requests: HeldRequests;
  readonly account: DiskAccount;
  /** Keeps reads and writes within limits; drives of a group share it. */
  throttle: Throttle | undefined;
  readonly #node: BlockNode;
  readonly #options: DiskOptions;
  #listeners: (() => void)[] = [];

  constructor(node: BlockNode, options: DiskOptions = {}) {
    this.#node = node;
    this.#options = options;
    this.logicalBlockBytes = options.logicalBlockBytes ?? 512;
    this.requests = new HeldRequests(options);
    this.account = new DiskAccount(options.nowMs ?? (() => 0));
  }

  /** Whole blocks only: what is behind the last one cannot be addressed. */
  get sizeBytes(): number {
    const { sizeBytes } = this.#node;
    return sizeBytes - (sizeBytes % this.logicalBlockBytes);
  }

  get readOnly(): boolean {
    return this.#node.readOnly || (this.#options.readOnly ?? false);
  }

  get writeThrough(): boolean {
    return this.#options.writeThrough ?? false;
  }

  get physicalBlockBytes(): number {
    return this.logicalBlockBytes;
  }

  read(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#request("rd", lengthOf(segments), () => this.#node.read(offset, segments));
  }

  write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    return this.#change("wr", lengthOf(segments), () => this.#write(offset, segments));
  }

  flush(): Eventually<void> {
    return this.#request("flush", 0, () =>
      this.#options.noFlush ? undefined : this.#node.flush(),
    );
  }

  discard(offset: number, length: number): Eventually<void> {
    return this.#change("unmap", length, () =>
      this.#options.discard === false ? undefined : this.#node.discard(offset, length),
    );
  }

  writeZeroes(offset: number, length: number, mayUnmap: boolean): Eventually<void> {
    const unmaps = mayUnmap && this.#options.discard !== false;
    return this.#change("wr", length, () =>
      this.#node.writeZeroes(offset, length, { mayUnmap: unmaps }),
    );
  }

  onResize(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Makes the image longer or shorter and tells the devices. */
  resize(sizeBytes: number): Eventually<void> {
    return run(this.#resize(sizeBytes));
  }

  close(): Eventually<void> {
    return this.#node.close();
  }

  *#resize(sizeBytes: number): Task<void> {
    yield* wait(this.#node.truncate(sizeBytes));
    for (const listener of this.#listeners) listener();
  }

  #write(offset: number, segments: readonly Uint8Array[]): Eventually<void> {
    const { detectZeroes = "off" } = this.#options;
    if (detectZeroes === "off" || !segments.every(isZero)) {
      return this.#node.write(offset, segments);
    }
    const mayUnmap = detectZeroes === "unmap";
    return this.#node.writeZeroes(offset, lengthOf(segments), { mayUnmap });
  }

  #change(kind: RequestKind, bytes: number, change: () => Eventually<void>): Eventually<void> {
    if (this.readOnly) throw new StorageError("EPERM");
    return this.#request(kind, bytes, change);
  }

  #request(kind: RequestKind, bytes: number, request: () => Eventually<void>): Eventually<void> {
    const operation = kind === "rd" ? "read" : "write";
    const tried =
      this.throttle === undefined || (kind !== "rd" && kind !== "wr")
        ? request
        : () => run(this.#throttled(kind === "wr", bytes, request));
    return this.account.run(kind, bytes, () => this.requests.run(operation, tried));
  }

  *#throttled(isWrite: boolean, bytes: number, request: () => Eventually<void>): Task<void> {
    if (this.throttle) yield* wait(this.throttle.take(isWrite, bytes));
    yield* wait(request());
  }
}
