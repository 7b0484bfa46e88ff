import type { Xorshift } from "../../src/util/xorshift.ts";
import type { BlockNode } from "../../src/storage/block-node.ts";
import { addBitmap, removeBitmap } from "../../src/storage/formats/qcow2/bitmap-store.ts";
import { readBitmaps } from "../../src/storage/formats/qcow2/bitmaps.ts";
import { createQcow2 } from "../../src/storage/formats/qcow2/create.ts";
import { openQcow2 } from "../../src/storage/formats/qcow2/open.ts";
import { Qcow2Node } from "../../src/storage/formats/qcow2/qcow2-node.ts";
import { RawNode } from "../../src/storage/formats/raw/raw-node.ts";
import {
  applySnapshot,
  createSnapshot,
  deleteSnapshot,
} from "../../src/storage/formats/qcow2/snapshots.ts";
import { type Errno, StorageError } from "../../src/storage/errors.ts";
import { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { WriteLog } from "../../src/storage/testing/write-log.ts";
import { Expectation, type Moment } from "./expectation.ts";
import { contents, perform, quiet, randomOptions, randomStep } from "./image.ts";

/** What stands beside an image: its backing image, and the file with its data. */
export interface Surroundings {
  /** Raw; undefined where the image has none. */
  readonly backing: MemoryNode | undefined;
  readonly hasDataFile: boolean;
}

const REFUSALS: readonly Errno[] = ["EINVAL", "ENOTSUP", "ENOSPC"];

export const BACKING_NAME = "backing.raw";
export const DATA_NAME = "data.raw";

/** Opens an image over what stands beside it. */
export async function openImageIn(
  { backing }: Surroundings,
  file: BlockNode,
  data: BlockNode | undefined,
  how: { readonly readOnly: boolean; readonly forCheck?: boolean },
): Promise<Qcow2Node> {
  const openDataFile = async () => data;
  const image = await openQcow2(file, { ...how, report: quiet, openDataFile });
  if (backing !== undefined) image.backing = new RawNode(backing);
  return new Qcow2Node(image);
}

/** A random image with what stands beside it, and random things done to it; all is logged. */
export class Workload {
  readonly log = new WriteLog();
  readonly around: Surroundings;
  readonly moments: Moment[] = [];
  readonly #random: Xorshift;
  readonly #file;
  readonly #data;
  readonly #kept = new Map<string, Uint8Array>();
  #node!: Qcow2Node;
  #disk!: Expectation;

  private constructor(random: Xorshift, around: Surroundings, file: MemoryNode, data: MemoryNode) {
    this.#random = random;
    this.around = around;
    this.#file = this.log.add(file.bytes());
    this.#data = around.hasDataFile ? this.log.add(data.bytes()) : undefined;
  }

  static async make(random: Xorshift): Promise<Workload> {
    const options = randomOptions(random);
    const isV3 = options.version === 3;
    const hasDataFile = isV3 && random.below(5) === 0;
    const backing =
      random.below(3) === 0
        ? new MemoryNode(randomDisk(random, options.sizeBytes), true)
        : undefined;
    const hasNames = hasDataFile || backing !== undefined;
    const [file, data] = [new MemoryNode(), new MemoryNode()];
    await createQcow2(file, {
      ...options,
      // Headers of the smallest clusters have no room for names.
      clusterSize: hasNames ? Math.max(1024, options.clusterSize) : options.clusterSize,
      preallocation: backing === undefined ? options.preallocation : "off",
      lazyRefcounts: isV3 && random.below(4) === 0,
      ...(backing !== undefined && { backingFile: BACKING_NAME, backingFormat: "raw" }),
      ...(hasDataFile && { dataFile: { name: DATA_NAME, node: data, raw: false } }),
    });
    const workload = new Workload(random, { backing, hasDataFile }, file, data);
    await workload.#open();
    workload.#disk = new Expectation(await contents(workload.#node));
    workload.#begin([workload.#disk]);
    return workload;
  }

  /** One more thing is done. */
  async step(): Promise<void> {
    const random = this.#random;
    const kind = random.below(40);
    try {
      if (kind === 0) await this.#reopen();
      else if (kind === 1) await this.#resize(512 * (1 + random.below(3000)));
      else if (kind < 6) await this.#snapshot(`s${random.below(3)}`, random.below(2) === 0);
      else if (kind < 8) await this.#bitmap(`b${random.below(2)}`);
      else await this.#guest();
    } catch (error) {
      // One-bit counters, small headers, images with a data file and version 2 cannot do everything.
      const known = error instanceof StorageError && REFUSALS.includes(error.errno);
      if (!known) throw error;
      await this.#stable();
    }
  }

  async #guest(): Promise<void> {
    const step = randomStep(this.#random, this.#node);
    if (step.kind === "flush") {
      await this.#node.flush();
      return this.#durable();
    }
    const length = "bytes" in step ? step.bytes.length : step.length;
    this.#disk = this.#disk.changed(step.offset, step.offset + length);
    this.#begin([this.#disk]);
    await perform(this.#node, step);
  }

  async #reopen(): Promise<void> {
    await this.#node.close();
    await this.#open();
    await this.#durable();
  }

  async #resize(sizeBytes: number): Promise<void> {
    const { image } = this.#node;
    if (this.#kept.size > 0 || (await run(readBitmaps(image))).length > 0) return;
    const from = Math.min(sizeBytes, this.#node.sizeBytes);
    const shrinking = this.#disk.changed(from, this.#node.sizeBytes);
    this.#begin([shrinking, this.#disk.resized(sizeBytes)]);
    await this.#node.truncate(sizeBytes);
    await this.#stable();
  }

  async #snapshot(name: string, applies: boolean): Promise<void> {
    const { image } = this.#node;
    const found = image.snapshots.find((snapshot) => snapshot.name === name);
    if (found === undefined) {
      const now = await contents(this.#node);
      this.#begin([this.#disk]);
      await run(createSnapshot(image, { name, dateSeconds: 0, dateNanoseconds: 0 }));
      this.#kept.set(name, now);
    } else if (applies) {
      this.#begin([this.#disk, new Expectation(this.#kept.get(name) as Uint8Array)]);
      await run(applySnapshot(image, found));
    } else {
      this.#kept.delete(name);
      this.#begin([this.#disk]);
      await run(deleteSnapshot(image, found));
    }
    await this.#durable();
  }

  async #bitmap(name: string): Promise<void> {
    const { image } = this.#node;
    if (!image.isV3) return;
    const all = await run(readBitmaps(image));
    if (all.some((bitmap) => bitmap.name === name)) await run(removeBitmap(image, name));
    else await run(addBitmap(image, name, 4096));
  }

  async #open(): Promise<void> {
    this.#node = await openImageIn(this.around, this.#file, this.#data, { readOnly: false });
  }

  /** A flush that stands for itself: what came before may have been cut off by an error. */
  async #stable(): Promise<void> {
    await this.#node.flush();
    await this.#durable();
  }

  async #durable(): Promise<void> {
    this.#disk = new Expectation(await contents(this.#node));
    this.#begin([this.#disk]);
  }

  #begin(disk: readonly Expectation[]): void {
    this.moments.push({ from: this.log.length, disk, snapshots: new Map(this.#kept) });
  }
}

/** A disk of stretches with and without data, not as long as the image over it. */
export function randomDisk(random: Xorshift, sizeBytes: number): Uint8Array {
  const length = 512 * Math.ceil((sizeBytes / 512) * (random.below(4) === 0 ? 0.5 : 1));
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length;) {
    const end = at + 512 * (1 + random.below(64));
    if (random.below(3) > 0) bytes.fill(1 + random.below(255), at, end);
    at = end;
  }
  return bytes;
}
