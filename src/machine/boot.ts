/**
 * Where images go in guest memory. `planBoot` is pure and finds everything that can be wrong with
 * the images before a machine exists; `loadBoot` writes the plan, at power-on and at every reset.
 */
import type { Entropy } from "../device/ports.ts";
import { vmError, type VmError } from "../protocol/vm-error.ts";
import { alignDown, alignUp, hex, sizeText } from "../util/bytes.ts";
import { deviceTree, type PlacedDevice } from "./device-tree.ts";
import { writeFdt } from "./fdt.ts";
import type { FrameMemory } from "./guest-memory.ts";
import { loadElf } from "./loaders/elf.ts";
import { identify, isElf } from "./loaders/identify.ts";
import {
  imageError,
  nameOf,
  placedAt,
  type Image,
  type ImageRole,
  type PlacedImage,
} from "./loaders/image.ts";
import { checkInitrd } from "./loaders/initrd.ts";
import { isLinuxImage, parseLinuxImage } from "./loaders/linux-image.ts";
import { unpackKernel } from "./loaders/packed-kernel.ts";
import { looksLikeCode } from "./loaders/plausible-code.ts";
import { DRAM_BASE, FLASH, GIB, MIB, MROM, type Range } from "./memory-map.ts";
import { checkShape, type MachineShape } from "./memory-plan.ts";
import { resetRom } from "./reset-vector.ts";

const SUPERPAGE_BYTES = 2 * MIB;
const PAGE_BYTES = 4096;
/** Room kept for the device tree, which firmware edits in place. */
const FDT_ROOM_BYTES = MIB;
/** 32-bit firmware stages must reach it, so it stays below this (as QEMU places it). */
const FDT_LIMIT = 3 * GIB;
const RNG_SEED_BYTES = 32;

export interface BootImages {
  /** M-mode firmware; none runs the kernel in M-mode. */
  readonly firmware?: Image;
  readonly kernel?: Image;
  readonly initrd?: Image;
  /** The kernel's command line. */
  readonly append?: string;
}

/** Every image with its place; none overlaps another, all lie in RAM. */
export interface BootPlan {
  readonly placed: readonly { readonly what: string; readonly image: PlacedImage }[];
  /** Where the reset vector jumps. */
  readonly entry: number;
  /** What firmware starts next; 0 when there is nothing. */
  readonly next: number;
  readonly fdt: number;
  readonly initrd: Range | null;
  readonly append: string;
}

/**
 * Checks and places the images of a machine. What is in flash is started behind the firmware, or
 * instead of it, and gets kernel and initrd over fw_cfg.
 *
 * @throws VmError with one sentence naming the file that is wrong
 */
export function planBoot(images: BootImages, shape: MachineShape): BootPlan {
  checkShape(shape);
  const { firmware, kernel, initrd, append = "" } = images;
  const inFlash = shape.flash?.includes(0) ?? false;
  if (!firmware && !kernel && !inFlash) {
    throw vmError("noKernel", "there is neither firmware nor a kernel to boot");
  }
  if (initrd && !kernel) throw imageError("initrd", initrd, "is given without a kernel");
  const ramEnd = DRAM_BASE + shape.ramBytes;
  const fdt = alignDown(Math.min(ramEnd, FDT_LIMIT) - FDT_ROOM_BYTES, SUPERPAGE_BYTES);
  const placer = new Placer(shape, fdt);
  const stage1 = firmware ? placer.put("firmware", firmware, loadFirmware(firmware)) : null;
  if (inFlash) {
    const [entry, next] = stage1 ? [stage1.entry, FLASH.base] : [FLASH.base, 0];
    return { placed: placer.placed, entry, next, fdt, initrd: null, append };
  }
  const stage2 = kernel ? placer.put("kernel", kernel, loadKernel(kernel, stage1)) : null;
  const ramdisk = initrd && stage2 ? placer.putInitrd(initrd, stage2) : null;
  return {
    placed: placer.placed,
    entry: (stage1 ?? stage2)?.entry ?? DRAM_BASE,
    next: stage1 && stage2 ? stage2.entry : 0,
    fdt,
    initrd: ramdisk,
    append,
  };
}

function loadFirmware(image: Image): PlacedImage {
  if (isElf(image.bytes)) return loadElf("firmware", image, DRAM_BASE);
  if (isLinuxImage(image.bytes)) {
    throw imageError("firmware", image, "is a Linux Image, which belongs to -kernel");
  }
  return placedAt(DRAM_BASE, flatCode("firmware", image));
}

/** Behind the firmware at the next 2 MiB, 0x80200000 for all but the largest. */
function loadKernel(file: Image, firmware: PlacedImage | null): PlacedImage {
  const image = unpackKernel(file);
  const base = firmware
    ? alignUp(Math.max(firmware.end, DRAM_BASE + 1), SUPERPAGE_BYTES)
    : DRAM_BASE;
  if (isElf(image.bytes)) return loadElf("kernel", image, base);
  if (!isLinuxImage(image.bytes)) return placedAt(base, flatCode("kernel", image));
  if (!firmware) {
    throw imageError("kernel", image, "is a Linux Image, which needs SBI firmware below it");
  }
  return placedAt(base, image.bytes, parseLinuxImage("kernel", image).memoryBytes);
}

