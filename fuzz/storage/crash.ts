import { Xorshift } from "../../src/util/xorshift.ts";
import { checkQcow2 } from "../../src/storage/formats/qcow2/check.ts";
import type { MemoryNode } from "../../src/storage/protocol/memory-node.ts";
import { run } from "../../src/storage/task.ts";
import { WriteLog } from "../../src/storage/testing/write-log.ts";
import { contents, makeImage, openImage, perform, randomOptions, randomStep } from "./image.ts";
import type { RealCheck } from "./real-check.ts";

/** Bytes that a guest may find after a crash: what was flushed, or anything written since. */
class Expectation {
  /** What the last flush made durable. */
  readonly flushed: Uint8Array;
  /** Bytes changed since: any of their values will do, and so will zeroes of a discard. */
  readonly loose: Uint8Array;

  constructor(size: number) {
    this.flushed = new Uint8Array(size);
    this.loose = new Uint8Array(size);
  }

  changed(from: number, to: number): void {
    this.loose.fill(1, from, to);
  }

  flush(now: Uint8Array): void {
    this.flushed.set(now);
    this.loose.fill(0);
  }

  snapshot(): Expectation {
    const copy = new Expectation(this.flushed.length);
    copy.flushed.set(this.flushed);
    copy.loose.set(this.loose);
    return copy;
  }

  /** @returns the first byte that was flushed and is lost; -1 when none is */
  firstLost(found: Uint8Array): number {
    return found.findIndex((byte, i) => this.loose[i] === 0 && byte !== this.flushed[i]);
  }
}

export interface CrashOutcome {
  readonly crashes: number;
  readonly failures: readonly string[];
}

/** One random workload, cut at every write, at some of them in several orders. */
export async function crashWorkload(
  seed: number,
  steps: number,
  cutsPerPoint: number,
  real: RealCheck | undefined,
): Promise<CrashOutcome> {
  const random = new Xorshift(seed);
  const start = await makeImage(randomOptions(random));
  const log = new WriteLog(start.bytes());
  const node = await openImage(log);
  const size = node.sizeBytes;
  const state = new Expectation(size);
  // From each change of the log on, what a crash may leave.
  const states: { readonly from: number; readonly expected: Expectation }[] = [
    { from: 0, expected: state.snapshot() },
  ];
  for (let i = 0; i < steps; i++) {
    const step = randomStep(random, node);
    const before = log.length;
    if (step.kind !== "flush") {
      const [from, to] = rangeOf(step);
      state.changed(from, to);
      states.push({ from: before, expected: state.snapshot() });
    }
    await perform(node, step);
    if (step.kind !== "flush") continue;
    state.flush(await contents(node));
    states.push({ from: log.length, expected: state.snapshot() });
  }
  const failures: string[] = [];
  let crashes = 0;
  for (let cut = 0; cut <= log.length; cut++) {
    const { expected } = states.findLast(({ from }) => from <= cut) as (typeof states)[number];
    for (let k = 0; k < cutsPerPoint; k++) {
      crashes++;
      const file = log.crash(cut, new Xorshift(seed * 1000 + cut * 7 + k));
      const trouble = await judge(file, expected, random.below(200) === 0 ? real : undefined);
      if (trouble !== undefined) failures.push(`seed ${seed}, cut ${cut}.${k}: ${trouble}`);
    }
  }
  return { crashes, failures };
}

function rangeOf(
  step: Exclude<ReturnType<typeof randomStep>, { kind: "flush" }>,
): [number, number] {
  const length = "bytes" in step ? step.bytes.length : step.length;
  return [step.offset, step.offset + length];
}

/** @returns what is wrong with an image after a crash */
async function judge(
  file: MemoryNode,
  expected: Expectation,
  real: RealCheck | undefined,
): Promise<string | undefined> {
  const node = await openImage(file, true, true);
  const result = await run(checkQcow2(node.image, "none"));
  if (result.corruptions > 0 || result.checkErrors > 0) return `${result.corruptions} corruptions`;
  const lost = expected.firstLost(await contents(node));
  if (lost >= 0) return `byte ${lost} was flushed and is lost`;
  return real?.leaksAtMost(file.bytes());
}
