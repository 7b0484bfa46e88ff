/** What ends a reservation, by this hart's doing and by others'. */
import { IDLE, MSIP, SHARED } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

const WORD = SHARED;
const OTHER = SHARED + 0x100;
const TURN = SHARED + 0x200;
/** Where the handler counts, and does an LR and SC of its own. */
const TAKEN = SHARED + 0x300;

/** Waits until the word at a1 is at least s1. */
function awaitTurn(p: HartProgram): string {
  return `${p.until("lw t1, 0(a1)", "bge t1, s1")}; fence rw, rw`;
}

/**
 * Hart 0 reserves, hart 1 acts, hart 0 tries. SC compares values, as QEMU does: what hart 1 changed and
 * changed back goes unnoticed. docs/memory-model.md says so, and this holds it to that.
 */
function writeRemote(p: HartProgram, rounds: number): void {
  const acts = [
    { what: "a store of another value", lines: "sw s1, 0(a0)", fails: true },
    { what: "an AMO with another value", lines: "amoswap.w zero, s1, (a0)", fails: true },
    {
      what: "an SC with another value",
      lines: "1: lr.w a4, (a0); sc.w a3, s1, (a0); bnez a3, 1b",
      fails: true,
    },
    { what: "a store to the same word's half", lines: "li a3, -1; sh a3, 2(a0)", fails: true },
    { what: "a load", lines: "lw a3, 0(a0)", fails: false },
    { what: "a store to the next word", lines: "sw s1, 4(a0)", fails: false },
    {
      what: "an AMO that is undone (a difference to the specification)",
      lines: "amoswap.w a3, s1, (a0); amoswap.w zero, a3, (a0)",
      fails: false,
    },
  ];
  p.on(0, `li a0, ${WORD}; li a1, ${TURN}; li a2, ${TURN + 64}; li s1, 1`);
  p.on(1, `li a0, ${WORD}; li a1, ${TURN + 64}; li a2, ${TURN}; li s1, 1`);
  p.on(0, `li s3, ${rounds}`, "loop_0:");
  p.on(1, `li s3, ${rounds}`, "loop_1:");
  for (const { what, lines, fails } of acts) {
    // s1 grows, so it differs from what is there; -1 does not occur otherwise.
    p.on(0, "li a5, -1; lr.w a4, (a0); fence rw, rw; sw s1, 0(a2)", awaitTurn(p));
    p.on(0, "sc.w a3, a5, (a0); snez a3, a3", `li a6, ${fails ? 1 : 0}`);
    p.on(0, p.check(`SC behind ${what} ${fails ? "fails" : "succeeds"}`, "beq a3, a6"));
    if (fails) {
      p.on(0, "lw a3, 0(a0)", p.check("an SC that fails stores nothing", "bne a3, a5"));
    } else {
      p.on(0, "lw a3, 0(a0)", p.check("an SC that succeeds stores", "beq a3, a5"));
    }
    p.on(0, "sw zero, 0(a0); addi s1, s1, 1");
    p.on(1, awaitTurn(p), lines, "fence rw, rw; sw s1, 0(a2); addi s1, s1, 1");
  }
  p.on(0, "addi s3, s3, -1; bnez s3, loop_0");
  p.on(1, "addi s3, s3, -1; bnez s3, loop_1");
}

