import { constants } from "node:fs";
import { access, copyFile, mkdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { BuiltGuest } from "../../../guests/index.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { systemReason } from "../../host/node/system-reason.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** A guest's disk that a machine may write to. */
export interface GuestDisk {
  readonly path: string;
  /** It was made just now. */
  readonly isNew: boolean;
}

/**
 * The disk that a guest keeps between its boots: a copy of the image that it was built with. It is
 * made when it is missing and never removed. Another build of the guest gets another one.
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
  const name = `${manifest.name}-${manifest.key}.qcow2`;
  const path = file === undefined ? join(dataRoot(env), "disks", name) : resolve(file);
  if (await exists(path)) return { path, isNew: false };
  const part = `${path}.${process.pid}.part`;
  try {
    await mkdir(dirname(path), { recursive: true });
    // Where the file system can, the copy takes no space until it is written to.
    await copyFile(join(directory, image), part, constants.COPYFILE_FICLONE);
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    throw new UsageError(`--guest ${manifest.name}: ${path}: ${systemReason(error)}`);
  }
  return { path, isNew: true };
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
