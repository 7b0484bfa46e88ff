import { Xorshift } from "../../src/util/xorshift.ts";
import { checkQcow2 } from "../../src/storage/formats/qcow2/check.ts";
import { Incompatible } from "../../src/storage/formats/qcow2/format.ts";
import type { Qcow2Node } from "../../src/storage/formats/qcow2/qcow2-node.ts";
import { snapshotView } from "../../src/storage/formats/qcow2/snapshot-view.ts";
import { StorageError } from "../../src/storage/errors.ts";
import type { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { type Moment, firstDifference } from "./expectation.ts";
import { contents } from "./image.ts";
import type { RealCheck } from "./real-check.ts";
import { BACKING_NAME, type Surroundings, DATA_NAME, Workload, openImageIn } from "./workload.ts";

export interface CrashOutcome {
  readonly crashes: number;
  /** Crashes that left a mark for counts that are to be taken anew. */
  readonly dirty: number;
  readonly failures: readonly string[];
}

export interface CrashOptions {
  readonly seed: number;
  readonly steps: number;
  /** Different orders at each place of the log. */
  readonly cutsPerPoint: number;
  readonly real: RealCheck | undefined;
  /** One of so many crashes is judged by the real qemu-img. */
  readonly realEvery: number;
}

/** One random workload, cut at every write, each time in several orders. */
export async function crashWorkload(options: CrashOptions): Promise<CrashOutcome> {
  const { seed, steps, cutsPerPoint, real, realEvery } = options;
  const random = new Xorshift(seed);
  const workload = await Workload.make(random);
  for (let i = 0; i < steps; i++) await workload.step();
  const failures: string[] = [];
  let [crashes, dirty] = [0, 0];
  for (let cut = 0; cut <= workload.log.length; cut++) {
    const moment = workload.moments.findLast(({ from }) => from <= cut) as Moment;
    for (let k = 0; k < cutsPerPoint; k++) {
      crashes++;
      const files = workload.log.crash(cut, new Xorshift(seed * 1000 + cut * 7 + k));
      const crash = new Crash(files, workload.around);
      const judge = random.below(realEvery) === 0 ? real : undefined;
      const trouble = await crash.judge(moment, judge).catch((error: Error) => error.stack);
      if (crash.isDirty) dirty++;
      if (trouble !== undefined) failures.push(`seed ${seed}, cut ${cut}.${k}: ${trouble}`);
    }
  }
  return { crashes, dirty, failures };
}

const UNREADABLE = 0xee;

/**
 * The disk; a compressed cluster whose bytes were not flushed may be no stream at all, and is then what
 * nothing else is.
 */
async function readable(node: Qcow2Node): Promise<Uint8Array> {
  const bytes = new Uint8Array(node.sizeBytes);
  for (let at = 0; at < bytes.length; at += node.clusterSize) {
    const part = bytes.subarray(at, at + node.clusterSize);
    try {
      await node.read(at, [part]);
    } catch (error) {
      if (!(error instanceof StorageError) || error.errno !== "EIO") throw error;
      part.fill(UNREADABLE);
    }
  }
  return bytes;
}

/** What a crash left. */
class Crash {
  isDirty = false;
  readonly #file: MemoryNode;
  readonly #data: MemoryNode | undefined;
  readonly #around: Surroundings;

  constructor([file, data]: readonly MemoryNode[], around: Surroundings) {
    this.#file = file as MemoryNode;
    this.#data = data;
    this.#around = around;
  }

  /** @returns what is wrong */
  async judge(moment: Moment, real: RealCheck | undefined): Promise<string | undefined> {
    const before = real === undefined ? undefined : this.#file.fork();
    const node = await this.#open({ readOnly: true, forCheck: true });
    this.isDirty = (node.image.header.incompatible & Incompatible.dirty) !== 0;
    const lost = await this.#lost(moment);
    if (lost !== undefined) return lost;
    // As whoever opens it for writing does.
    if (this.isDirty) await this.#recount();
    const checked = this.isDirty ? await this.#open({ readOnly: true, forCheck: true }) : node;
    const { corruptions, checkErrors } = await run(checkQcow2(checked.image, "none"));
    if (corruptions > 0 || checkErrors > 0) return `${corruptions} corruptions`;
    if (this.isDirty) {
      const gone = await this.#lost(moment);
      if (gone !== undefined) return `after the recount: ${gone}`;
    }
    return before && real?.leaksAtMost(before.bytes(), this.isDirty, this.#files());
  }

  #open(how: { readOnly: boolean; forCheck?: boolean }): Promise<Qcow2Node> {
    return openImageIn(this.#around, this.#file, this.#data, how);
  }

  async #recount(): Promise<void> {
    const node = await this.#open({ readOnly: false, forCheck: true });
    await run(checkQcow2(node.image, "all"));
    await node.close();
  }

  async #lost({ disk, snapshots }: Moment): Promise<string | undefined> {
    const found = await readable(await this.#open({ readOnly: true }));
    const refusals = disk.map((expected) => expected.refuse(found));
    if (!refusals.includes(undefined)) return refusals.join(", or ");
    for (const [name, expected] of snapshots) {
      const view = await this.#open({ readOnly: true });
      const snapshot = view.image.snapshots.find((each) => each.name === name);
      if (snapshot === undefined) return `snapshot ${name} is lost`;
      await run(snapshotView(view.image, snapshot));
      const bytes = await contents(view);
      if (bytes.length !== expected.length) return `snapshot ${name} has ${bytes.length} bytes`;
      const wrong = firstDifference(bytes, expected);
      if (wrong >= 0) return `byte ${wrong} of snapshot ${name} is lost`;
    }
    return undefined;
  }

  #files(): ReadonlyMap<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    if (this.#around.backing) files.set(BACKING_NAME, this.#around.backing.bytes());
    if (this.#data) files.set(DATA_NAME, this.#data.bytes());
    return files;
  }
}
