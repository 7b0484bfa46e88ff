/**
 * Differential fuzzing: the same random programs in our core and in QEMU, and interpreted and
 * translated, all of RAM compared. First the recorded seeds are replayed and the fuzzer checks that
 * it notices bugs at all.
 */
import { Campaign, recordProfiles } from "./campaign.ts";
import { CoreEngine } from "./engine/core-engine.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES, probeFeatures } from "./engine/features.ts";
import type { Features } from "./engine/features.ts";
import { QemuEngine } from "./engine/qemu-engine.ts";
import { PROFILE_NAMES } from "./gen/generate.ts";
import { USAGE, parseOptions } from "./options.ts";
import type { Options } from "./options.ts";

/** Part of the time that the comparison with QEMU gets. */
const QEMU_SHARE = 0.7;

/** Where QEMU is, what it can do; undefined when there is none. */
async function findQemu({ qemu }: Options): Promise<Features | undefined> {
  try {
    return await probeFeatures(qemu);
  } catch (error) {
    console.log(`no comparison with QEMU: ${error instanceof Error ? error.message : ""}`);
    return undefined;
  }
}

async function compareWithQemu(
  campaign: Campaign,
  ours: Engine,
  features: Features,
  options: Options,
): Promise<void> {
  const { seed, profiles, programs } = options;
  const theirs = new QemuEngine(options.qemu, features.cpu);
  const pair = { ours, theirs, target: features };
  const limits = { programs, seconds: options.seconds * QEMU_SHARE };
  await campaign.fuzz("against QEMU", { seed, features, profiles }, pair, limits);
  theirs.close();
}

async function compareTranslated(campaign: Campaign, options: Options): Promise<void> {
  const { seed, profiles, programs, seconds } = options;
  const [ours, theirs] = await Promise.all([CoreEngine.load(true), CoreEngine.load(false)]);
  const pair = { ours, theirs, target: ALL_FEATURES };
  const limits = { programs, seconds: seconds * (1 - QEMU_SHARE) };
  const batches = { seed, features: ALL_FEATURES, profiles };
  await campaign.fuzz("translated against interpreted", batches, pair, limits);
}

async function record(options: Options): Promise<void> {
  const features = await probeFeatures(options.qemu);
  const theirs = new QemuEngine(options.qemu, features.cpu);
  await recordProfiles(features, theirs);
  theirs.close();
}

async function main(options: Options): Promise<void> {
  if (options.record) {
    await record(options);
    return;
  }
  const campaign = new Campaign((line) => {
    console.log(line);
  }, options.keep);
  const core = await CoreEngine.load(options.jit);
  await campaign.replaySeeds(core);
  await campaign.selfCheck(core);
  const features = await findQemu(options);
  if (features !== undefined) {
    const { against } = options;
    const ours = against === undefined ? core : new QemuEngine(against, features.cpu);
    await compareWithQemu(campaign, ours, features, options);
    ours.close();
  }
  if (!options.jit && options.against === undefined) await compareTranslated(campaign, options);
  console.log(`${campaign.passed} passed, ${campaign.failed} failed`);
  process.exitCode = campaign.failed === 0 ? 0 : 1;
}

try {
  await main(parseOptions(process.argv.slice(2), PROFILE_NAMES));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
