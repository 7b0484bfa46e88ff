import { createHash, randomUUID } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { downloadsDirectory, guestsDirectory } from "./cache/paths.ts";
import { lockedPackage, type LockFile } from "./deb/lockfile.ts";
import { errorCode } from "./errors.ts";
import { encodeBrotli, encodeGzip } from "./image/encode.ts";
import type { EncodedFile, GuestFile, GuestManifest } from "./manifest.ts";
import type { GuestContents, GuestRecipe } from "./recipe.ts";

/** Nothing takes so long: what is older and half made was left by a builder that was killed. */
const ABANDONED_MS = 60 * 60 * 1000;
/** Names of what is being made begin so. */
export const TEMPORARY = ".making-";

/** How a guest is built: what `findBuilt` compares. */
export interface BuildTerms {
  /** Hash of the recipe, see `recipeHash`. */
  readonly recipe: string;
  /** Brotli quality of the compressed siblings, 0 to 11. */
  readonly quality: number;
}

/** The stable name of a guest: a small file that says which directory has its present build. */
interface Pointer extends BuildTerms {
  readonly directory: string;
}

/** A guest in the cache. */
export interface BuiltGuest {
  /** Absolute path of the directory with manifest.json and the files that it names. */
  readonly directory: string;
  readonly manifest: GuestManifest;
}

function pointerPath(cache: string, name: string): string {
  return join(guestsDirectory(cache), `${name}.json`);
}

/**
 * The present build of a guest; null when there is none.
 *
 * @param terms what it must have been built by; anything when left out
 */
export function findBuilt(cache: string, name: string, terms?: BuildTerms): BuiltGuest | null {
  try {
    const pointer = readJson(pointerPath(cache, name)) as Pointer;
    if (
      terms !== undefined &&
      !(pointer.recipe === terms.recipe && pointer.quality >= terms.quality)
    ) {
      return null;
    }
    const directory = join(guestsDirectory(cache), pointer.directory);
    const manifest = readJson(join(directory, "manifest.json")) as GuestManifest;
    const isThere = ({ path, sizeBytes }: EncodedFile | GuestFile): boolean =>
      statSync(join(directory, path)).size === sizeBytes;
    const isWhole = Object.values(manifest.files).every(
      (file) => isThere(file) && file.encodings.every(isThere),
    );
    return isWhole ? { directory, manifest } : null;
  } catch {
    // Missing, half deleted or from another version: build it.
    return null;
  }
}

/** Hash of all that a guest and its manifest depend on: our own files and the locked packages. */
export function recipeHash(recipe: GuestRecipe, lock: LockFile): string {
  const { packages, make: _, inputs, ...facts } = recipe;
  const names = packages.map(({ name, dependency }) => [name, dependency?.source]);
  return sha256(Buffer.from(JSON.stringify([facts, names, inputs(), lock]), "utf8"));
}

/**
 * Writes a guest into the cache under a temporary name, renames it, and points its stable name at
 * it: whoever looks finds the old build or the new one, whole. To be called under the guest's lock.
 */
