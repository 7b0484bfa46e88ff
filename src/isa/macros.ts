/** Pseudoinstructions that become several instructions (RISC-V assembly manual). */

/** One instruction: its mnemonic and its operands as text. */
export type Line = readonly [name: string, ...operands: string[]];

function low12(value: bigint): bigint {
  return BigInt.asIntN(12, value);
}

function load32(rd: string, value: bigint): Line[] {
  const low = low12(value);
  const high = BigInt.asUintN(32, value - low) >> 12n;
  if (high === 0n) return [["addi", rd, "zero", `${low}`]];
  const lui: Line = ["lui", rd, `${high}`];
  // addiw wraps, so that 0x7fffffff is 0x80000000 - 1.
  return low === 0n ? [lui] : [lui, ["addiw", rd, rd, `${low}`]];
}

/**
 * Instructions that load a constant: at most 8, built from the top by shifting in 12 bits at a time
 * and skipping zeros.
 *
 * @param constant any integer; its low 64 bits count
 */
export function loadConstant(rd: string, constant: bigint): Line[] {
  const value = BigInt.asIntN(64, constant);
  if (value === BigInt.asIntN(32, value)) return load32(rd, value);
  const low = low12(value);
  let rest = BigInt.asIntN(64, value - low) >> 12n;
  let shift = 12;
  while ((rest & 1n) === 0n) {
    rest >>= 1n;
    shift++;
  }
  const lines = [...loadConstant(rd, rest), ["slli", rd, rd, `${shift}`] as const];
  return low === 0n ? lines : [...lines, ["addi", rd, rd, `${low}`]];
}

/** auipc with a second instruction that adds the low part of a 32-bit offset. */
function relative(register: string, offset: bigint, second: (low: string) => Line): Line[] {
  if (offset !== BigInt.asIntN(32, offset + 0x800n) - 0x800n) {
    throw new RangeError(`offset ${offset} is outside 32 bits`);
  }
  const low = low12(offset);
  const high = BigInt.asUintN(32, offset - low) >> 12n;
  return [["auipc", register, `${high}`], second(`${low}`)];
}

/** The address that is `offset` bytes from the first instruction. */
export function loadAddress(rd: string, offset: bigint): Line[] {
  return relative(rd, offset, (low) => ["addi", rd, rd, low]);
}

/** A far call, which links in ra, or with `tail` a far jump through t1. */
export function farCall(offset: bigint, tail: boolean): Line[] {
  const through = tail ? "t1" : "ra";
  const link = tail ? "zero" : "ra";
  return relative(through, offset, (low) => ["jalr", link, `${low}(${through})`]);
}

/** Bytes of the two-instruction macros. */
export const FAR_BYTES = 8;
