/**
 * Tells raw RISC-V code from other files: a flat binary has no header to check. It follows the
 * code from the first byte for a few instructions; data seldom survives that.
 */
import { viewOf } from "../../util/bytes.ts";

const INSTRUCTIONS = 24;

/** Bits 6–2 of 32-bit instructions: the allowed funct3 values as a bit mask. */
const MAJOR_OPCODES: Readonly<Record<number, number>> = {
  0b00000: 0b0111_1111, // load
  0b00001: 0b0001_1110, // load-fp
  0b00011: 0b0000_0111, // fence, fence.i, cbo
  0b00100: 0b1111_1111, // op-imm
  0b00101: 0b1111_1111, // auipc
  0b00110: 0b0010_0011, // op-imm-32
  0b01000: 0b0000_1111, // store
  0b01001: 0b0001_1110, // store-fp
  0b01011: 0b0001_1100, // amo
  0b01100: 0b1111_1111, // op
  0b01101: 0b1111_1111, // lui
  0b01110: 0b1111_0111, // op-32
  0b10000: 0b1001_1111, // fmadd
  0b10001: 0b1001_1111, // fmsub
  0b10010: 0b1001_1111, // fnmsub
  0b10011: 0b1001_1111, // fnmadd
  0b10100: 0b1001_1111, // op-fp
  0b11000: 0b1111_0011, // branch
  0b11001: 0b0000_0001, // jalr
  0b11011: 0b1111_1111, // jal
  0b11100: 0b1110_1111, // system
};

/** True when the file's first instructions are RISC-V code as far as their formats tell. */
export function looksLikeCode(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  let at = 0;
  for (let seen = 0; seen < INSTRUCTIONS; seen++) {
    // Execution that runs off the end was never meant to: a one-line file of a few bytes.
    if (at < 0 || at + 2 > bytes.length) return false;
    const low = view.getUint16(at, true);
    if ((low & 3) !== 3) {
      const next = afterShort(low, at);
      if (next === null) return false;
      if (next === "ends") return seen > 0;
      at = next;
      continue;
    }
    if (at + 4 > bytes.length) return false;
    const word = view.getUint32(at, true);
    const next = afterLong(word, at);
    if (next === null) return false;
    if (next === "ends") return seen > 0;
    at = next;
  }
  return true;
}

/**
 * The next instruction's place, "ends" after a jump to nobody knows where (not as the first
 * instruction: no register holds an address of the file's yet), null if undefined.
 */
type Next = number | "ends" | null;

function afterLong(word: number, at: number): Next {
  const opcode = (word >>> 2) & 31;
  const funct3 = (word >>> 12) & 7;
  const allowed = MAJOR_OPCODES[opcode];
  if (allowed === undefined || ((allowed >> funct3) & 1) === 0) return null;
  if (opcode === 0b11011) return at + jalOffset(word);
  if (opcode === 0b11001) return "ends";
  return at + 4;
}

function jalOffset(word: number): number {
  const bits = ((word >>> 21) & 0x3ff) << 1;
  return ((word & 0x8000_0000) >> 11) | (word & 0xf_f000) | (((word >>> 20) & 1) << 11) | bits;
}

function afterShort(parcel: number, at: number): Next {
  // Defined illegal (unprivileged manual, "Expanded Instruction-Length Encoding").
  if (parcel === 0) return null;
  const quadrant = parcel & 3;
  const funct3 = parcel >>> 13;
  if (quadrant === 0 && funct3 === 4) return null;
  if (quadrant === 0 && funct3 === 0 && (parcel & 0x1fe0) === 0) return null;
  if (quadrant === 1 && funct3 === 5) return at + shortJumpOffset(parcel);
  const jumpsByRegister = quadrant === 2 && funct3 === 4 && (parcel & 0x7c) === 0;
  return jumpsByRegister ? "ends" : at + 2;
}

/** c.j: imm[11|4|9:8|10|6|7|3:1|5] in bits 12–2. */
function shortJumpOffset(parcel: number): number {
  const bit = (from: number, to: number): number => ((parcel >>> from) & 1) << to;
  const low = bit(3, 1) | bit(4, 2) | bit(5, 3) | bit(11, 4) | bit(2, 5) | bit(7, 6);
  const high = bit(6, 7) | bit(9, 8) | bit(10, 9) | bit(8, 10);
  return low | high | -bit(12, 11);
}
