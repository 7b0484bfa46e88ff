import type { Archive } from "../deb/archive.ts";
import type { LockFile } from "../deb/lockfile.ts";
import { packageFile } from "../deb/package-file.ts";
import { chooseClosure, choosePackage, type Chosen } from "../deb/select.ts";
import { Unpacker } from "../deb/unpack.ts";
import { GuestError } from "../errors.ts";
import type { Progress } from "../fetch/progress.ts";
import { writeCpio } from "../image/cpio.ts";
import { FileTree } from "../image/file-tree.ts";
import { readKernelPackage } from "../kernel/kernel-package.ts";
import { resolveModules } from "../kernel/resolve.ts";
import type { GuestBoot } from "../manifest.ts";
import type { GuestContents, GuestRecipe } from "../recipe.ts";
import {
  addBusybox,
  addModules,
  addOverlay,
  addSkeleton,
  overlayFiles,
  type InitramfsParts,
} from "../shell/initramfs.ts";
import { BUSYBOX_FILE, FIRMWARE_FILE, MODULES, PACKAGES } from "../shell/recipe.ts";
import { missingLibraries } from "./linkage.ts";
import * as recipe from "./recipe.ts";

const MIB = 1 << 20;

/** Debian's own tools in memory, for tests and measurements. */
export const toolsGuest: GuestRecipe = {
  name: "tools",
  title: "Debian 13 with compiler and benchmarks, in memory",
  description:
    "Debian's kernel, C library, shell and core utilities with gcc, make, 7zip, stress-ng and rt-tests.",
  // Half of what the kernel and the packed initramfs leave must hold the unpacked one: the rest of it
  // would be missing, with nothing but a line in the kernel's log.
  memory: { leastBytes: 576 * MIB, usualBytes: 1024 * MIB },
  defaultBoot: "fast",
  packages: Object.values(PACKAGES),
  closure: recipe.CLOSURE,
  inputs: () => [
    JSON.stringify([recipe.REVISION, MODULES, recipe.BOOT, recipe.LINKS]),
    recipe.UNWANTED.map(({ source }) => source).join("\n"),
    ...["shell", "tools"].flatMap((guest) =>
      [...overlayFiles(guest)].flatMap(([path, bytes]) => [path, bytes.toString("utf8")]),
    ),
  ],
  make,
};

async function make(
  archive: Archive,
  lock: LockFile | null,
  progress: Progress,
): Promise<GuestContents> {
  const firmware = choosePackage(archive, lock, PACKAGES.firmware);
  const kernel = choosePackage(archive, lock, PACKAGES.kernel);
  const busybox = choosePackage(archive, lock, PACKAGES.busybox);
  const programs = chooseClosure(archive, lock, recipe.CLOSURE);
  const chosen = [firmware, kernel, busybox, ...programs];
  const paths = new Map<Chosen, string>();
  for (const one of chosen) {
    paths.set(one, await archive.fetch(one.entry));
  }
  const pathOf = (one: Chosen): string => paths.get(one) ?? "";
  const tree = new FileTree();
  const unpacker = new Unpacker(tree);
  for (const one of programs) {
    progress.step(`Unpacking ${one.entry.name}`);
    await unpacker.unpack(one.entry, pathOf(one), isWanted);
  }
  progress.step("Unpacking the kernel");
  const { image, builtSeconds, ...rest } = await readKernelPackage(pathOf(kernel));
  const modules = await resolveModules(rest.modules, MODULES);
  progress.step("Making the initramfs");
  const { bytes } = await packageFile(pathOf(busybox), BUSYBOX_FILE);
  complete(tree, { ...rest, modules, busybox: bytes });
  const { bytes: opensbi } = await packageFile(pathOf(firmware), FIRMWARE_FILE);
  return {
    kernelRelease: rest.release,
    files: {
      firmware: { path: "firmware.bin", bytes: opensbi },
      kernel: { path: "kernel", bytes: image },
      initrd: { path: "initrd.cpio", bytes: writeCpio(tree, builtSeconds) },
    },
    boot: { fast: bootOf(recipe.BOOT.fast), stock: bootOf(recipe.BOOT.stock) },
    packages: chosen,
  };
}

function isWanted(path: string): boolean {
  return !recipe.UNWANTED.some((pattern) => pattern.test(path));
}

/**
 * Makes a system that boots of the unpacked packages.
 *
 * @throws GuestError when a program is linked with a library that was left out
 */
function complete(tree: FileTree, parts: InitramfsParts): void {
  const missing = [...missingLibraries(tree)].map(([name, path]) => `${name} of /${path}`);
  if (missing.length > 0) {
    throw new GuestError(`The guest lacks libraries of its programs: ${missing.join(", ")}.`);
  }
  addSkeleton(tree);
  for (const [path, target] of Object.entries(recipe.LINKS)) {
    tree.symlink(path, target);
  }
  addBusybox(tree, "usr/bin", parts.busybox);
  tree.symlink("init", "usr/bin/busybox");
  addModules(tree, parts, true);
  addOverlay(tree, "shell");
  addOverlay(tree, "tools");
}

function bootOf({ title, append, notes }: recipe.ToolsBoot): GuestBoot {
  return { title, firmware: "firmware", kernel: "kernel", initrd: "initrd", append, notes };
}
