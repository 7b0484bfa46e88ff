/** Exceptions: causes, xtval, the status stack, delegation, priorities, returns. */
import { DATA, INTERRUPT } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

const MIE = 1n << 3n;
const MPIE = 1n << 7n;
const SIE = 1n << 1n;
const SPIE = 1n << 5n;
const SPP = 1n << 8n;
const MPP = 3n << 11n;
const MPRV = 1n << 17n;
const NOWHERE = 0x100_0000n;

function causes(t: Script): void {
  for (const [mode, cause] of [
    ["U", 8n],
    ["S", 9n],
    ["M", 11n],
  ] as const) {
    t.traps(`ecall from ${mode}`, mode, ["ecall"], { cause, tval: 0n });
  }
  t.traps("an illegal instruction shows its bits", "U", [".word 0xffffffff"], {
    cause: 2n,
    tval: 0xffff_ffffn,
  });
  t.traps("a short illegal instruction shows its parcel", "S", [".half 0"], {
    cause: 2n,
    tval: 0n,
  });
  t.traps("ebreak", "S", ["ebreak"], { cause: 3n });
  t.traps("a load where nothing is", "M", [`li a0, ${NOWHERE}`, "ld a1, 8(a0)"], {
    cause: 5n,
    tval: NOWHERE + 8n,
  });
  t.traps("a store where nothing is", "M", [`li a0, ${NOWHERE}`, "sb a1, 3(a0)"], {
    cause: 7n,
    tval: NOWHERE + 3n,
  });
  t.traps("a fetch where nothing is", "M", [`li a0, ${NOWHERE}`, "jr a0"], {
    cause: 1n,
    tval: NOWHERE,
  });
  t.traps("an AMO where nothing is", "M", [`li a0, ${NOWHERE}`, "amoadd.w a1, a1, (a0)"], {
    cause: 7n,
    tval: NOWHERE,
  });
  t.traps("lr where nothing is", "M", [`li a0, ${NOWHERE}`, "lr.w a1, (a0)"], {
    cause: 5n,
    tval: NOWHERE,
  });
}

function statusStack(t: Script): void {
  t.setCsr("mstatus", MIE);
  t.run("S", []);
  t.check("a trap to M-mode saves MIE, which the return to S-mode had taken from MPIE");
  t.raw("mv a0, s5", `li t1, ${MPP}`, "and a0, a0, t1");
  t.equal("a0", 1n << 11n);
  t.check("the trap clears MIE");
  t.raw(`li t1, ${MIE}`, "and a0, s5, t1");
  t.equal("a0", 0n);

  t.check("mret sets MIE from MPIE, MPIE to 1 and MPP to U");
  t.clearCsr("mstatus", MIE | MPP);
  t.setCsr("mstatus", MPIE | MPP);
  const after = t.label();
  t.raw(`la t0, ${after}`, "csrw mepc, t0", "mret", `${after}:`, "csrr a0, mstatus");
  t.raw(`li t1, ${MIE | MPIE | MPP}`, "and a0, a0, t1");
  t.equal("a0", MIE | MPIE);
  t.clearCsr("mstatus", MIE);

  t.check("mret to a lower mode clears MPRV");
  t.setCsr("mstatus", MPRV | MPP);
  t.run("S", []);
  t.raw(`li t1, ${MPRV}`, "and a0, s5, t1");
  t.equal("a0", 0n);
}

function supervisorReturn(t: Script): void {
  const after = t.label();
  t.check("sret takes SIE from SPIE, sets SPIE, and goes to the mode of SPP");
  t.clearCsr("mstatus", SIE | SPP);
  t.setCsr("mstatus", SPIE);
  t.run("S", [`la t0, ${after}`, "csrw sepc, t0", "sret", `${after}:`]);
  t.equal("s2", 8n);
  t.raw(`li t1, ${SIE | SPIE | SPP}`, "and a0, s5, t1");
  t.equal("a0", SIE | SPIE);
  t.check("sret from M-mode clears MPRV");
  const second = t.label();
  t.setCsr("mstatus", MPRV | MPP);
  t.raw(`la tp, ${second}`, `la t0, ${second}_code`, "csrw sepc, t0", "sret");
  t.raw(`${second}_code:`, "ecall", `${second}:`, `li t1, ${MPRV}`, "and a0, s5, t1");
  t.equal("a0", 0n);
}

