/** The block device (virtio 1.3 §5.2). */
import type { BlockBackend, BlockErrorCode, Trace } from "../../ports.ts";
import { recordSection, type AccessSize } from "../../device-model.ts";
import { guessGeometry } from "../../block/geometry.ts";
import { noteTo, settle } from "../../block/settle.ts";
import { utf8Bytes, viewOf } from "../../../util/bytes.ts";
import { scatter, totalBytes } from "../../buffers.ts";
import type { Chain } from "../queue/chain.ts";
import type { Queue } from "../queue/queue.ts";
import { readLe, type VirtioContext, type VirtioDevice } from "../virtio-device.ts";
import { parseRequest, type BlkRequest } from "./request.ts";
import {
  BlkConfig,
  BlkFeature,
  BlkStatus,
  ID_BYTES,
  MAX_RANGE_SECTORS,
  SECTOR_BYTES,
} from "./regs.ts";

const QUEUE_SIZE = 256;
/** Requests served at one notification: each may be a megabyte of synchronous input or output. */
const BURST_REQUESTS = 64;
/** Bytes that may have been moved before the driver hears of it, in the middle of a burst. */
const QUIET_BYTES = 256 << 10;

export interface VirtioBlkPorts {
  readonly backend: BlockBackend;
  readonly trace: Trace;
}

export interface VirtioBlkOptions {
  /** Request queues, 1 to 64; 1 when absent. */
  readonly queues?: number;
  /** What get-id answers: the first 20 bytes count. */
  readonly serial?: string;
}

/** A request whose end is not known yet. */
interface Started {
  readonly index: number;
  readonly queue: Queue;
  readonly chain: Chain;
  readonly status: Uint8Array;
}

export class VirtioBlk implements VirtioDevice {
  readonly name = "virtio-blk";
  readonly deviceId = 2;
  readonly queueSizes: readonly number[];
  readonly features: bigint;
  readonly configBytes = BlkConfig.bytes;
  readonly snapshot;
  readonly #backend: BlockBackend;
  readonly #note: (message: string) => void;
  readonly #id = new Uint8Array(ID_BYTES);
  readonly #config = new Uint8Array(BlkConfig.bytes);
  #context: VirtioContext | null = null;
  #inFlight = 0;
  /** Whose requests are being served: what ends meanwhile is told together. */
  #burst: Queue | null = null;
  #quietBytes = 0;

