import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { downloadsDirectory } from "../cache/paths.ts";
import { GuestError, NotFoundError } from "../errors.ts";
import { download, fetchBytes, type Expected, type Fetcher } from "../fetch/download.ts";
import { verifyClearsigned } from "../openpgp/clearsign.ts";
import type { PublicKey } from "../openpgp/key.ts";
import { OpenPgpError } from "../openpgp/reader.ts";
import { KEYRING_PACKAGE, localKeys, packagedKeys } from "./keyring.ts";
import { PackageIndex, type PackageEntry } from "./package-index.ts";
import { parseRelease, type Release } from "./release.ts";
import { unxzBytes } from "./xz.ts";

const MAX_RELEASE_BYTES = 4 << 20;

/** Where packages come from. */
export interface ArchiveOptions {
  /** The mirror's root, ending in a slash. */
  readonly mirror: URL;
  /** Codename, such as "trixie". */
  readonly suite: string;
  /** Debian's name of the architecture, such as "riscv64". */
  readonly architecture: string;
  /** The cache's root directory. */
  readonly cache: string;
  readonly fetcher: Fetcher;
  /** Keys to verify with; found by their pinned fingerprints when left out. */
  readonly keys?: readonly PublicKey[];
}

/** One suite of a Debian archive whose index was verified down from its signature. */
export class Archive {
  readonly #options: ArchiveOptions;
  /** Made from a Packages file that was verified. */
  readonly #index: PackageIndex;

  private constructor(options: ArchiveOptions, index: PackageIndex) {
    this.#options = options;
    this.#index = index;
  }

  /**
   * Fetches and verifies the suite's index: signature, Release file, Packages file.
   *
   * @throws GuestError when the mirror does not have it or it cannot be trusted
   */
  static async open(options: ArchiveOptions): Promise<Archive> {
    const { mirror, suite, fetcher } = options;
    fetcher.progress.step(`Checking the signature of Debian ${suite}'s package index`);
    const inRelease = await fetchInRelease(options);
    const keys = options.keys ?? (await findKeys(options, inRelease));
    const text = verified(inRelease, keys, new URL(`dists/${suite}/InRelease`, mirror));
    return new Archive(options, await fetchPackages(options, parseRelease(text, suite)));
  }

  /** All versions of a package in the index. */
  versions(name: string): PackageEntry[] {
    return this.#index.versions(name);
  }

  /** All packages of the index whose Provides field has `name`. */
  providers(name: string): PackageEntry[] {
    return this.#index.providers(name);
  }

  /**
   * Fetches a package of the index.
   *
   * @returns the path of the .deb file, whose size and SHA-256 were checked
   */
  async fetch(entry: PackageEntry): Promise<string> {
    return fetchPackage(this.#options, entry);
  }
}

async function fetchInRelease({ mirror, suite, fetcher }: ArchiveOptions): Promise<string> {
  const url = new URL(`dists/${suite}/InRelease`, mirror);
  try {
    return (await fetchBytes(url, MAX_RELEASE_BYTES, fetcher.env)).toString("utf8");
  } catch (error) {
    if (error instanceof NotFoundError) {
      throw new GuestError(
        `${mirror.href} has no Debian ${suite}: set DEBIAN_MIRROR to a mirror that has.`,
        { cause: error },
      );
    }
    throw error;
  }
}

function verified(inRelease: string, keys: readonly PublicKey[], url: URL): string {
  if (keys.length === 0) {
    throw new GuestError(
      `None of the keys that sign Debian's archive were found on this machine or in the mirror's ${KEYRING_PACKAGE}.`,
    );
  }
  try {
    return verifyClearsigned(inRelease, keys, Date.now() / 1000).text;
  } catch (error) {
    if (error instanceof OpenPgpError) {
      throw new GuestError(`${url.href} cannot be trusted: ${error.message}.`, { cause: error });
    }
    throw error;
  }
}

/**
 * The pinned keys, from this machine or from the mirror. The mirror's index, not verified yet,
 * only tells where the keyring package is: what makes a key good is its fingerprint.
 */
async function findKeys(options: ArchiveOptions, inRelease: string): Promise<PublicKey[]> {
  const local = localKeys();
  if (local.length > 0) {
    return local;
  }
  const claimed = /^-----BEGIN PGP SIGNED MESSAGE-----\n(?:Hash:.*\n)*\n([^]*?)\n-----BEGIN/.exec(
    inRelease,
  );
  const index = await fetchPackages(options, parseRelease(claimed?.[1] ?? "", options.suite));
  const [entry] = index.versions(KEYRING_PACKAGE);
  return entry === undefined ? [] : packagedKeys(await fetchPackage(options, entry));
}

async function fetchPackages(options: ArchiveOptions, release: Release): Promise<PackageIndex> {
  const { mirror, suite, architecture } = options;
  const directory = `main/binary-${architecture}`;
  const file = release.files.get(`${directory}/Packages.xz`);
  if (file === undefined) {
    throw new GuestError(`Debian ${suite} at ${mirror.href} has no packages for ${architecture}.`);
  }
  const name = `Packages-${suite}-${architecture}.xz`;
  const path = cachePath(options.cache, name, file);
  options.fetcher.progress.step(`Fetching Debian ${suite}'s package index`);
  const plain = new URL(`dists/${suite}/${file.path}`, mirror);
  const byHash = new URL(`by-hash/SHA256/${file.sha256}`, plain);
  await downloadFirst(release.hasByHash ? [byHash, plain] : [plain], path, file, options.fetcher);
  return new PackageIndex(Buffer.from(await unxzBytes(await readFile(path), name)));
}

/** Tries addresses in turn while the server says that there is no such file. */
async function downloadFirst(
  urls: readonly URL[],
  path: string,
  expected: Expected,
  fetcher: Fetcher,
): Promise<void> {
  for (const [index, url] of urls.entries()) {
    try {
      await download(url, path, expected, fetcher);
      return;
    } catch (error) {
      if (!(error instanceof NotFoundError) || index === urls.length - 1) {
        throw error;
      }
    }
  }
}

async function fetchPackage(options: ArchiveOptions, entry: PackageEntry): Promise<string> {
  const { mirror, cache, fetcher } = options;
  const path = cachePath(cache, basename(entry.filename), entry);
  fetcher.progress.step(`Fetching ${entry.name} ${entry.version}`);
  await download(new URL(entry.filename, mirror), path, entry, fetcher);
  return path;
}

/** Files are kept under a name with their hash, so that versions never meet. */
function cachePath(cache: string, name: string, { sha256 }: Expected): string {
  // An epoch's colon (%3a) or any other odd character is of no use in a file's name.
  return join(
    downloadsDirectory(cache),
    `${sha256.slice(0, 16)}-${name.replace(/[^\w.+~-]/g, "_")}`,
  );
}
