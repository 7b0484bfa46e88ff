/**
 * The extensions that the core implements, in the words of the device tree. Nothing may stand
 * here that asm/ does not implement, and the reverse.
 */
import type { AiaKind } from "../protocol/machine-service.ts";

/** Single-letter extensions in canonical order (unprivileged manual, "ISA Extension Naming"). */
export const BASE_ISA = "rv64i";
export const SINGLE_LETTER = ["i", "m", "a", "f", "d", "c"] as const;

/**
 * Multi-letter extensions in canonical order: Z by the letter that follows, then S, each
 * alphabetically.
 *
 * Svade and Svadu together mean that hardware updating of A and D bits is off until the supervisor
 * asks for it through SBI FWFT, which sets menvcfg.ADUE (Linux binding riscv/extensions.yaml,
 * svadu): that is how this core comes out of reset.
 */
export const MULTI_LETTER = [
  "zicbom",
  "zicbop",
  "zicboz",
  "zicntr",
  "zicond",
  "zicsr",
  "zifencei",
  "zihintntl",
  "zihintpause",
  "zihpm",
  "zacas",
  "zawrs",
  "zfa",
  "zfhmin",
  "zca",
  "zcd",
  "zba",
  "zbb",
  "zbc",
  "zbs",
  "sstc",
  "svade",
  "svadu",
  "svinval",
  "svnapot",
  "svpbmt",
] as const;

/** What harts have besides when they have IMSICs. */
const AIA_EXTENSIONS = ["smaia", "ssaia"] as const;

/** The multi-letter extensions of a machine's harts, in canonical order. */
function multiLetter(aia: AiaKind): readonly string[] {
  if (aia !== "aplic-imsic") return MULTI_LETTER;
  const at = MULTI_LETTER.indexOf("sstc");
  return [...MULTI_LETTER.slice(0, at), ...AIA_EXTENSIONS, ...MULTI_LETTER.slice(at)];
}

/** Bytes that cbo.clean, cbo.flush, cbo.inval, cbo.zero and the prefetches work on. */
export const CACHE_BLOCK_BYTES = 64;

export const MMU_TYPE = "riscv,sv57";

/** The older one-string form: `rv64imafdc_zicbom_…`. */
export function isaString(aia: AiaKind): string {
  return ["rv64" + SINGLE_LETTER.join(""), ...multiLetter(aia)].join("_");
}

/** The list form of `riscv,isa-extensions`. */
export function isaExtensions(aia: AiaKind): readonly string[] {
  return [...SINGLE_LETTER, ...multiLetter(aia)];
}