/** An interrupt between LR and SC: the SC fails, whatever the handler did. */
function writeInterrupted(p: HartProgram, rounds: number): void {
  p.on(0, "la t0, handler; csrw mtvec, t0; csrsi mie, 8; csrsi mstatus, 8");
  p.on(0, `li a0, ${WORD}; li a1, ${TAKEN}; li a2, ${TURN}; li s1, ${rounds}; li s2, 0`);
  // Asks hart 1 for an interrupt inside the pair, in every second round outside.
  p.on(0, `loop: andi a6, s1, 1; lw s3, 0(a1); beqz a6, 1f`);
  p.on(0, "lr.w a4, (a0); sw s1, 0(a2)");
  p.on(0, p.until("lw t1, 0(a1)", "bne t1, s3"));
  p.on(0, "sc.w a3, s1, (a0)", p.check("SC behind an interrupt fails", "bnez a3"), "j 3f");
  p.on(0, "1: sw s1, 0(a2)", p.until("lw t1, 0(a1)", "bne t1, s3"));
  p.on(0, "lr.w a4, (a0); sc.w a3, s1, (a0)");
  p.on(0, p.check("SC succeeds with no interrupt in between", "beqz a3"));
  // Freely: the interrupt comes anywhere in a row of pairs, which add up all the same.
  p.on(0, "3: lw s3, 0(a1); sw s1, 4(a2); li a6, 0");
  p.on(0, `li s4, ${OTHER}`);
  p.on(0, "4: lr.w a4, (s4); addi a4, a4, 1; sc.w a3, a4, (s4); bnez a3, 4b; addi s2, s2, 1");
  p.on(0, "lw t1, 0(a1); beq t1, s3, 4b");
  p.on(0, "lw a4, 0(s4)", p.check("every pair that succeeded counts once", "beq a4, s2"));
  p.on(
    0,
    "addi s1, s1, -1; beqz s1, 5f; j loop",
    "5: csrci mstatus, 8; li t1, -1; sw t1, 0(a2); sw t1, 4(a2)",
    "j done",
  );
  p.on(0, ".align 2", `handler: li t5, ${MSIP}; sw zero, 0(t5); li t5, ${TAKEN}`);
  p.on(0, "1: lr.w t6, (t5)", "addi t6, t6, 1; sc.w s11, t6, (t5); bnez s11, 1b; mret");
  p.on(0, "done:");
  // Hart 1 interrupts whenever one of the words asks for it, a little later.
  p.on(1, `li a2, ${TURN}; li a0, ${MSIP}; li a6, 1; li s2, 0; li s3, 0`);
  p.on(1, "loop_1: lw a3, 0(a2); bltz a3, 3f; beq a3, s2, 2f; mv s2, a3; sw a6, 0(a0); j loop_1");
  p.on(1, "2: lw a3, 4(a2); bltz a3, 3f; bne a3, s3, 4f");
  p.on(1, "addi s4, s4, 1; andi t0, s4, 127; bnez t0, loop_1", IDLE, "j loop_1", "4: mv s3, a3");
  p.on(
    1,
    p.random("a4", 7),
    "1: beqz a4, 1f; addi a4, a4, -1; j 1b",
    "1: sw a6, 0(a0); j loop_1",
    "3:",
  );
}

/** Traps that this hart causes itself, and SC to what is not reserved. */
function writeOwn(p: HartProgram, rounds: number): void {
  const trap = (lines: string): string => `lr.w a4, (a0); ${lines}; sc.w a3, a4, (a0)`;
  const cases = [
    { what: "an ECALL", lines: trap("ecall") },
    { what: "an illegal instruction", lines: trap(".word 0") },
    { what: "an SC to another word", lines: trap("sc.w a3, a4, (a1)") },
    { what: "a successful SC", lines: trap("sc.w a3, a4, (a0)") },
    { what: "an LR of another word", lines: trap("lr.w a4, (a1)") },
    { what: "an SC of another width to the same address", lines: trap("sc.d a3, a4, (a0)") },
    { what: "an LR of another width", lines: trap("lr.d a4, (a0)") },
  ];
  p.onAll((hart) => [
    "la t0, skip; csrw mtvec, t0",
    `li a0, ${WORD + 64 * hart}; li a1, ${OTHER + 64 * hart}; li s1, ${rounds}`,
    `loop_${hart}:`,
    ...cases.flatMap(({ what, lines }) => [lines, p.check(`SC behind ${what} fails`, "bnez a3")]),
    `addi s1, s1, -1; beqz s1, 1f; j loop_${hart}`,
    "1:",
    ...(hart === 0
      ? ["j done", ".align 2", "skip: csrr t5, mepc; addi t5, t5, 4; csrw mepc, t5; mret", "done:"]
      : []),
  ]);
}

export const RESERVATIONS: readonly Scenario[] = [
  { name: "reservations.remote", harts: 2, rounds: 1000, write: writeRemote },
  { name: "reservations.interrupted", harts: 2, rounds: 500, write: writeInterrupted },
  { name: "reservations.own", harts: 2, rounds: 2000, write: writeOwn },
];
