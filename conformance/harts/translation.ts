/** Page tables, PMP and A and D bits that change while other harts use them. */
import { FRAMES, IDLE, MSIP, note, SHARED, TABLES } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

const ASKED = SHARED + 0x1000;
const ANSWERED = SHARED + 0x2000;
const LOOPS = SHARED + 0x3000;

/** Sv39: gigabytes 0 and 2 as they are, gigabyte 1 by tables. */
const ROOT = TABLES;
const MIDDLE = TABLES + 0x1000;
const LEAVES = TABLES + 0x2000;
/** The first page, and the second large one, of gigabyte 1. */
const PAGE = 0x4000_0000;
const LARGE = 0x4020_0000;
const ASID = 5;

const V = 1;
const RWX = 14;
const A = 64;
const D = 128;

function entry(frame: number, bits: number): bigint {
  return (BigInt(frame >>> 12) << 10n) | BigInt(bits);
}

function writeEntry(at: number, value: bigint): string {
  return `li t0, ${at}; li t1, ${value}; sd t1, 0(t0)`;
}

/** Hart 0 builds the tables; the pages of interest are the caller's. */
function buildTables(p: HartProgram): void {
  const all = V | RWX | A | D;
  p.on(0, writeEntry(ROOT, entry(0, all)), writeEntry(ROOT + 16, entry(0x8000_0000, all)));
  p.on(0, writeEntry(ROOT + 8, entry(MIDDLE, V)), writeEntry(MIDDLE, entry(LEAVES, V)));
}

/** Goes on in S-mode, translated, at the next line. */
function enterSupervisor(p: HartProgram, hart: number): void {
  const on = p.label();
  const satp = (8n << 60n) | (BigInt(ASID) << 44n) | BigInt(ROOT >>> 12);
  p.on(hart, `li t0, ${satp}; csrw satp, t0; sfence.vma; li t0, 0x1800; csrc mstatus, t0`);
  p.on(hart, `li t0, 0x800; csrs mstatus, t0; la t0, ${on}; csrw mepc, t0; mret`, `${on}:`);
}

/** Back in M-mode at the next line, by an ECALL that `handler` understands. */
const LEAVE = "ecall";

/**
 * The others' trap handler. An interrupt: do `fence`, answer what was asked. A fault, where one may be:
 * a0 = -1, and on behind the instruction. ECALL: on behind it in M-mode.
 */
function handler(fence: string, mayFault = true): string {
  return `
    .align 2
    handler: csrr t5, mcause; bltz t5, 1f
    addi t5, t5, -9; snez t6, t5; li t5, ${mayFault ? 1 : 0}; bltu t5, t6, unexpected
    csrr t5, mepc; addi t5, t5, 4; csrw mepc, t5
    beqz t6, 2f
    li a0, -1; mret
    2: li t5, 0x1800; csrs mstatus, t5; mret
    1: csrr t5, mhartid; slli t6, t5, 2; li t5, ${MSIP}; add t5, t5, t6; sw zero, 0(t5)
    li t5, ${ASKED}; ld t6, 0(t5)
    ${fence}
    sd t6, 0(s4); mret
  `;
}

interface Remap {
  readonly name: string;
  readonly va: number;
  readonly pte: number;
  /** Of the two frames that the page has by turns. */
  readonly stride: number;
  /** What the handler does; s8 = the address, s9 = the ASID. */
  readonly fence: string;
}

const PAGE_REMAP = { va: PAGE, pte: LEAVES, stride: 0x1000 };
const REMAPS: readonly Remap[] = [
  { name: "all", ...PAGE_REMAP, fence: "sfence.vma" },
  { name: "address", ...PAGE_REMAP, fence: "sfence.vma s8" },
  { name: "asid", ...PAGE_REMAP, fence: "sfence.vma zero, s9" },
  { name: "address-asid", ...PAGE_REMAP, fence: "sfence.vma s8, s9" },
  {
    name: "svinval",
    ...PAGE_REMAP,
    fence: "sfence.w.inval; sinval.vma s8, s9; sfence.inval.ir",
  },
  { name: "large", va: LARGE, pte: MIDDLE + 8, stride: 0x20_0000, fence: "sfence.vma s8" },
];