  constructor({ backend, trace }: VirtioBlkPorts, options: VirtioBlkOptions = {}) {
    const { queues = 1, serial = "" } = options;
    this.#backend = backend;
    this.#note = noteTo(trace, this.name);
    this.#id.set(utf8Bytes(serial).subarray(0, ID_BYTES));
    this.queueSizes = Array.from({ length: queues }, () => QUEUE_SIZE);
    this.features = featuresOf(backend, queues);
    fillConfig(this.#config, backend, queues);
    this.snapshot = recordSection(
      this.name,
      1,
      () => ({ writeback: this.#config[BlkConfig.writeback] ?? 0 }),
      (state) => void (this.#config[BlkConfig.writeback] = state.writeback & 1),
    );
    backend.onResize(() => this.#resized());
  }

  /** Requests of a driver that has reset the device since may still write into memory. */
  get isBusy(): boolean {
    return this.#inFlight > 0;
  }

  readConfig(offset: number, size: AccessSize): number {
    return readLe(this.#config, offset, size);
  }

  /** The driver chooses between write-back and write-through (§5.2.5.1). */
  writeConfig(offset: number, size: AccessSize, value: number): void {
    if (offset !== BlkConfig.writeback || size !== 1) return;
    if (this.#context && this.#has(BlkFeature.configWce)) this.#config[offset] = value & 1;
  }

  activate(context: VirtioContext): void {
    this.#context = context;
    this.queueSizes.forEach((_, index) => this.notify(index));
  }

  deactivate(): void {
    this.#context = null;
    this.#config[BlkConfig.writeback] = Number(!this.#backend.writeThrough);
  }

  /** Requests under way are not returned: their queue is another object afterwards. */
  stopQueue(): void {}

  notify(index: number): void {
    const queue = this.#context?.queue(index);
    if (!queue) return;
    this.#burst = queue;
    this.#quietBytes = 0;
    const isDone = this.#serve(index, queue);
    this.#burst = null;
    // One interrupt for all of them, where the driver takes longer for it than we for a request.
    queue.signal();
    if (!isDone) this.#context?.again(index);
  }

  /** @returns false when requests are left */
  #serve(index: number, queue: Queue): boolean {
    for (let served = 0; served < BURST_REQUESTS; served++) {
      const chain = this.#context?.queue(index) === queue ? queue.pop() : null;
      if (!chain) return true;
      const parsed = parseRequest(chain);
      if (!parsed) {
        this.#context?.needsReset("a request without header or status");
        return true;
      }
      this.#start(parsed.request, { index, queue, chain, status: parsed.status });
    }
    return false;
  }

  #start(request: BlkRequest, started: Started): void {
    const refused = this.#refusal(request);
    if (refused !== null) return this.#finish(started, refused);
    this.#inFlight++;
    const done = (failure: BlockErrorCode | null): void => {
      this.#inFlight--;
      this.#finish(started, statusOf(failure));
    };
    settle(() => this.#execute(request), done, this.#note);
  }

  /** @returns the status of a request that cannot be carried out, or null */
  #refusal(request: BlkRequest): number | null {
    const { readOnly } = this.#backend;
    switch (request.kind) {
      case "bad":
        return BlkStatus[request.status];
      case "read":
        return this.#inside(request.offset, totalBytes(request.data)) ? null : BlkStatus.ioError;
      case "write":
        if (readOnly) return BlkStatus.ioError;
        return this.#inside(request.offset, totalBytes(request.data)) ? null : BlkStatus.ioError;
      case "discard":
      case "writeZeroes":
        if (readOnly) return BlkStatus.ioError;
        return this.#inside(request.offset, request.length) ? null : BlkStatus.ioError;
      default:
        return null;
    }
  }

  #inside(offset: number, length: number): boolean {
    const { sizeBytes, logicalBlockBytes } = this.#backend;
    const aligned = offset % logicalBlockBytes === 0 && length % logicalBlockBytes === 0;
    return aligned && offset + length <= sizeBytes;
  }

  #execute(request: BlkRequest): void | Promise<void> {
    const backend = this.#backend;
    switch (request.kind) {
      case "read":
        return backend.read(request.offset, request.data);
      case "write":
        return this.#durably(() => backend.write(request.offset, request.data));
      case "writeZeroes": {
        const { offset, length, mayUnmap } = request;
        return this.#durably(() => backend.writeZeroes(offset, length, mayUnmap));
      }
      case "discard":
        return backend.discard(request.offset, request.length);
      case "flush":
        return backend.flush();
      case "getId":
        return void scatter(request.data, this.#id);
      case "bad":
        return;
    }
  }

  /** In write-through mode a write is done when it is stable (§5.2.6.2). */
  #durably(write: () => void | Promise<void>): void | Promise<void> {
    const pending = write();
    if (!this.#writeThrough) return pending;
    return pending instanceof Promise
      ? pending.then(() => this.#backend.flush())
      : this.#backend.flush();
  }

  get #writeThrough(): boolean {
    if (this.#has(BlkFeature.configWce)) return this.#config[BlkConfig.writeback] === 0;
    return !this.#has(BlkFeature.flush);
  }

  #has(feature: bigint): boolean {
    return ((this.#context?.features ?? 0n) & feature) !== 0n;
  }

  #finish({ index, queue, chain, status }: Started, value: number): void {
    // The driver may have taken the queue away meanwhile, and its memory with it.
    if (this.#context?.queue(index) !== queue) return;
    status[0] = value;
    const written = totalBytes(chain.writable);
    queue.publish(chain, written);
    this.#quietBytes += written + totalBytes(chain.readable);
    if (this.#burst === queue && this.#quietBytes < QUIET_BYTES) return;
    this.#quietBytes = 0;
    queue.signal();
  }

  #resized(): void {
    setCapacity(this.#config, this.#backend);
    this.#context?.configChanged();
  }
}

function statusOf(failure: BlockErrorCode | null): number {
  if (failure === null) return BlkStatus.ok;
  return failure === "ENOTSUP" ? BlkStatus.unsupported : BlkStatus.ioError;
}

function featuresOf({ readOnly }: BlockBackend, queues: number): bigint {
  return (
    BlkFeature.segMax |
    BlkFeature.geometry |
    BlkFeature.blkSize |
    BlkFeature.flush |
    BlkFeature.topology |
    BlkFeature.configWce |
    BlkFeature.discard |
    BlkFeature.writeZeroes |
    (queues > 1 ? BlkFeature.mq : 0n) |
    (readOnly ? BlkFeature.readOnly : 0n)
  );
}

function setCapacity(config: Uint8Array, { sizeBytes }: BlockBackend): void {
  const sectors = BigInt(Math.floor(sizeBytes / SECTOR_BYTES));
  viewOf(config).setBigUint64(BlkConfig.capacity, sectors, true);
}

function fillConfig(config: Uint8Array, backend: BlockBackend, queues: number): void {
  const view = viewOf(config);
  const { logicalBlockBytes, physicalBlockBytes, sizeBytes } = backend;
  const { cylinders, heads, sectors } = guessGeometry(sizeBytes);
  setCapacity(config, backend);
  view.setUint32(BlkConfig.segMax, QUEUE_SIZE - 2, true);
  view.setUint16(BlkConfig.cylinders, cylinders, true);
  view.setUint8(BlkConfig.heads, heads);
  view.setUint8(BlkConfig.sectors, sectors);
  view.setUint32(BlkConfig.blkSize, logicalBlockBytes, true);
  view.setUint8(BlkConfig.physicalBlockExp, Math.log2(physicalBlockBytes / logicalBlockBytes));
  view.setUint8(BlkConfig.writeback, Number(!backend.writeThrough));
  view.setUint16(BlkConfig.numQueues, queues, true);
  view.setUint32(BlkConfig.maxDiscardSectors, MAX_RANGE_SECTORS, true);
  view.setUint32(BlkConfig.maxDiscardSeg, 1, true);
  view.setUint32(BlkConfig.discardSectorAlignment, logicalBlockBytes / SECTOR_BYTES, true);
  view.setUint32(BlkConfig.maxWriteZeroesSectors, MAX_RANGE_SECTORS, true);
  view.setUint32(BlkConfig.maxWriteZeroesSeg, 1, true);
  view.setUint8(BlkConfig.writeZeroesMayUnmap, 1);
}
