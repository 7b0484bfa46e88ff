import type { Archive } from "../deb/archive.ts";
import type { LockFile } from "../deb/lockfile.ts";
import { packageFile } from "../deb/package-file.ts";
import { choosePackage } from "../deb/select.ts";
import type { Progress } from "../fetch/progress.ts";
import type { GuestContents, GuestRecipe } from "../recipe.ts";
import { FIRMWARE_FILE, PACKAGES } from "../shell/recipe.ts";
import { CODE_FILE, EDK2, REVISION, VARS_FILE } from "./recipe.ts";

const MIB = 1 << 20;

/** UEFI firmware, for disks with a boot loader of their own. No guest: it has nothing to boot. */
export const efiFirmware: GuestRecipe = {
  name: "efi",
  title: "EDK2",
  description: "UEFI firmware, with OpenSBI below it; for 'tabvisor system --firmware efi'.",
  memory: { leastBytes: 128 * MIB, usualBytes: 512 * MIB },
  defaultBoot: "",
  isFirmware: true,
  packages: [PACKAGES.firmware, EDK2],
  inputs: () => [JSON.stringify([REVISION, CODE_FILE, VARS_FILE])],
  make,
};

async function make(
  archive: Archive,
  lock: LockFile | null,
  progress: Progress,
): Promise<GuestContents> {
  const firmware = choosePackage(archive, lock, PACKAGES.firmware);
  const edk2 = choosePackage(archive, lock, EDK2);
  const opensbi = await packageFile(await archive.fetch(firmware.entry), FIRMWARE_FILE);
  const path = await archive.fetch(edk2.entry);
  progress.step("Unpacking EDK2");
  const code = await packageFile(path, CODE_FILE);
  const vars = await packageFile(path, VARS_FILE);
  return {
    kernelRelease: "",
    files: {
      firmware: { path: "firmware.bin", bytes: opensbi.bytes },
      code: { path: "code.fd", bytes: code.bytes },
      vars: { path: "vars.fd", bytes: vars.bytes },
    },
    boot: {},
    packages: [firmware, edk2],
  };
}