function delegation(t: Script): void {
  t.writeCsr("medeleg", ~0n);
  t.check("an environment call from M-mode cannot be delegated");
  t.raw("csrr a0, medeleg", "srli a0, a0, 11", "andi a0, a0, 1");
  t.equal("a0", 0n);
  t.writeCsr("medeleg", (1n << 2n) | (1n << 8n) | (1n << 5n));
  t.check("a delegated exception enters S-mode with its cause, value and address");
  t.run("U", [`li a0, ${NOWHERE}`, "ld a1, 0(a0)"]);
  t.equal("s2", 9n);
  t.equal("s6", 5n);
  t.equal("s7", NOWHERE);
  t.check("SPP says that it came from U-mode, and SIE went to SPIE");
  t.raw(`li t1, ${SPP | SIE}`, "and a0, s9, t1");
  t.equal("a0", 0n);
  t.check("from S-mode too, with SPP set");
  t.run("S", [".half 0"]);
  t.equal("s6", 2n);
  t.raw(`li t1, ${SPP}`, "and a0, s9, t1");
  t.equal("a0", SPP);
  t.traps("but never from M-mode", "M", [".half 0"], { cause: 2n });
  t.check("exceptions use the base of a vectored stvec");
  t.raw("la t0, s_vectors", "ori t0, t0, 1", "csrw stvec, t0", "li s10, 0");
  t.run("U", [".half 0"]);
  t.raw("la t0, s_vectors", "sub s10, s10, t0");
  t.equal("s10", 4n);
  t.raw("la t0, s_vectors", "csrw stvec, t0");
  t.writeCsr("medeleg", 0n);
}

const MSIP = 0x200_0000n;
const MTIMECMP = 0x200_4000n;

/** Each interrupt of the list is pending and enabled; they must come in this order. */
function interruptOrder(t: Script, order: readonly bigint[]): void {
  for (const [i, cause] of order.entries()) {
    t.traps(`interrupt ${cause} is number ${i + 1} by priority`, "U", ["nop", "nop"], {
      cause: INTERRUPT | cause,
      tval: 0n,
    });
    t.clearCsr("mie", 1n << cause);
  }
  t.runs("then there is none", "U", ["nop", "nop"]);
}

function machineInterrupts(t: Script): void {
  t.setCsr("mip", 0x222n);
  t.raw(`li t0, ${MSIP}`, "li t1, 1", "sw t1, 0(t0)");
  t.raw(`li t0, ${MTIMECMP}`, "sd zero, 0(t0)");
  t.writeCsr("mie", 0xaaan);
  t.check("mip shows MSIP, MTIP and the software-set bits");
  const wait = t.label();
  // The interrupt controller may take its time.
  t.raw("li a1, 100000", `${wait}:`, "csrr a0, mip", "li t1, 0x2aa", "and a0, a0, t1");
  t.raw("addi a1, a1, -1", "xor a2, a0, t1", `beqz a2, ${wait}_done`, `bnez a1, ${wait}`);
  t.raw(`${wait}_done:`);
  t.equal("a0", 0x2aan);
  t.runs("M-mode with MIE clear takes none", "M", ["nop", "nop"]);
  interruptOrder(t, [3n, 7n, 9n, 1n, 5n]);
  t.raw(`li t0, ${MSIP}`, "sw zero, 0(t0)", `li t0, ${MTIMECMP}`, "li t1, -1", "sd t1, 0(t0)");
  t.writeCsr("mip", 0n);
}

