import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Archive } from "../deb/archive.ts";
import type { LockFile } from "../deb/lockfile.ts";
import { packageFile } from "../deb/package-file.ts";
import { chooseClosure, choosePackage } from "../deb/select.ts";
import { GuestError } from "../errors.ts";
import type { Progress } from "../fetch/progress.ts";
import { writeCpio } from "../image/cpio.ts";
import { compressDisk } from "../image/disk-image.ts";
import { readKernelPackage } from "../kernel/kernel-package.ts";
import { resolveModules } from "../kernel/resolve.ts";
import type { GuestBoot } from "../manifest.ts";
import type { GuestContents, GuestRecipe, Workshop } from "../recipe.ts";
import { overlayFiles, type InitramfsParts } from "../shell/initramfs.ts";
import { BUSYBOX_FILE, FIRMWARE_FILE, PACKAGES, type BootLine } from "../shell/recipe.ts";
import { makeDisk } from "./disk.ts";
import { bootTree, configureTree } from "./initramfs.ts";
import * as recipe from "./recipe.ts";

const MIB = 1 << 20;

/** The recipe of a variant. */
export function guestOf(variant: recipe.DebianVariant): GuestRecipe {
  const { name, title, description, closure } = variant;
  return {
    name,
    title,
    description,
    memory: { leastBytes: 160 * MIB, usualBytes: 512 * MIB },
    defaultBoot: "fast",
    packages: Object.values(PACKAGES),
    closure,
    inputs: () => [
      JSON.stringify([recipe.REVISION, variant, recipe.BOOT_MODULES, recipe.DISK_MODULES]),
      JSON.stringify([recipe.BOOT, recipe.ROOT_UUID]),
      ...["boot", "configure", "disk"].flatMap((part) =>
        [...overlayFiles(`debian/${part}`)].flatMap(([path, bytes]) => [
          path,
          bytes.toString("utf8"),
        ]),
      ),
    ],
    make: (archive, lock, progress, workshop) => make(variant, archive, lock, progress, workshop),
  };
}

async function make(
  variant: recipe.DebianVariant,
  archive: Archive,
  lock: LockFile | null,
  progress: Progress,
  workshop: Workshop,
): Promise<GuestContents> {
  const firmware = choosePackage(archive, lock, PACKAGES.firmware);
  const kernelPackage = choosePackage(archive, lock, PACKAGES.kernel);
  const busybox = choosePackage(archive, lock, PACKAGES.busybox);
  const system = chooseClosure(archive, lock, variant.closure);
  const opensbi = await packageFile(await archive.fetch(firmware.entry), FIRMWARE_FILE);
  const shell = await packageFile(await archive.fetch(busybox.entry), BUSYBOX_FILE);
  const kernelPath = await archive.fetch(kernelPackage.entry);
  progress.step("Unpacking the kernel");
  const kernel = await readKernelPackage(kernelPath);
  const { release, indexes, image, builtSeconds: dateSeconds } = kernel;
  const modules = await resolveModules(kernel.modules, recipe.DISK_MODULES);
  const onDisk = { packages: system, release, modules, indexes, dateSeconds };
  const raw = join(workshop.directory, "disk.raw");
  await makeDisk(raw, { ...onDisk, sizeBytes: variant.diskBytes }, archive, progress);
  const bootModules = await resolveModules(kernel.modules, recipe.BOOT_MODULES);
  const parts = { release, busybox: shell.bytes, modules: bootModules, indexes };
  const images = { firmware: opensbi.bytes, kernel: image, dateSeconds };
  await configure(raw, variant, parts, images, progress, workshop);
  progress.step("Compressing the disk");
  const disk = join(workshop.directory, "disk.qcow2");
  await compressDisk(raw, disk);
  await rm(raw);
  const initramfs = (isSigned: boolean): Uint8Array =>
    writeCpio(bootTree(parts, isSigned), dateSeconds);
  return {
    kernelRelease: release,
    files: {
      firmware: { path: "firmware.bin", bytes: opensbi.bytes },
      kernel: { path: "kernel", bytes: image },
      initrd: { path: "initrd.cpio", bytes: initramfs(false) },
      initrdSigned: { path: "initrd-signed.cpio", bytes: initramfs(true) },
      disk: { path: "disk.qcow2", from: disk },
    },
    boot: { fast: bootOf(recipe.BOOT.fast), stock: bootOf(recipe.BOOT.stock) },
    packages: [firmware, kernelPackage, busybox, ...system],
  };
}

function bootOf({ title, append, hasSignedModules, notes }: BootLine): GuestBoot {
  const initrd = hasSignedModules ? "initrdSigned" : "initrd";
  return { title, firmware: "firmware", kernel: "kernel", initrd, disk: "disk", append, notes };
}

/** What the last line of the machine's console must be. */
const DONE = "tabvisor: configured: 0";
/** So many lines are shown of a machine that did not get there. */
const SHOWN_LINES = 20;

/**
 * Boots a machine on the disk, in which dpkg runs the packages' scripts.
 *
 * @throws GuestError with the end of its console when they did not all succeed
 */
async function configure(
  disk: string,
  variant: recipe.DebianVariant,
  parts: InitramfsParts,
  images: {
    readonly firmware: Uint8Array;
    readonly kernel: Uint8Array;
    readonly dateSeconds: number;
  },
  progress: Progress,
  { directory, runMachine }: Workshop,
): Promise<void> {
  const at = (name: string): string => join(directory, `configure-${name}`);
  await writeFile(at("firmware"), images.firmware);
  await writeFile(at("kernel"), images.kernel);
  await writeFile(
    at("initrd"),
    writeCpio(configureTree(parts, images.dateSeconds), images.dateSeconds),
  );
  const lines: string[] = [];
  progress.step("Configuring the packages in a machine");
  const boot = {
    firmware: at("firmware"),
    kernel: at("kernel"),
    initrd: at("initrd"),
    append: recipe.BOOT.fast.append,
    disk,
    memoryBytes: variant.configureBytes,
  };
  await runMachine(boot, (line) => {
    lines.push(line);
    const name = /^Setting up (\S+)/.exec(line)?.[1];
    if (name !== undefined) {
      progress.step(`Configuring ${name}`);
    }
  });
  if (!lines.some((line) => line.trim() === DONE)) {
    const end = lines.slice(-SHOWN_LINES).join("\n");
    throw new GuestError(`The packages could not be configured. The machine's last words:\n${end}`);
  }
  for (const name of ["firmware", "kernel", "initrd"]) {
    await rm(at(name));
  }
}
