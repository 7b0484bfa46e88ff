import { constants } from "node:fs";
import { access, copyFile, link, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join, resolve } from "node:path";
import type { BuiltGuest } from "../../../guests/index.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { resolveBacking } from "../../storage/graph/filename.ts";
import { ImageOpener } from "../../storage/graph/opener.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** A guest's disk that a machine may write to. */
export interface GuestDisk {
  readonly path: string;
  /** It was made just now. */
  readonly isNew: boolean;
}

/**
 * The disk that a guest keeps between its boots: an image over the one that it was built with, which
 * stays beside it, however many disks there are. It is made when it is missing and never removed.
 * Another build of the guest gets another one.
 *
 * @param image name of the image among the guest's files
 * @param file where the disk is; in the user's directory for data when left out
 * @throws UsageError when it cannot be made
 */
export async function guestDisk(
  { directory, manifest }: BuiltGuest,
  image: string,
  file: string | undefined,
  env: Environment = process.env,
): Promise<GuestDisk> {
  const disks = join(dataRoot(env), "disks");
  const name = `${manifest.name}-${manifest.key}`;
  const path = file === undefined ? join(disks, `${name}.qcow2`) : resolve(file);
  if (await exists(path)) return { path, isNew: false };
  const base = join(disks, `${name}.base.qcow2`);
  const part = `${path}.${process.pid}.part`;
  try {
    await mkdir(disks, { recursive: true });
    await mkdir(dirname(path), { recursive: true });
    if (!(await exists(base))) await keep(join(directory, image), base);
    await makeOverlay(part, file === undefined ? basename(base) : base);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw new UsageError(`--guest ${manifest.name}: ${path}: ${systemReason(error)}`);
  }
  return { path, isNew: true };
}

/** Builds in the cache come and go; a disk needs the one that it stands on. */
async function keep(image: string, base: string): Promise<void> {
  const part = `${base}.${process.pid}.part`;
  try {
    // No space is taken where the file system can do one of the two.
    await link(image, part).catch(() => copyFile(image, part, constants.COPYFILE_FICLONE));
    await rename(part, base);
  } finally {
    await rm(part, { force: true });
  }
}

/** @param backing relative to `filename` or absolute */
async function makeOverlay(filename: string, backing: string): Promise<void> {
  const report = (): void => {};
  const opener = new ImageOpener(nodeFiles, report);
  const below = resolveBacking(filename, backing);
  const { node } = await opener.open({ filename: below, driver: "qcow2", write: false });
  const { sizeBytes } = node;
  await node.close();
  const options = new Map([
    ["backing_file", backing],
    ["backing_fmt", "qcow2"],
  ]);
  const nowMs = Date.now();
  await createImage(nodeFiles, { filename, format: "qcow2", sizeBytes, options, nowMs, report });
}

/** TABVISOR_DATA, or `tabvisor` in the place where this operating system keeps users' data. */
export function dataRoot(
  env: Environment,
  platform: string = process.platform,
  home: string = homedir(),
): string {
  if (env["TABVISOR_DATA"]) return env["TABVISOR_DATA"];
  if (env["XDG_DATA_HOME"]) return join(env["XDG_DATA_HOME"], "tabvisor");
  if (platform === "win32") {
    return join(env["LOCALAPPDATA"] ?? join(home, "AppData", "Local"), "tabvisor", "Data");
  }
  if (platform === "darwin") return join(home, "Library", "Application Support", "tabvisor");
  return join(home, ".local", "share", "tabvisor");
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
