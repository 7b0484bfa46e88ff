/**
 * The extensions that the core implements, in the words of the device tree. Nothing may stand
 * here that asm/ does not implement, and the reverse.
 */

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

/** Bytes that cbo.clean, cbo.flush, cbo.inval, cbo.zero and the prefetches work on. */
export const CACHE_BLOCK_BYTES = 64;

export const MMU_TYPE = "riscv,sv57";

/** The older one-string form: `rv64imafdc_zicbom_…`. */
export function isaString(): string {
  return ["rv64" + SINGLE_LETTER.join(""), ...MULTI_LETTER].join("_");
}

/** The list form of `riscv,isa-extensions`. */
export function isaExtensions(): readonly string[] {
  return [...SINGLE_LETTER, ...MULTI_LETTER];
}