export async function publish(
  cache: string,
  recipe: GuestRecipe,
  suite: string,
  contents: GuestContents,
  terms: BuildTerms,
): Promise<BuiltGuest> {
  const root = guestsDirectory(cache);
  await sweep(cache);
  const making = join(root, `${TEMPORARY}${randomUUID().slice(0, 8)}`);
  await mkdir(making, { recursive: true });
  try {
    const files = await writeFiles(making, contents, terms.quality);
    const manifest = manifestOf(recipe, suite, contents, terms, files);
    await writeFile(join(making, "manifest.json"), jsonText(manifest));
    const name = `${recipe.name}-${manifest.key}`;
    await replaceDirectory(making, join(root, name));
    const pointer: Pointer = { directory: name, ...terms };
    await replaceFile(pointerPath(cache, recipe.name), jsonText(pointer));
    await removeOlder(root, recipe.name, name);
    return { directory: join(root, name), manifest };
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

async function writeFiles(
  directory: string,
  contents: GuestContents,
  quality: number,
): Promise<Record<string, GuestFile>> {
  const write = async (path: string, bytes: Uint8Array): Promise<Omit<GuestFile, "encodings">> => {
    await writeFile(join(directory, path), bytes);
    return { path, sizeBytes: bytes.length, sha256: sha256(bytes) };
  };
  const encodings = (path: string, bytes: Uint8Array): Promise<EncodedFile[]> =>
    Promise.all([
      encodeBrotli(bytes, quality).then(async (packed) => {
        return { encoding: "br" as const, ...(await write(`${path}.br`, packed)) };
      }),
      encodeGzip(bytes).then(async (packed) => {
        return { encoding: "gzip" as const, ...(await write(`${path}.gz`, packed)) };
      }),
    ]);
  const entries = Object.entries(contents.files).map(async ([role, made]) => {
    if ("from" in made) {
      return [role, await moveFile(made.from, directory, made.path)] as const;
    }
    const { path, bytes } = made;
    const file = await write(path, bytes);
    return [role, { ...file, encodings: await encodings(path, bytes) }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** Takes a file over from the workshop, which is on the same disk. */
async function moveFile(from: string, directory: string, path: string): Promise<GuestFile> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(from), hash);
  const { size: sizeBytes } = await stat(from);
  await rename(from, join(directory, path));
  return { path, sizeBytes, sha256: hash.digest("hex"), encodings: [] };
}

function manifestOf(
  recipe: GuestRecipe,
  suite: string,
  contents: GuestContents,
  terms: BuildTerms,
  files: Record<string, GuestFile>,
): GuestManifest {
  const { name, title, description, memory, defaultBoot } = recipe;
  const packages = contents.packages.map(({ entry, isLocked }) => {
    return { ...lockedPackage(entry), isLocked };
  });
  const identity = [terms, packages.map((entry) => entry.sha256)];
  return {
    format: 1,
    name,
    title,
    description,
    key: sha256(Buffer.from(JSON.stringify(identity), "utf8")).slice(0, 16),
    architecture: "riscv64",
    memory,
    kernelRelease: contents.kernelRelease,
    files,
    boot: contents.boot,
    defaultBoot,
    suite,
    packages,
  };
}

/** Removes earlier builds, but for a while not those that somebody may still be reading. */
async function removeOlder(root: string, guest: string, present: string): Promise<void> {
  for (const name of await readdir(root)) {
    const isBuild =
      name.startsWith(`${guest}-`) && /^[0-9a-f]{16}$/.test(name.slice(guest.length + 1));
    if (isBuild && name !== present && (await isOld(join(root, name)))) {
      await rm(join(root, name), { recursive: true, force: true });
    }
  }
}

/** Renames onto a directory that may exist, which no system call does. */
async function replaceDirectory(from: string, to: string): Promise<void> {
  const old = `${from}-old`;
  try {
    await rename(to, old);
  } catch (error) {
    if (errorCode(error) !== "ENOENT") {
      throw error;
    }
  }
  await rename(from, to);
  await rm(old, { recursive: true, force: true });
}

async function replaceFile(path: string, text: string): Promise<void> {
  const temporary = `${path}.${randomUUID().slice(0, 8)}.part`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}

/** Removes what builders that were killed have left: half-made guests and downloads. */
async function sweep(cache: string): Promise<void> {
  for (const directory of [guestsDirectory(cache), downloadsDirectory(cache)]) {
    await mkdir(directory, { recursive: true });
    for (const name of await readdir(directory)) {
      const path = join(directory, name);
      const isTemporary = name.startsWith(TEMPORARY) || name.endsWith(".part");
      if (isTemporary && (await isOld(path))) {
        await rm(path, { recursive: true, force: true });
      }
    }
  }
}

async function isOld(path: string): Promise<boolean> {
  return Date.now() - (await stat(path)).mtimeMs > ABANDONED_MS;
}

function readJson(path: string): unknown {
  return JSON.parse(readFileSync(path, "utf8"));
}

function jsonText(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
