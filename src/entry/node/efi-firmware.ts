import { constants } from "node:fs";
import { copyFile, mkdir } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { BuiltGuest } from "../../../guests/index.ts";
import type { DriveConfig, MachineConfig } from "../../api/types.ts";
import type { EfiChoice } from "../../cli/system/efi.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { dataRoot, type Environment } from "./guest-disk.ts";

/** What UEFI firmware adds to a machine. */
type Flash = Required<Pick<MachineConfig, "drives" | "flash">>;

/**
 * EDK2 in the first bank of flash and a machine's variables in the second. Their file is made from
 * EDK2's own, without any, when it is missing; as under libvirt each machine has one.
 *
 * @param name the machine's
 * @throws UsageError when the file cannot be made
 */
export async function efiFlash(
  { directory, manifest }: BuiltGuest,
  { vars }: EfiChoice,
  name: string,
  env: Environment = process.env,
): Promise<Flash> {
  const fileOf = (role: string): string => join(directory, manifest.files[role]?.path ?? role);
  const kept = join(dataRoot(env), "nvram", `${name.replaceAll(/[/\\]/g, "_")}_VARS.fd`);
  const path = vars === undefined ? kept : resolve(vars);
  if (await makeFrom(fileOf("vars"), path)) {
    process.stderr.write(`tabvisor system: ${name} has a new file of EFI variables: ${path}\n`);
  }
  const drives = [drive(0, fileOf("code"), true), drive(1, path, false)];
  return {
    drives,
    flash: [
      { unit: 0, drive: "pflash0" },
      { unit: 1, drive: "pflash1" },
    ],
  };
}

function drive(unit: number, filename: string, readOnly: boolean): DriveConfig {
  const image = { kind: "file", filename, format: "raw" } as const;
  return { id: `pflash${unit}`, image, readOnly, option: `--firmware efi: ${filename}` };
}

/** @returns false when the file is there already */
async function makeFrom(template: string, path: string): Promise<boolean> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await copyFile(template, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    return true;
  } catch (error) {
    if ((error as { code?: unknown }).code === "EEXIST") return false;
    throw new UsageError(`--firmware efi: ${path}: ${systemReason(error)}`);
  }
}