/** Hart 0's part: `change` makes state s2 of `rounds`; all others are told and must answer. */
function ask(p: HartProgram, rounds: number, change: string): void {
  p.on(0, p.barrier(), `li s1, ${rounds}; li s2, 0; li s3, ${ASKED}; li s4, ${MSIP}; li s5, 1`);
  p.on(0, "loop: addi s2, s2, 1", change, "fence w, w; sd s2, 0(s3); fence rw, rw");
  for (let hart = 1; hart < p.harts; hart++) p.on(0, `sw s5, ${4 * hart}(s4)`);
  for (let hart = 1; hart < p.harts; hart++) {
    p.on(
      0,
      `li t0, ${ANSWERED + 64 * hart}`,
      p.until("ld t1, 0(t0)", "bge t1, s2"),
      "fence rw, rw",
    );
  }
  p.on(0, "bgeu s2, s1, asked");
  for (let hart = 1; hart < p.harts; hart++) {
    p.on(0, `li t0, ${LOOPS + 64 * hart}; ld t2, 0(t0); addi t2, t2, 2`);
    p.on(0, p.until("ld t1, 0(t0)", "bge t1, t2"));
  }
}

/** The others' part: `lines` again and again in S-mode, with a4 = the state that was answered last. */
function answer(p: HartProgram, rounds: number, va: number, lines: () => string): void {
  for (let hart = 1; hart < p.harts; hart++) {
    p.on(hart, `li s4, ${ANSWERED + 64 * hart}; li s5, ${LOOPS + 64 * hart}; li s1, ${rounds}`);
    p.on(hart, `li s8, ${va}; li s9, ${ASID}; li s7, 0; li s6, ${FRAMES}`);
    p.on(hart, p.barrier());
    p.on(hart, "la t0, handler; csrw mtvec, t0; csrsi mie, 8");
    enterSupervisor(p, hart);
    p.on(hart, `loop_${hart}: ld a4, 0(s4)`, lines());
    p.on(hart, "addi s7, s7, 1; sd s7, 0(s5); andi a6, s7, 63; bnez a6, 1f", IDLE, "1:");
    p.on(hart, `blt a4, s1, loop_${hart}`);
    p.on(hart, LEAVE, "csrci mie, 8", note(hart - 1, "s7"));
  }
}

/**
 * The page moves from frame to frame; each holds the number of the state in which it is mapped. A hart
 * that answered must not see, nor write, the frame before.
 */
function writeRemap({ va, pte, stride, fence }: Remap): Scenario["write"] {
  return (p, rounds) => {
    buildTables(p);
    const [even, odd] = [FRAMES, FRAMES + stride].map((frame) => entry(frame, V | RWX | A | D));
    p.on(0, `li a1, ${even}; li a2, ${odd}; xor a2, a2, a1; li a3, ${pte}; sd a1, 0(a3)`);
    p.on(0, `li s10, ${FRAMES}; li s11, ${stride}; li a7, 0`);
    const frameOf = (state: string, rd: string): string =>
      `andi ${rd}, ${state}, 1; neg ${rd}, ${rd}; and ${rd}, ${rd}, s11; add ${rd}, ${rd}, s10`;
    ask(
      p,
      rounds,
      // What the others stored to the frame that they had left before must still be my mark.
      `${frameOf("s2", "a4")}; ld a5, 8(a4); beqz a7, 1f
      ${p.check("nothing is stored to a frame behind the fence", "beq a5, a7")}
      1: sd s2, 0(a4); fence w, w; andi a5, s2, 1; neg a5, a5; and a5, a5, a2; xor a5, a5, a1; sd a5, 0(a3)`,
    );
    // All have answered: the other frame is nobody's until the next state but one.
    p.on(0, `addi a4, s2, 1; ${frameOf("a4", "a5")}; neg a7, s2; sd a7, 8(a5)`, "j loop", "asked:");
    answer(
      p,
      rounds,
      va,
      () =>
        `ld a5, 0(s8); sd a4, 8(s8); ${p.check("a page is not seen where it was before", "bgeu a5, a4")}`,
    );
    p.on(0, "j done", handler(fence, false), "done:");
  };
}