/** The bytes of a raw binary, refused when they are another kind of file or no code. */
function flatCode(role: ImageRole, image: Image): Uint8Array {
  const what = identify(image.bytes);
  if (what === "empty") throw imageError(role, image, "is empty");
  const wanted =
    role === "kernel" ? "a RISC-V Linux Image, ELF file or raw code" : "RISC-V firmware";
  if (what !== null) throw imageError(role, image, `is ${what}, not ${wanted}`);
  if (!looksLikeCode(image.bytes)) throw imageError(role, image, `is not ${wanted}`);
  return image.bytes;
}

/** Collects placed images and refuses those that collide or leave RAM. */
class Placer {
  readonly placed: { what: string; image: PlacedImage }[] = [];
  readonly #ramBytes: number;
  readonly #ramEnd: number;
  readonly #fdt: number;

  constructor({ ramBytes }: MachineShape, fdt: number) {
    this.#ramBytes = ramBytes;
    this.#ramEnd = DRAM_BASE + ramBytes;
    this.#fdt = fdt;
  }

  put(role: ImageRole, file: Image, image: PlacedImage): PlacedImage {
    const what = nameOf(role, file);
    for (const { gpa, sizeBytes } of image.chunks) {
      if (gpa < DRAM_BASE) {
        throw imageError(role, file, `loads at ${hex(gpa)}, where there is no RAM`);
      }
      if (gpa + sizeBytes > this.#ramEnd) throw this.#tooSmall(what, gpa + sizeBytes);
      if (this.#hitsFdt(gpa, sizeBytes)) throw this.#tooSmall(what, gpa + sizeBytes);
      const other = this.#clash({ base: gpa, sizeBytes });
      if (other) throw imageError(role, file, `overlaps ${other} at ${hex(gpa)}`);
    }
    this.placed.push({ what, image });
    return image;
  }

  /**
   * Half-way into RAM, at most 128 MiB behind the kernel, as QEMU does; where that is taken, in
   * the highest place below the device tree, and else above it.
   */
  putInitrd(file: Image, kernel: PlacedImage): Range {
    checkInitrd(file);
    const sizeBytes = file.bytes.length;
    const usual = kernel.entry + Math.min(this.#ramBytes / 2, 128 * MIB);
    const below = alignDown(this.#fdt - sizeBytes, PAGE_BYTES);
    const fits = (base: number): boolean =>
      base >= kernel.end && base + sizeBytes <= this.#ramEnd && !this.#hitsFdt(base, sizeBytes);
    const places = [alignUp(usual, PAGE_BYTES), below, this.#fdt + FDT_ROOM_BYTES];
    const base = places.find(fits);
    if (base === undefined) {
      throw this.#tooSmall(nameOf("initrd", file), alignUp(kernel.end, PAGE_BYTES) + sizeBytes);
    }
    this.put("initrd", file, placedAt(base, file.bytes));
    return { base, sizeBytes };
  }

  #hitsFdt(base: number, sizeBytes: number): boolean {
    return base < this.#fdt + FDT_ROOM_BYTES && this.#fdt < base + sizeBytes;
  }

  #clash({ base, sizeBytes }: Range): string | undefined {
    const overlaps = ({ gpa, sizeBytes: size }: { gpa: number; sizeBytes: number }): boolean =>
      base < gpa + size && gpa < base + sizeBytes;
    return this.placed.find(({ image }) => image.chunks.some(overlaps))?.what;
  }

  /** The device tree takes the last 2 MiB above what ends at `end`. */
  #tooSmall(what: string, end: number): VmError {
    const need = alignUp(end - DRAM_BASE, SUPERPAGE_BYTES) + SUPERPAGE_BYTES;
    const have = sizeText(this.#ramBytes);
    const detail = `${have} of RAM is too small for ${what}, which needs ${sizeText(need)} or more`;
    return vmError("configUnsupported", detail);
  }
}

/** What `loadBoot` needs of a machine. */
export interface BootTarget {
  readonly shape: MachineShape;
  readonly devices: readonly PlacedDevice[];
  readonly memory: FrameMemory;
  readonly entropy: Entropy;
}

/** Writes images, device tree and boot ROM into memory. Harts must be stopped. */
export function loadBoot(plan: BootPlan, { shape, devices, memory, entropy }: BootTarget): void {
  for (const { image } of plan.placed) {
    for (const { gpa, bytes, sizeBytes } of image.chunks) {
      memory.load(gpa, bytes);
      memory.zero(gpa + bytes.length, sizeBytes - bytes.length);
    }
  }
  const rngSeed = randomised(new Uint8Array(RNG_SEED_BYTES), entropy);
  const chosen = { bootargs: plan.append, rngSeed, ...(plan.initrd && { initrd: plan.initrd }) };
  memory.load(plan.fdt, writeFdt(deviceTree(shape, devices, chosen)));
  memory.load(MROM.base, resetRom({ entry: plan.entry, fdt: plan.fdt, next: plan.next }));
}

function randomised(target: Uint8Array, entropy: Entropy): Uint8Array {
  entropy.fill(target);
  return target;
}
