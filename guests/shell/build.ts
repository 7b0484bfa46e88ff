import type { Archive } from "../deb/archive.ts";
import type { LockFile } from "../deb/lockfile.ts";
import { packageFile } from "../deb/package-file.ts";
import { choosePackage, type Chosen, type Wanted } from "../deb/select.ts";
import type { Progress } from "../fetch/progress.ts";
import { writeCpio } from "../image/cpio.ts";
import { readKernelPackage } from "../kernel/kernel-package.ts";
import { resolveModules } from "../kernel/resolve.ts";
import type { GuestBoot } from "../manifest.ts";
import type { GuestContents, GuestRecipe } from "../recipe.ts";
import { overlayFiles, shellFileTree } from "./initramfs.ts";
import * as recipe from "./recipe.ts";

const MIB = 1 << 20;

/** The default guest: Debian's kernel and a BusyBox shell in an initramfs. */
export const shellGuest: GuestRecipe = {
  name: "shell",
  title: "Debian 13 kernel with a BusyBox shell",
  description:
    "Debian's own riscv64 kernel and OpenSBI, booting into a small BusyBox system in memory.",
  // The kernel asks for 32 MiB in one piece when it and its initramfs are in memory already.
  memory: { leastBytes: 112 * MIB, usualBytes: 256 * MIB },
  defaultBoot: "fast",
  packages: Object.values(recipe.PACKAGES),
  inputs: () => [
    String(recipe.REVISION),
    JSON.stringify([recipe.MODULES, recipe.BOOT]),
    ...[...overlayFiles("shell")].flatMap(([path, bytes]) => [path, bytes.toString("utf8")]),
  ],
  make,
};

async function make(
  archive: Archive,
  lock: LockFile | null,
  progress: Progress,
): Promise<GuestContents> {
  const choose = (wanted: Wanted): Chosen => choosePackage(archive, lock, wanted);
  const chosen = {
    firmware: choose(recipe.PACKAGES.firmware),
    kernel: choose(recipe.PACKAGES.kernel),
    busybox: choose(recipe.PACKAGES.busybox),
  };
  const firmwarePath = await archive.fetch(chosen.firmware.entry);
  const busyboxPath = await archive.fetch(chosen.busybox.entry);
  const kernelPath = await archive.fetch(chosen.kernel.entry);
  progress.step("Unpacking the kernel");
  const kernel = await readKernelPackage(kernelPath);
  const firmware = await packageFile(firmwarePath, recipe.FIRMWARE_FILE);
  const busybox = await packageFile(busyboxPath, recipe.BUSYBOX_FILE);
  progress.step("Making the initramfs");
  const modules = await resolveModules(kernel.modules, recipe.MODULES);
  const { release, indexes, builtSeconds } = kernel;
  const parts = { release, busybox: busybox.bytes, modules, indexes };
  const initramfs = (isSigned: boolean): Uint8Array =>
    writeCpio(shellFileTree(parts, isSigned), builtSeconds);
  return {
    kernelRelease: release,
    files: {
      firmware: { path: "firmware.bin", bytes: firmware.bytes },
      kernel: { path: "kernel", bytes: kernel.image },
      initrd: { path: "initrd.cpio", bytes: initramfs(false) },
      initrdSigned: { path: "initrd-signed.cpio", bytes: initramfs(true) },
    },
    boot: { fast: bootOf(recipe.BOOT.fast), stock: bootOf(recipe.BOOT.stock) },
    packages: Object.values(chosen),
  };
}

function bootOf({ title, append, hasSignedModules, notes }: recipe.BootLine): GuestBoot {
  const initrd = hasSignedModules ? "initrdSigned" : "initrd";
  return { title, firmware: "firmware", kernel: "kernel", initrd, append, notes };
}