/** The page comes and goes: in odd states it is not there. */
function writeUnmap(p: HartProgram, rounds: number): void {
  buildTables(p);
  p.on(0, `li a1, ${entry(FRAMES, V | RWX | A | D)}; li a3, ${LEAVES}; li s10, ${FRAMES}`);
  ask(
    p,
    rounds,
    `andi a4, s2, 1; addi a4, a4, -1; and a4, a4, a1; beqz a4, 1f; sd s2, 0(s10); fence w, w
    1: sd a4, 0(a3)`,
  );
  p.on(0, "j loop", "asked:");
  answer(p, rounds, PAGE, () => comesAndGoes(p));
  p.on(0, "j done", handler("sfence.vma s8"), "done:");
}

/** State a4 or the one behind it: a0 = what is there, -1 where nothing is. */
function comesAndGoes(p: HartProgram): string {
  return `
    ld a0, 0(s8); andi a5, a4, 1; bnez a5, 1f
    li a5, -1; beq a0, a5, 2f
    ${p.check("a page that is there is what it is now", "beq a0, a4")}
    j 2f
    1: addi a5, a4, 1; beq a0, a5, 2f
    li a5, -1
    ${p.check("a page that went is not seen behind the fence", "beq a0, a5")}
    2:
  `;
}

/** The others' handlers take the page away by PMP in odd states, and give it back. */
function writePmp(p: HartProgram, rounds: number): void {
  buildTables(p);
  p.on(0, writeEntry(LEAVES, entry(FRAMES, V | RWX | A | D)), `li s10, ${FRAMES}`);
  ask(p, rounds, "andi a4, s2, 1; bnez a4, 1f; sd s2, 0(s10); 1:");
  p.on(0, "j loop", "asked:");
  // Entry 0 is the frame's page, entry 1 everything.
  for (let hart = 1; hart < p.harts; hart++) {
    p.on(hart, `li t0, ${(FRAMES >>> 2) | 0x1ff}; csrw pmpaddr0, t0; li t0, -1; csrw pmpaddr1, t0`);
    p.on(hart, "li t0, 0x1f1f; csrw pmpcfg0, t0; sfence.vma");
  }
  answer(
    p,
    rounds,
    PAGE,
    // Where the state did not change meanwhile.
    () => `ld a0, 0(s8); ld a6, 0(s4); bne a6, a4, 2f; andi a5, a4, 1; bnez a5, 1f; beqz a4, 2f
    ${p.check("PMP gave the page back", "bgeu a0, a4")}
    addi a6, a0, 1
    ${p.check("the page is readable", "bnez a6")}
    j 2f
    1: li a5, -1
    ${p.check("PMP took the page away", "beq a0, a5")}
    2:`,
  );
  const toggle = `
    li s11, 0x1f1f; andi t5, t6, 1; beqz t5, 3f; li s11, 0x1f18
    3: csrw pmpcfg0, s11; sfence.vma
  `;
  p.on(0, "j done", handler(toggle), "done:");
}

/** Bits of an entry that software may use: hart 0 and hart 3 set one each. */
const SOFT = 0x100;

/**
 * Svadu: harts set A and D in the same entry while software changes it by AMOs. Nobody's bit is lost,
 * and an entry that was exchanged for zero stays zero, with D in what was there if the store was done.
 */