function supervisorInterrupts(t: Script): void {
  t.writeCsr("mideleg", 0x222n);
  t.setCsr("mip", 0x222n);
  t.writeCsr("mie", 0x222n);
  t.clearCsr("mstatus", SIE | SPIE);
  t.runs("S-mode with SIE clear takes no delegated interrupt", "S", ["nop"]);
  t.runs("M-mode with MIE set takes no delegated interrupt", "M", [
    "csrsi mstatus, 8",
    "nop",
    "csrci mstatus, 8",
  ]);
  for (const [i, cause] of [9n, 1n, 5n].entries()) {
    t.check(`delegated interrupt ${cause} is number ${i + 1} by priority`);
    t.run("U", ["nop", "nop"]);
    t.equal("s2", 9n);
    t.equal("s6", INTERRUPT | cause);
    t.clearCsr("mie", 1n << cause);
  }
  t.check("a vectored stvec takes interrupts at base + 4 × cause");
  t.writeCsr("mie", 1n << 5n);
  t.raw("la t0, s_vectors", "ori t0, t0, 1", "csrw stvec, t0");
  t.run("U", ["nop", "nop"]);
  t.raw("la t0, s_vectors", "sub s10, s10, t0");
  t.equal("s10", 24n);
  t.raw("la t0, s_vectors", "csrw stvec, t0");
  t.writeCsr("mie", 0n);
  t.writeCsr("mip", 0n);
}

function interruptRegisters(t: Script): void {
  t.writeCsr("mideleg", 0n);
  t.writeCsr("mie", 0x222n);
  t.check("sie shows delegated interrupts only");
  t.run("S", ["csrr a0, sie"]);
  t.equal("a0", 0n);
  t.writeCsr("mideleg", 0x202n);
  t.run("S", ["csrr a0, sie", "li a1, -1", "csrc sie, a1", "csrr a1, sie"]);
  t.expect("of these, all", "a0", 0x202n);
  t.expect("and they can be cleared", "a1", 0n);
  t.expectCsr("while the others stay", "mie", 0x20n);
  t.check("S-mode sets and clears SSIP, and SEIP not");
  t.run("S", ["li a1, -1", "csrs sip, a1", "csrr a0, sip"]);
  t.equal("a0", 2n);
  t.run("S", ["csrci sip, 2", "csrr a0, sip"]);
  t.equal("a0", 0n);
  t.writeCsr("mie", 0n);
  t.writeCsr("mideleg", 0n);
}

function misaligned(t: Script): void {
  const at = DATA + 1n;
  t.traps("a misaligned AMO", "M", [`li a0, ${at}`, "amoswap.w a1, a1, (a0)"], {
    cause: 6n,
    tval: at,
  });
  t.traps("a misaligned lr", "M", [`li a0, ${at}`, "lr.d a1, (a0)"], { cause: 4n, tval: at });
  t.traps("a misaligned sc", "M", [`li a0, ${at}`, "sc.w a1, a1, (a0)"], { cause: 6n, tval: at });
  t.traps("amocas.q at half its size", "M", [`li a0, ${DATA + 8n}`, "amocas.q a2, a4, (a0)"], {
    cause: 6n,
    tval: DATA + 8n,
  });
  t.check("jalr drops bit 0 of its target");
  const target = t.label();
  t.raw(`la a0, ${target}`, "addi a0, a0, 1", "jr a0", "j failed", `${target}:`);
}

export const TRAPS: readonly DirectedTest[] = [
  { name: "trap causes", write: causes },
  { name: "status stack", write: statusStack },
  { name: "sret", write: supervisorReturn },
  { name: "exception delegation", write: delegation },
  { name: "machine interrupts", write: machineInterrupts },
  { name: "delegated interrupts", write: supervisorInterrupts },
  { name: "interrupt registers", write: interruptRegisters },
  { name: "misaligned addresses", write: misaligned },
];
