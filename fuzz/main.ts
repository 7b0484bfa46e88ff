/**
 * Differential fuzzing: the same random programs in our core and in QEMU, all of RAM compared.
 * First the recorded seeds are replayed and the fuzzer checks that it notices bugs at all; without
 * QEMU that is everything.
 */
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { BATCH, makeBatch, runPrograms } from "./batch.ts";
import type { BatchOptions, Pair } from "./batch.ts";
import type { Mismatch } from "./compare.ts";
import { CoreEngine } from "./engine/core-engine.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES, probeFeatures } from "./engine/features.ts";
import type { Features } from "./engine/features.ts";
import { QemuEngine } from "./engine/qemu-engine.ts";
import { PROFILE_NAMES } from "./gen/generate.ts";
import { buildImage } from "./image.ts";
import { listing } from "./listing.ts";
import { minimise } from "./minimise.ts";
import { USAGE, parseOptions } from "./options.ts";
import type { Options } from "./options.ts";
import { mixSeed } from "./random.ts";
import { changedWords, replay, seedFromText, seedToText } from "./seeds.ts";
import { MUTATIONS, isCaught } from "./self-check.ts";

const SEED_FOLDER = "fuzz/seeds";
/** Mismatches beyond these are counted, not minimised: there is one reason for most of them. */
const MAX_MINIMISED = 10;

const count = { passed: 0, failed: 0 };

function note(ok: boolean, failure: string): void {
  if (ok) count.passed++;
  else {
    count.failed++;
    console.log(`FAIL ${failure}`);
  }
}

async function replaySeeds(engine: Engine): Promise<void> {
  const names = (await readdir(SEED_FOLDER)).filter((name) => name.endsWith(".json")).toSorted();
  for (const name of names) {
    const seed = seedFromText(await readFile(join(SEED_FOLDER, name), "utf8"));
    const differences = await replay(seed, engine, ALL_FEATURES);
    const fields = differences.slice(0, 4).map(({ field }) => field);
    note(differences.length === 0, `seed ${name}: ${fields.join(", ")} differ from the record`);
  }
  console.log(`${names.length} seeds replayed`);
}

async function selfCheck(engine: Engine): Promise<void> {
  for (const [name, mutation] of Object.entries(MUTATIONS)) {
    note(await isCaught(mutation, engine), `self-check: nothing notices that ${name}`);
  }
  console.log(`${Object.keys(MUTATIONS).length} deliberate bugs tried`);
}

/** Where QEMU is, what it can do; undefined when there is none. */
async function findQemu({ qemu }: Options): Promise<Features | undefined> {
  try {
    return await probeFeatures(qemu);
  } catch (error) {
    console.log(`no comparison with QEMU: ${error instanceof Error ? error.message : ""}`);
    return undefined;
  }
}

async function report(found: Mismatch, pair: Pair, options: Options): Promise<void> {
  const small = (await minimise(found.program, pair)) ?? found;
  const lines = listing(small);
  console.log(lines.join("\n"));
  if (options.keep === undefined) return;
  const { program } = small;
  const ram = await pair.theirs.run(buildImage([program], pair.target));
  const after = changedWords(program, ram);
  const text = seedToText({ reason: "to be written", listing: lines, program, after });
  await mkdir(options.keep, { recursive: true });
  await writeFile(
    join(options.keep, `${program.profile}-${mixSeed(program.dataSeed, 1)}.json`),
    text,
  );
}

async function fuzz(batches: BatchOptions, pair: Pair, options: Options): Promise<void> {
  const start = performance.now();
  const elapsed = (): number => (performance.now() - start) / 1000;
  const size = (first: number): number => Math.min(BATCH, options.programs - first);
  let first = 0;
  let next = makeBatch(batches, 0, size(0));
  while (next.length > 0 && elapsed() < options.seconds) {
    const programs = next;
    first += programs.length;
    const mismatches = await runPrograms(programs, pair, () => {
      next = makeBatch(batches, first, size(first));
    });
    count.passed += programs.length - mismatches.length;
    for (const found of mismatches) {
      note(false, `program of seed ${options.seed} below ${first}, ${found.program.profile}`);
      if (count.failed <= MAX_MINIMISED) await report(found, pair, options);
    }
  }
  const rate = Math.round(first / elapsed());
  console.log(`${first} programs in ${elapsed().toFixed(1)} s (${rate} a second)`);
}

/** Writes a short program of every profile with QEMU's results. */
async function record(features: Features, theirs: Engine): Promise<void> {
  for (const profile of PROFILE_NAMES) {
    const [program] = makeBatch({ seed: 4, features, profiles: [profile] }, 0, 1);
    if (program === undefined) continue;
    const ram = await theirs.run(buildImage([program], features));
    const after = changedWords(program, ram);
    const lines = listing({ program, differences: [] });
    const reason = `A program of profile ${profile} with QEMU's results.`;
    const text = seedToText({ reason, listing: lines, program, after });
    await writeFile(join(SEED_FOLDER, `profile-${profile}.json`), text);
  }
}

async function main(options: Options): Promise<void> {
  const core = await CoreEngine.load(options.jit);
  if (!options.record) {
    await replaySeeds(core);
    await selfCheck(core);
  }
  const features = await findQemu(options);
  if (features !== undefined) {
    const theirs = new QemuEngine(options.qemu, features.cpu);
    const ours =
      options.against === undefined ? core : new QemuEngine(options.against, features.cpu);
    const { seed, profiles } = options;
    const pair = { ours, theirs, target: features };
    if (options.record) await record(features, theirs);
    else await fuzz({ seed, features, profiles }, pair, options);
    ours.close();
    theirs.close();
  }
  console.log(`${count.passed} passed, ${count.failed} failed`);
  process.exitCode = count.failed === 0 ? 0 : 1;
}

try {
  await main(parseOptions(process.argv.slice(2), PROFILE_NAMES));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
