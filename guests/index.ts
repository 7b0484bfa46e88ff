/**
 * Guest images made from Debian packages: what may be asked of this room.
 *
 *     const guest = await buildGuest("shell");      // builds it, or finds it built
 *     guestDirectory("shell");                       // where its files are, or null
 */
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { machineRunner, tabvisorCommand } from "./appliance/run-machine.ts";
import { withLock } from "./cache/lock.ts";
import { cacheRoot, guestsDirectory, type Environment } from "./cache/paths.ts";
import { Archive } from "./deb/archive.ts";
import { lockedPackage, readLockFile, writeLockFile } from "./deb/lockfile.ts";
import type { PackageEntry } from "./deb/package-index.ts";
import { chooseClosure, choosePackage } from "./deb/select.ts";
import { GuestError } from "./errors.ts";
import { findMirror } from "./fetch/mirror.ts";
import { silent, type Progress } from "./fetch/progress.ts";
import { BROTLI_QUALITY } from "./image/encode.ts";
import { efiFirmware } from "./efi/build.ts";
import { installerGuest } from "./installer/build.ts";
import { guestOf } from "./debian/build.ts";
import { DEBIAN, DEBIAN_FULL } from "./debian/recipe.ts";
import {
  findBuilt,
  publish,
  recipeHash,
  TEMPORARY,
  type BuildTerms,
  type BuiltGuest,
} from "./publish.ts";
import type { GuestRecipe } from "./recipe.ts";
import { shellGuest } from "./shell/build.ts";
import { toolsGuest } from "./tools/build.ts";

export { describeError, GuestError } from "./errors.ts";
export { progressTo, silent, type Progress } from "./fetch/progress.ts";
export type { EncodedFile, GuestBoot, GuestFile, GuestManifest, GuestPackage } from "./manifest.ts";
export type { BuiltGuest } from "./publish.ts";

const RECIPES: readonly GuestRecipe[] = [
  shellGuest,
  toolsGuest,
  guestOf(DEBIAN),
  guestOf(DEBIAN_FULL),
  installerGuest,
  efiFirmware,
];
const SUITE = "trixie";
const ARCHITECTURE = "riscv64";

/** The guest that runs when none is named. */
export const DEFAULT_GUEST = "shell";
/** UEFI firmware. */
export const EFI = efiFirmware.name;

/** A guest that can be built. */
export interface GuestSummary {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** It boots nothing by itself. */
  readonly isFirmware: boolean;
  /** Null until it is built. */
  readonly directory: string | null;
  /** It is built, and as its recipe and the locked packages are now. */
  readonly isCurrent: boolean;
}

/** Where and how to build. */
export interface BuildOptions {
  /** Hears how far the work is; nobody when left out. */
  readonly progress?: Progress;
  /** Build even when it is built already; packages that were fetched are not fetched again. */
  readonly force?: boolean;
  /** Brotli quality of the compressed siblings, 0 to 11; 5 when left out. */
  readonly quality?: number;
  /** The process's own when left out: TABVISOR_CACHE, DEBIAN_MIRROR, http_proxy and so on. */
  readonly env?: Environment;
}

/** All guests that this room can make. */
export function listGuests(env: Environment = process.env): GuestSummary[] {
  return RECIPES.map(({ name, title, description, isFirmware = false }) => {
    const directory = guestDirectory(name, env);
    return { name, title, description, isFirmware, directory, isCurrent: isCurrent(name, env) };
  });
}

/**
 * The directory of a built guest: manifest.json and the files that it names. Null when the guest
 * is not built yet.
 *
 * @throws GuestError for a name that is no guest's
 */
export function guestDirectory(name: string, env: Environment = process.env): string | null {
  return readGuest(name, env)?.directory ?? null;
}

/** A built guest with its manifest; null when it is not built yet. */
export function readGuest(name: string, env: Environment = process.env): BuiltGuest | null {
  return findBuilt(cacheRoot(env), recipeOf(name).name);
}

/**
 * True when a guest is built as its recipe and the locked packages are now: `buildGuest` would not
 * build it again.
 */
