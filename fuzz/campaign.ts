/** One run of the fuzzer: what was tried, what failed. */
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { BATCH, makeBatch, runPrograms } from "./batch.ts";
import type { BatchOptions, Pair } from "./batch.ts";
import type { Mismatch } from "./compare.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES } from "./engine/features.ts";
import type { Features } from "./engine/features.ts";
import { PROFILE_NAMES } from "./gen/generate.ts";
import { buildImage } from "./image.ts";
import { listing } from "./listing.ts";
import { minimise } from "./minimise.ts";
import { mixSeed } from "./random.ts";
import { seedFromText, seedToText } from "./seed-text.ts";
import { changedWords, replay } from "./seeds.ts";
import { MUTATIONS, isCaught } from "./self-check.ts";

export const SEED_FOLDER = "fuzz/seeds";
/** Mismatches beyond these are counted, not minimised: there is one reason for most of them. */
const MAX_MINIMISED = 10;
/** Programs between two signs of life. */
const PROGRESS = 50_000;

/** When to stop: after so many programs, or before a batch that would begin later. */
export interface Limits {
  readonly programs: number;
  readonly seconds: number;
}

export class Campaign {
  readonly #print: (line: string) => void;
  readonly #keep: string | undefined;
  passed = 0;
  failed = 0;

  /** @param keep folder for seeds of mismatches; none are written without */
  constructor(print: (line: string) => void, keep: string | undefined) {
    this.#print = print;
    this.#keep = keep;
  }

  #note(ok: boolean, failure: string): void {
    if (ok) this.passed++;
    else {
      this.failed++;
      this.#print(`FAIL ${failure}`);
    }
  }

  /** Replays every recorded seed. */
  async replaySeeds(engine: Engine): Promise<void> {
    const files = await readdir(SEED_FOLDER);
    const names = files.filter((name) => name.endsWith(".json")).toSorted();
    for (const name of names) {
      const seed = seedFromText(await readFile(join(SEED_FOLDER, name), "utf8"));
      const differences = await replay(seed, engine, ALL_FEATURES);
      const fields = differences.slice(0, 4).map(({ field }) => field);
      this.#note(differences.length === 0, `seed ${name}: ${fields.join(", ")} differ`);
    }
    this.#print(`${names.length} seeds replayed`);
  }

  /** Tries deliberate bugs: each must be noticed. */
  async selfCheck(engine: Engine): Promise<void> {
    for (const [name, mutation] of Object.entries(MUTATIONS)) {
      this.#note(await isCaught(mutation, engine), `self-check: nothing notices that ${name}`);
    }
    this.#print(`${Object.keys(MUTATIONS).length} deliberate bugs tried`);
  }

  /** Compares the engines of `pair` on the programs of a seed. */
  async fuzz(what: string, batches: BatchOptions, pair: Pair, limits: Limits): Promise<void> {
    const start = performance.now();
    const elapsed = (): number => (performance.now() - start) / 1000;
    const size = (first: number): number => Math.min(BATCH, limits.programs - first);
    let first = 0;
    let next = makeBatch(batches, 0, size(0));
    while (next.length > 0 && elapsed() < limits.seconds) {
      const programs = next;
      first += programs.length;
      const mismatches = await runPrograms(programs, pair, () => {
        next = makeBatch(batches, first, size(first));
      });
      this.passed += programs.length - mismatches.length;
      if (first % PROGRESS < programs.length) this.#print(`${what}: ${first} programs so far`);
      for (const found of mismatches) await this.#report(what, batches.seed, found, pair);
    }
    const rate = Math.round(first / elapsed());
    this.#print(`${what}: ${first} programs in ${elapsed().toFixed(1)} s (${rate} a second)`);
  }

  async #report(what: string, seed: number, found: Mismatch, pair: Pair): Promise<void> {
    const { profile, slot } = found.program;
    this.#note(false, `${what}, seed ${seed}: a ${profile} program in slot ${slot} differs`);
    if (this.failed > MAX_MINIMISED) return;
    const small = (await minimise(found.program, pair)) ?? found;
    const lines = listing(small);
    this.#print(lines.join("\n"));
    if (this.#keep !== undefined) await keepSeed(this.#keep, small, lines, pair);
  }
}

async function keepSeed(
  folder: string,
  { program }: Mismatch,
  lines: readonly string[],
  { theirs, target }: Pair,
): Promise<void> {
  const after = changedWords(program, await theirs.run(buildImage([program], target)));
  const text = seedToText({ reason: "to be written", listing: lines, program, after });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, `${program.profile}-${mixSeed(program.dataSeed, 1)}.json`), text);
}

/** Writes a program of every profile with the other engine's results. */
export async function recordProfiles(features: Features, theirs: Engine): Promise<void> {
  for (const profile of PROFILE_NAMES) {
    const [program] = makeBatch({ seed: 4, features, profiles: [profile] }, 0, 1);
    if (program === undefined) continue;
    const after = changedWords(program, await theirs.run(buildImage([program], features)));
    const lines = listing({ program, differences: [] });
    const reason = `A program of profile ${profile} with QEMU's results.`;
    const text = seedToText({ reason, listing: lines, program, after });
    await writeFile(join(SEED_FOLDER, `profile-${profile}.json`), text);
  }
}
