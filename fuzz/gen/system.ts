/** Environment calls, illegal instructions, fences, waits, returns and self-modifying code. */
import { csrAddress } from "../../src/isa/csr.ts";
import { identify } from "../../src/isa/encoding.ts";
import { insnNamed } from "../../src/isa/table.ts";
import { newLabel } from "../code.ts";
import { Mode } from "../program.ts";
import type { Gen } from "./gen.ts";
import { arithmetic } from "./integer.ts";
import { emitRandom, randomWord } from "./registers.ts";

export function environmentCall(gen: Gen): void {
  gen.code.op(gen.random.pick(["ecall", "ecall", "ebreak", "c.ebreak"]));
}

/** Bits that are no instruction of ours. */
export function illegal(gen: Gen): void {
  const { random } = gen;
  for (;;) {
    const short = random.chance(30);
    const bits = short ? random.below(0x1_0000) : (random.u32() | 3) >>> 0;
    // Parcels that begin longer instructions are not defined yet.
    if (short && (bits & 3) === 3) continue;
    if (identify(bits) !== undefined) continue;
    gen.code.emit({ bits, bytes: short ? 2 : 4 });
    return;
  }
}

/** Without SFENCE.W.INVAL, which QEMU lets U-mode execute although it is illegal there (Svinval). */
const FENCES = ["fence", "fence", "fence.i", "sfence.vma", "sinval.vma"];

export function fence(gen: Gen): void {
  const insn = insnNamed(gen.random.pick(FENCES));
  if (insn !== undefined && gen.has(insn.ext)) emitRandom(gen, insn);
}

/** Instructions of higher modes; none that would wait, as nothing might wake it. */
export function privileged(gen: Gen): void {
  const { mode } = gen.setting;
  if (mode === Mode.M) return;
  const names = mode === Mode.U ? ["mret", "sret", "wfi", "sfence.vma"] : ["mret"];
  const name = gen.random.pick(names);
  // QEMU reports a wrong pc for a WFI that ends a page.
  if (name === "wfi" && !gen.inPage(5)) return;
  gen.code.op(name);
}

/**
 * Wait-on-reservation-set may always go on at once. Where mstatus.TW might make WRS.NTO trap, QEMU
 * reports no instruction in xtval, as the manual allows.
 */
export function waitOnReservation(gen: Gen): void {
  if (gen.has("zawrs")) gen.code.op("wrs.sto");
}

const MSTATUS = csrAddress("mstatus") ?? 0;
const SSTATUS = csrAddress("sstatus") ?? 0;
const MPP_AT = 11;
const SPP = 0x100n;

/** Goes on behind itself by MRET or SRET, in a mode of its choice. */
export function returnFromTrap(gen: Gen): void {
  const { random, code, setting } = gen;
  if (setting.mode === Mode.U || !gen.inPage()) return;
  const [epc = 1, bits = 1] = gen.distinct(2);
  const machine = setting.mode === Mode.M && random.chance(60);
  const label = newLabel();
  code.op("auipc", { rd: epc });
  code.jump("addi", { rd: epc, rs1: epc }, "i12", label, 4);
  code.op("csrrw", { rd: 0, csr: csrAddress(machine ? "mepc" : "sepc") ?? 0, rs1: epc });
  const stay = random.chance(70);
  if (machine) {
    code.li(bits, 3n << BigInt(MPP_AT));
    code.op(stay ? "csrrs" : "csrrc", { rd: 0, csr: MSTATUS, rs1: bits });
    code.op("mret");
  } else {
    code.li(bits, SPP);
    code.op(stay ? "csrrs" : "csrrc", { rd: 0, csr: SSTATUS, rs1: bits });
    code.op("sret");
  }
  code.place(label);
}

/** Overwrites an instruction ahead with another, with FENCE.I before it runs. */
export function selfModify(gen: Gen): void {
  const { code } = gen;
  const replacement = randomWord(gen, insnNamed(gen.random.pick(["add", "xori", "mulw"]))!);
  if (replacement === undefined) return;
  const [address = 1, value = 1] = gen.distinct(2);
  const label = newLabel();
  code.op("auipc", { rd: address });
  code.jump("addi", { rd: address, rs1: address }, "i12", label, 4);
  code.li(value, BigInt(replacement.bits));
  const halves = gen.random.chance(30);
  if (halves) {
    code.op("sh", { rs1: address, rs2: value });
    code.op("srli", { rd: value, rs1: value, shamt6: 16 });
    code.op("sh", { rs1: address, rs2: value, s12: 2 });
  } else code.op("sw", { rs1: address, rs2: value });
  code.op("fence.i");
  if (gen.random.chance(50)) arithmetic(gen);
  code.place(label);
  code.op("addi", { rd: gen.rd(), rs1: gen.rs(), i12: 1 });
}

const MPRV = 0x2_0000n;

/** Loads and stores of M-mode with another mode's translation and protection. */
export function borrowPrivilege(gen: Gen, body: (gen: Gen) => void): void {
  const { random, code } = gen;
  const [bits = 1] = gen.distinct(1);
  const mode = random.pick([Mode.U, Mode.S, Mode.S]);
  code.li(bits, 3n << BigInt(MPP_AT));
  code.op("csrrc", { rd: 0, csr: MSTATUS, rs1: bits });
  code.li(bits, (BigInt(mode) << BigInt(MPP_AT)) | MPRV);
  code.op("csrrs", { rd: 0, csr: MSTATUS, rs1: bits });
  const count = random.between(1, 4);
  for (let i = 0; i < count; i++) body(gen);
  code.li(bits, MPRV);
  code.op("csrrc", { rd: 0, csr: MSTATUS, rs1: bits });
}