export function isCurrent(name: string, env: Environment = process.env): boolean {
  const terms = { recipe: recipeHash(recipeOf(name), readLockFile(name)), quality: 0 };
  return findBuilt(cacheRoot(env), name, terms) !== null;
}

/**
 * Builds a guest unless the cache has it as its recipe describes it. Builders of the same guest
 * wait for each other. Needs a Debian mirror, about 125 MB of download the first time, and about
 * 400 MB of disk.
 *
 * @throws GuestError, or a system error that `describeError` puts into a sentence
 */
export async function buildGuest(name: string, options: BuildOptions = {}): Promise<BuiltGuest> {
  const { progress = silent, force = false, env = process.env } = options;
  const recipe = recipeOf(name);
  const cache = cacheRoot(env);
  const terms = {
    recipe: recipeHash(recipe, readLockFile(name)),
    quality: options.quality ?? BROTLI_QUALITY,
  };
  const built = force ? null : findBuilt(cache, name, terms);
  if (built !== null) {
    return built;
  }
  const lock = join(guestsDirectory(cache), `${name}.lock`);
  const onWait = (): void => progress.step(`Waiting for another builder of ${name}`);
  try {
    return await withLock(
      lock,
      () => build(recipe, cache, terms, { progress, force, env }),
      onWait,
    );
  } finally {
    progress.end();
  }
}

async function build(
  recipe: GuestRecipe,
  cache: string,
  terms: BuildTerms,
  { progress, force, env }: Required<Omit<BuildOptions, "quality">>,
): Promise<BuiltGuest> {
  // Another builder may have finished while this one waited for the lock.
  const built = force ? null : findBuilt(cache, recipe.name, terms);
  if (built !== null) {
    return built;
  }
  const archive = await openArchive(cache, progress, env);
  const directory = await makeTemporary(cache);
  try {
    return await makeAndPublish(recipe, cache, terms, archive, { progress, directory });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function makeAndPublish(
  recipe: GuestRecipe,
  cache: string,
  terms: BuildTerms,
  archive: Archive,
  { progress, directory }: { progress: Progress; directory: string },
): Promise<BuiltGuest> {
  const workshop = {
    directory,
    runMachine: machineRunner(tabvisorCommand()),
  };
  const contents = await recipe.make(archive, readLockFile(recipe.name), progress, workshop);
  for (const { entry, isLocked } of contents.packages) {
    if (!isLocked) {
      progress.warn(
        `the mirror no longer has the locked version of ${entry.name}; ${entry.version} is used instead.`,
      );
    }
  }
  progress.step("Compressing for web servers");
  return publish(cache, recipe, SUITE, contents, terms);
}

async function makeTemporary(cache: string): Promise<string> {
  const root = guestsDirectory(cache);
  await mkdir(root, { recursive: true });
  return mkdtemp(join(root, TEMPORARY));
}

/** Writes the mirror's present package versions into the lock file. */
export async function updateLock(
  progress: Progress = silent,
  env: Environment = process.env,
): Promise<void> {
  const archive = await openArchive(cacheRoot(env), progress, env);
  const packages = RECIPES.map(
    (recipe) => [recipe.name, choosePackages(archive, recipe).map(lockedPackage)] as const,
  );
  writeLockFile(SUITE, new Map(packages));
  progress.end();
}

/** All packages that a guest is made from, in the archive's present versions. */
function choosePackages(archive: Archive, { packages, closure }: GuestRecipe): PackageEntry[] {
  const single = packages.map((wanted) => choosePackage(archive, null, wanted).entry);
  const others = closure === undefined ? [] : chooseClosure(archive, null, closure);
  return [...single, ...others.map(({ entry }) => entry)];
}

function openArchive(cache: string, progress: Progress, env: Environment): Promise<Archive> {
  const fetcher = { env, progress };
  const mirror = findMirror(env);
  return Archive.open({ mirror, suite: SUITE, architecture: ARCHITECTURE, cache, fetcher });
}

function recipeOf(name: string): GuestRecipe {
  const recipe = RECIPES.find((candidate) => candidate.name === name);
  if (recipe === undefined) {
    const names = RECIPES.map((candidate) => candidate.name).join(", ");
    throw new GuestError(`There is no guest "${name}"; there are: ${names}.`);
  }
  return recipe;
}
