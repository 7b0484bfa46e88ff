/** Interrupts between harts that sleep: none is lost, so nothing hangs. */
import { MSIP, MTIMECMP, note, SHARED } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

const MTIME = 0x200_bff8;
const MSI = 8;

/** Hart 0 sends first, then each waits for the one before and sends to the next. */
function ring(p: HartProgram, hart: number, wait: string, send: string): string[] {
  const loop = p.label();
  const steps = hart === 0 ? [send, wait] : [wait, send];
  return [`${loop}:`, ...steps, `addi s1, s1, -1; beqz s1, 1f; j ${loop}`, "1:"];
}

function next(p: HartProgram, hart: number): number {
  return MSIP + 4 * ((hart + 1) % p.harts);
}

function prepare(p: HartProgram, hart: number, rounds: number): string {
  return `
    li s1, ${rounds}; li s2, ${MSIP + 4 * hart}; li s3, ${next(p, hart)}; li s4, 1; li s5, 0; li s6, 0
    li s7, ${MTIMECMP + 8 * hart}; li s8, ${MTIME}
  `;
}

/** WFI with interrupts off: it ends when one is pending. */
function writePolled(p: HartProgram, rounds: number): void {
  const wait = "1: csrr a0, mip; andi a0, a0, 8; bnez a0, 2f; wfi; j 1b; 2: sw zero, 0(s2)";
  p.onAll((hart) => [
    prepare(p, hart, rounds),
    p.barrier(),
    `csrwi mie, ${MSI}`,
    ...ring(p, hart, wait, "sw s4, 0(s3)"),
  ]);
}

/** The handler counts in s5; WFI with interrupts off where the count has not changed. */
function writeTaken(p: HartProgram, rounds: number): void {
  const wait = `1: csrci mstatus, 8; bne s5, s6, 2f; wfi; csrsi mstatus, 8; j 1b
    2: csrsi mstatus, 8; addi s6, s6, 1`;
  p.onAll((hart) => [
    prepare(p, hart, rounds),
    p.barrier(),
    `la t0, handler; csrw mtvec, t0; csrwi mie, ${MSI}; csrsi mstatus, 8`,
    ...ring(p, hart, wait, "sw s4, 0(s3)"),
    "csrci mstatus, 8",
  ]);
  p.on(0, "j done", ".align 2", "handler: addi s5, s5, 1; sw zero, 0(s2); mret", "done:");
}

/** The same, and each wait has a timer of up to 12.8 µs that may expire at the same moment. */
function writeTimers(p: HartProgram, rounds: number): void {
  p.onAll((hart) => {
    const wait = `
      ${p.random("a2", 7)}; ld a1, 0(s8); add a1, a1, a2; sd a1, 0(s7)
      1: csrr a0, mip; andi a1, a0, 128; beqz a1, 3f; li a2, -1; sd a2, 0(s7); addi s5, s5, 1
      3: andi a0, a0, 8; bnez a0, 2f; wfi; j 1b
      2: sw zero, 0(s2)
    `;
    return [
      prepare(p, hart, rounds),
      p.barrier(),
      "li t0, 0x88; csrw mie, t0",
      ...ring(p, hart, wait, "sw s4, 0(s3)"),
      note(0, "s5"),
    ];
  });
}

/**
 * As an SBI does it: harts wait in S-mode, M-mode's handler turns the interrupt into SSIP, and ECALL
 * sends. With Sstc, each wait has a timer as well.
 */
