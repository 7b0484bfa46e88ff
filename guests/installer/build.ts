import { gunzipSync } from "node:zlib";
import type { Archive } from "../deb/archive.ts";
import type { LockFile } from "../deb/lockfile.ts";
import { packageFile } from "../deb/package-file.ts";
import { choosePackage } from "../deb/select.ts";
import { GuestError } from "../errors.ts";
import type { Progress } from "../fetch/progress.ts";
import { writeCpio } from "../image/cpio.ts";
import { FileTree } from "../image/file-tree.ts";
import type { GuestBoot } from "../manifest.ts";
import type { GuestContents, GuestRecipe } from "../recipe.ts";
import { FIRMWARE_FILE, PACKAGES } from "../shell/recipe.ts";
// Modules keep their signatures in both guests.
import { BOOT, type ToolsBoot } from "../tools/recipe.ts";
import * as recipe from "./recipe.ts";

const MIB = 1 << 20;

/** Debian's own installer: give it a disk. */
export const installerGuest: GuestRecipe = {
  name: "installer",
  title: "Debian 13 installer",
  description: "Debian's installer in text mode, with the drivers of this machine's disks.",
  memory: { leastBytes: 384 * MIB, usualBytes: 1024 * MIB },
  defaultBoot: "fast",
  packages: [PACKAGES.firmware, recipe.INSTALLER, PACKAGES.kernel],
  inputs: () => [JSON.stringify([recipe.REVISION, recipe.MODULES, recipe.STARTUP, BOOT])],
  make,
};

async function make(
  archive: Archive,
  lock: LockFile | null,
  progress: Progress,
): Promise<GuestContents> {
  const firmware = choosePackage(archive, lock, PACKAGES.firmware);
  const installer = choosePackage(archive, lock, recipe.INSTALLER);
  const opensbi = await packageFile(await archive.fetch(firmware.entry), FIRMWARE_FILE);
  const path = await archive.fetch(installer.entry);
  progress.step("Unpacking the installer");
  const kernel = await packageFile(path, recipe.KERNEL_FILE);
  const initrd = gunzipSync((await packageFile(path, recipe.INITRD_FILE)).bytes);
  const release = releaseOf(initrd);
  // The installer is built later than its kernel: what fits is not always the newest one.
  const modules = choosePackage(archive, lock, { name: `linux-image-${release}` });
  const more = await moduleFiles(await archive.fetch(modules.entry), release);
  return {
    kernelRelease: release,
    files: {
      firmware: { path: "firmware.bin", bytes: opensbi.bytes },
      kernel: { path: "kernel", bytes: kernel.bytes },
      initrd: {
        path: "initrd.cpio",
        bytes: Buffer.concat([initrd, writeCpio(more, kernel.mtimeSeconds)]),
      },
    },
    boot: { fast: bootOf(BOOT.fast), stock: bootOf(BOOT.stock) },
    packages: [firmware, installer, modules],
  };
}

/** The release of the kernel that an initramfs has modules for. */
function releaseOf(initrd: Buffer): string {
  const release = /^[\w.+-]+/.exec(
    initrd.toString("latin1", initrd.indexOf(recipe.IN_MODULES)).slice(recipe.IN_MODULES.length),
  )?.[0];
  if (initrd.indexOf(recipe.IN_MODULES) < 0 || release === undefined) {
    throw new GuestError("The installer's initramfs has no kernel modules.");
  }
  return release;
}

/**
 * Modules that the installer would fetch over the network, compressed and signed as they are, and a
 * script that loads them. The kernel unpacks archives one behind the other.
 */
async function moduleFiles(path: string, release: string): Promise<FileTree> {
  const tree = new FileTree();
  for (const name of recipe.MODULES) {
    const file = `${recipe.IN_MODULES}${release}/${name}`;
    tree.file(file, (await packageFile(path, file)).bytes);
  }
  tree.file(recipe.STARTUP_FILE, recipe.STARTUP, 0o755);
  return tree;
}

function bootOf({ title, append, notes }: ToolsBoot): GuestBoot {
  return { title, firmware: "firmware", kernel: "kernel", initrd: "initrd", append, notes };
}