function writeAccessed(p: HartProgram, rounds: number): void {
  buildTables(p);
  const plain = entry(FRAMES, V | RWX);
  const old = SHARED + 0x4000;
  const stored = SHARED + 0x5000;
  p.onAll((hart) => [
    `li s1, ${rounds}; li s10, ${LEAVES}; li s8, ${PAGE}; li s6, ${FRAMES}; li s11, ${old}; li s5, ${stored}`,
    "li t0, 0x2000000000000000; csrs menvcfg, t0; la t0, handler; csrw mtvec, t0",
    `loop_${hart}:`,
    ...(hart === 0
      ? [
          `li a1, ${plain}; sd a1, 0(s10); sd zero, 0(s6); sd zero, 0(s5); sd zero, 0(s11)`,
          "sd zero, 8(s11)",
        ]
      : []),
    p.barrier(),
    "sfence.vma",
    p.barrier(),
    p.random("a2", 6),
    "1: beqz a2, 1f; addi a2, a2, -1; j 1b",
    "1:",
  ]);
  p.on(0, `andi a2, s1, 1; bnez a2, 1f; amoswap.d a3, zero, (s10); sd a3, 0(s11); j 2f`);
  p.on(0, `1: li a3, ${SOFT}; amoor.d zero, a3, (s10)`, "2:");
  for (const hart of [1, 2]) {
    enterSupervisor(p, hart);
    p.on(hart, hart === 1 ? "li a0, 0; ld a0, 0(s8)" : "li a0, 1; sd a0, 0(s8)", LEAVE);
    // The handler returns -1 where the page was gone.
    p.on(hart, `addi a3, a0, 1; snez a3, a3; sd a3, ${8 * (hart - 1)}(s5)`);
  }
  p.on(3, `li a3, ${2 * SOFT}; andi a2, s1, 1; beqz a2, 1f; amoxor.d zero, a3, (s10)`, "1:");
  p.onAll(() => [p.barrier()]);
  // Software bits in odd rounds, exchanged in even ones.
  p.on(0, "andi a2, s1, 1; bnez a2, 1f", "ld a4, 0(s10)");
  p.on(0, p.check("an entry that was exchanged for zero stays zero", "beqz a4"));
  p.on(0, `ld a3, 0(s11); ld a5, 8(s5); slli a5, a5, 7; andi a4, a3, ${D}`);
  p.on(0, p.check("D is set exactly when the store was done", "beq a4, a5"));
  p.on(0, `ld a4, 0(s6); srli a5, a5, 7`, p.check("the store is in the frame then", "beq a4, a5"));
  p.on(0, "ld a5, 0(s5); ld a6, 8(s5); or a5, a5, a6; slli a5, a5, 6", `andi a4, a3, ${A}`);
  p.on(0, p.check("A is set exactly when somebody came through", "beq a4, a5"));
  p.on(0, "add s2, s2, a6; j 2f");
  p.on(0, `1: ld a4, 0(s10); li a5, ${plain | BigInt(A | D | (3 * SOFT))}`);
  p.on(0, p.check("A, D and both software bits are set", "beq a4, a5"), "2:");
  p.onAll((hart) => [p.barrier(), `addi s1, s1, -1; beqz s1, 1f; j loop_${hart}`, "1:"]);
  p.on(0, note(0, "s2"), "j done", handler("nop"), "done:");
}

export const TRANSLATION: readonly Scenario[] = [
  ...REMAPS.map((remap): Scenario => ({
    name: `translation.remap.${remap.name}`,
    harts: 3,
    rounds: 400,
    notes: ["loops of hart 1", "loops of hart 2"],
    write: writeRemap(remap),
  })),
  { name: "translation.unmap", harts: 2, rounds: 1000, write: writeUnmap },
  { name: "translation.pmp", harts: 2, rounds: 1000, write: writePmp },
  {
    name: "translation.accessed",
    harts: 4,
    rounds: 2000,
    notes: ["stores before the exchange"],
    write: writeAccessed,
  },
];