function writeSupervisor(p: HartProgram, rounds: number): void {
  p.onAll((hart) => {
    const on = p.label();
    const wait = `
      ${p.random("a2", 7)}; csrr a1, time; add a1, a1, a2; csrw stimecmp, a1
      1: csrr a0, sip; andi a1, a0, 32; beqz a1, 3f; li a2, -1; csrw stimecmp, a2; addi s5, s5, 1
      3: andi a0, a0, 2; bnez a0, 2f; wfi; j 1b
      2: csrci sip, 2
    `;
    return [
      prepare(p, hart, rounds),
      "li t0, 0x8000000000000000; csrs menvcfg, t0; csrwi mcounteren, 7; csrwi mideleg, 0",
      "li t0, 0x22; csrs mideleg, t0; la t0, handler; csrw mtvec, t0",
      p.barrier(),
      "li t0, 0x2a; csrw mie, t0",
      `li t0, 0x1800; csrc mstatus, t0; li t0, 0x800; csrs mstatus, t0; la t0, ${on}; csrw mepc, t0`,
      "mret",
      `${on}:`,
      ...ring(p, hart, wait, "ecall"),
      // An ECALL with s4 clear ends it.
      "li s4, 0; ecall",
      note(0, "s5"),
    ];
  });
  p.on(0, "j done", ".align 2", "handler: csrr t5, mcause; bltz t5, 1f");
  p.on(0, "csrr t5, mepc; addi t5, t5, 4; csrw mepc, t5; beqz s4, 2f; sw s4, 0(s3); mret");
  p.on(0, "2: li t5, 0x1800; csrs mstatus, t5; csrw mie, zero; mret");
  p.on(0, "1: sw zero, 0(s2); csrsi mip, 2; mret", "done:");
}

/** A word for each pair: set by the sender, cleared by the receiver's handler. */
const FLAGS = SHARED + 0x8000;

/** Every hart sends to a random other, which is busy or asleep, and waits until it was noticed. */
function writeStorm(p: HartProgram, rounds: number): void {
  p.onAll((hart) => {
    const scan = Array.from(
      { length: p.harts },
      () => "amoswap.w t6, zero, (t5); add s5, s5, t6; addi t5, t5, 64",
    );
    return [
      prepare(p, hart, rounds),
      p.barrier(),
      `la t0, handler_${hart}; csrw mtvec, t0; csrwi mie, ${MSI}; csrsi mstatus, 8`,
      `loop_${hart}:`,
      `${p.random("a0", 2)}; li a1, ${p.harts}; remu a0, a0, a1; li a1, ${hart}; beq a0, a1, loop_${hart}`,
      `slli a1, a0, 10; li a2, ${FLAGS + 64 * hart}; add a1, a1, a2; slli a2, a0, 2; li a3, ${MSIP}`,
      "add a2, a2, a3; sw s4, 0(a1); fence w, o; sw s4, 0(a2)",
      // Mostly awake for a while. The answer is no interrupt, so a timer ends the sleep.
      "andi a5, s1, 3; neg a5, a5; andi a5, a5, 255",
      "1: lw a3, 0(a1); beqz a3, 2f; addi a5, a5, -1; bgez a5, 1b",
      "ld a4, 0(s8); addi a4, a4, 100; sd a4, 0(s7); li a4, 0x88; csrci mstatus, 8; csrw mie, a4",
      `lw a3, 0(a1); beqz a3, 3f; wfi; 3: li a4, -1; sd a4, 0(s7); csrwi mie, ${MSI}`,
      "csrsi mstatus, 8; j 1b",
      `2: addi s1, s1, -1; beqz s1, 1f; j loop_${hart}`,
      // The barrier's sleep ends by the supervisor timer, which M-mode does not take.
      "1: li t0, 0x28; csrw mie, t0",
      p.barrier(),
      "csrci mstatus, 8",
      note(0, "s5"),
      p.barrier(),
      `j end_${hart}`,
      ".align 2",
      `handler_${hart}: sw zero, 0(s2); fence o, rw; li t5, ${FLAGS + 1024 * hart}`,
      ...scan,
      "mret",
      `end_${hart}:`,
    ];
  });
  p.on(0, `li a0, ${SHARED + 0xf_0000}; ld a1, 0(a0); li a2, ${rounds * p.harts}`);
  p.on(0, p.check("every message was received once", "beq a1, a2"));
}

function rings(name: string, rounds: number, write: Scenario["write"]): Scenario[] {
  const notes = ["timers that expired"];
  return [2, 4].map((harts) => ({ name: `${name}.${harts}`, harts, rounds, notes, write }));
}

export const INTERRUPTS: readonly Scenario[] = [
  ...rings("interrupts.polled", 2000, writePolled),
  ...rings("interrupts.taken", 2000, writeTaken),
  ...rings("interrupts.timers", 1000, writeTimers),
  ...rings("interrupts.supervisor", 1000, writeSupervisor),
  { name: "interrupts.storm", harts: 4, rounds: 1000, notes: ["messages"], write: writeStorm },
];
