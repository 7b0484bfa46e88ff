/**
 * The boot ROM: what a hart executes out of reset, and the fw_dynamic_info that it hands over.
 *
 * OpenSBI's fw_dynamic ("FW_DYNAMIC firmware" in its documentation) expects hartid in a0, the
 * device tree's address in a1 and the address of a fw_dynamic_info in a2.
 */
import { viewOf } from "../util/bytes.ts";
import { MROM } from "./memory-map.ts";

/** fw_dynamic_info.magic: "OSBI". */
const INFO_MAGIC = 0x4942_534fn;
/** Version 2 has the boot_hart field. */
const INFO_VERSION = 2n;
/** Privilege in which the next stage starts: 1 is S-mode. */
const NEXT_MODE_S = 1n;
/** boot_hart: hart 0 boots, as under QEMU; the others wait for SBI HSM. */
const BOOT_HART = 0n;

const CODE_BYTES = 0x20;
/** Where the parts lie in the ROM, in bytes from its start. */
const At = { entry: CODE_BYTES, fdt: CODE_BYTES + 8, info: CODE_BYTES + 16 } as const;

/** Registers, by their numbers in the calling convention. */
const [t0, a0, a1, a2] = [5, 10, 11, 12];
const MHARTID = 0xf14;

/** Where the reset vector goes next and what it passes on. */
export interface ResetTarget {
  readonly entry: number;
  readonly fdt: number;
  /** Entry of the next stage after M-mode firmware; 0 when there is none. */
  readonly next: number;
}

/** The ROM's contents from its base. */
export function resetRom({ entry, fdt, next }: ResetTarget): Uint8Array {
  const rom = new Uint8Array(At.info + 48);
  const view = viewOf(rom);
  const code = [
    auipc(t0, 0), // t0 = ROM base
    csrr(a0, MHARTID),
    ld(a1, t0, At.fdt),
    addi(a2, t0, At.info),
    ld(t0, t0, At.entry),
    jalr(0, t0),
  ];
  code.forEach((word, i) => view.setUint32(4 * i, word, true));
  const dwords = [BigInt(entry), BigInt(fdt), ...dynamicInfo(next)];
  dwords.forEach((value, i) => view.setBigUint64(At.entry + 8 * i, value, true));
  return rom;
}

export const RESET_PC = BigInt(MROM.base);

/** struct fw_dynamic_info: magic, version, next_addr, next_mode, options, boot_hart. */
function dynamicInfo(next: number): bigint[] {
  return [INFO_MAGIC, INFO_VERSION, BigInt(next), NEXT_MODE_S, 0n, BOOT_HART];
}

function itype(opcode: number, funct3: number, rd: number, rs1: number, imm: number): number {
  return ((imm << 20) | (rs1 << 15) | (funct3 << 12) | (rd << 7) | opcode) >>> 0;
}

function auipc(rd: number, imm: number): number {
  return ((imm << 12) | (rd << 7) | 0x17) >>> 0;
}

function addi(rd: number, rs1: number, imm: number): number {
  return itype(0x13, 0, rd, rs1, imm);
}

function ld(rd: number, rs1: number, imm: number): number {
  return itype(0x03, 3, rd, rs1, imm);
}

function jalr(rd: number, rs1: number): number {
  return itype(0x67, 0, rd, rs1, 0);
}

/** csrrs rd, csr, x0 */
function csrr(rd: number, csr: number): number {
  return itype(0x73, 2, rd, 0, csr);
}
