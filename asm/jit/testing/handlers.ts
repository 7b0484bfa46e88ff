/**
 * Trap handlers of generated programs. They fold cause, address, retired instructions and every
 * register into a hash, so that a trap that is not precise shows in memory.
 */
import { END_CALL, LINEAR_AT, QUICK_CALL, RAM, SAVE_AT, SERVICE } from "./layout.ts";
import { SUPERVISOR_AT, SUPERVISOR_SAVE_AT } from "./layout.ts";

/** Ticks that a timer interrupt may come late: 45,000 instructions of deterministic time. */
const LATE_TICKS = 4500;

/** A program that traps more often goes round in circles, and is ended. */
const MAX_TRAPS = 1500;

/** Offsets in a save area. */
const COUNT = 64;
const HASH = 72;
const INTERRUPTS = 80;
const LATE = 88;

/** t2 = 33 * t2 ^ register, through t1. */
function fold(register: string): string {
  return `slli t1, t2, 5; add t2, t2, t1; xor t2, t2, ${register}`;
}

function foldCsr(name: string): string {
  return `csrr t0, ${name}; ${fold("t0")}`;
}

/** Registers that the handler has not overwritten when it hashes; tp is the interrupted t0's keeper. */
const UNTOUCHED = [1, 2, 3, ...Array.from({ length: 24 }, (_, i) => 8 + i)];

/** Hashes everything, with t0 to t2 saved at tp. `x` is m or s. */
function hash(x: "m" | "s"): string {
  return `
    ld t2, ${HASH}(tp)
    ${["cause", "epc", "tval", "status", "scratch"].map((name) => foldCsr(x + name)).join("\n")}
    ${foldCsr("instret")}
    ${[0, 8, 16].map((at) => `ld t0, ${at}(tp); ${fold("t0")}`).join("\n")}
    ${UNTOUCHED.map((n) => fold(`x${n}`)).join("\n")}
    sd t2, ${HASH}(tp)
    ld t1, ${COUNT}(tp); addi t1, t1, 1; sd t1, ${COUNT}(tp)
  `;
}

/** Behind the instruction that trapped; a place that cannot be fetched is left as if it had returned. */
function resume(x: "m" | "s"): string {
  return `
    csrr t0, ${x}cause; addi t0, t0, -1; beqz t0, 1f; addi t0, t0, -11; beqz t0, 1f
    csrr t0, ${x}epc; addi t0, t0, 4; csrw ${x}epc, t0; j 2f
    1: csrw ${x}epc, ra
    2: ld t0, 0(tp); ld t1, 8(tp); ld t2, 16(tp)
    csrrw tp, ${x}scratch, tp
    ${x}ret
  `;
}

const SERVICES = `
    services:
    li t1, ${SERVICE.satp}; bne a7, t1, 1f
    csrr t0, satp; xor t0, t0, t5; csrw satp, t0; sfence.vma; j resume
    1: li t1, ${SERVICE.pmp}; bne a7, t1, 1f
    csrw pmpaddr0, t6; csrw pmpaddr1, t5; csrw pmpcfg0, t4; sfence.vma; j resume
    1: li t1, ${SERVICE.status}; bne a7, t1, 1f
    csrr t0, mstatus; xor t0, t0, t5; csrw mstatus, t0; j resume
    1: li t1, ${SERVICE.entry}; bne a7, t1, resume
    ld t0, 0(t5); xor t0, t0, t6; sd t0, 0(t5)
    beqz t4, 1f; sfence.vma t4, zero; j resume
    1: sfence.vma; j resume
`;

export function machineHandler(): string {
  return `
    .align 2
    handler:
    csrrw tp, mscratch, tp
    sd t0, 0(tp); sd t1, 8(tp); sd t2, 16(tp)
    csrr t0, mcause
    bltz t0, interrupt
    addi t0, t0, -8; li t1, 3; bgtu t0, t1, slow
    li t1, ${QUICK_CALL}; bne a7, t1, slow
    addi a0, a0, 1; j resume
    slow:
    ${hash("m")}
    li t0, ${MAX_TRAPS}; bgeu t1, t0, power_off
    csrr t0, mcause; addi t0, t0, -8
    li t1, 3
    bgtu t0, t1, resume
    li t1, ${END_CALL}
    bne a7, t1, services
    power_off:
    csrw sscratch, zero
    li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)
    1: j 1b
    ${SERVICES}
    resume: ${resume("m")}
    interrupt:
    slli t0, t0, 1; addi t0, t0, -2; bnez t0, timer
    csrci mip, 2
    ${hash("m")}
    j back
    timer:
    csrr t1, time; csrr t2, stimecmp; sub t1, t1, t2
    li t2, ${LATE_TICKS}; sltu t1, t2, t1
    ld t2, ${LATE}(tp); add t2, t2, t1; sd t2, ${LATE}(tp)
    ld t2, ${INTERRUPTS}(tp); addi t2, t2, 1; sd t2, ${INTERRUPTS}(tp)
    li t1, -1; csrw stimecmp, t1
    back:
    ld t0, 0(tp); ld t1, 8(tp); ld t2, 16(tp)
    csrrw tp, mscratch, tp
    mret
  `;
}

/** Calls from U-mode that only M-mode can answer are passed on. */
export function supervisorHandler(): string {
  return `
    .org ${RAM + SUPERVISOR_AT}
    supervisor:
    csrrw tp, sscratch, tp
    sd t0, 0(tp); sd t1, 8(tp); sd t2, 16(tp)
    csrr t0, scause
    bltz t0, 1f
    addi t0, t0, -8; bnez t0, 2f
    li t1, ${QUICK_CALL}; bne a7, t1, 2f
    addi a0, a0, 1; j s_resume
    1: csrci sip, 2
    ${hash("s")}
    ld t0, 0(tp); ld t1, 8(tp); ld t2, 16(tp)
    csrrw tp, sscratch, tp
    sret
    2: ${hash("s")}
    li t0, ${MAX_TRAPS}; bltu t1, t0, 1f; li a7, ${END_CALL}; ecall
    1: csrr t0, scause; addi t0, t0, -8; bnez t0, s_resume
    li t1, ${END_CALL}; bltu a7, t1, s_resume
    ecall
    s_resume: ${resume("s")}
  `;
}

/** Sets both handlers up. @param delegated traps that go to S-mode, 0 for none */
export function installHandlers(delegated: number): string {
  return `
    la t0, handler; csrw mtvec, t0
    li t0, ${RAM + SAVE_AT}; csrw mscratch, t0
    li t0, ${LINEAR_AT + SUPERVISOR_AT}; csrw stvec, t0
    li t0, ${LINEAR_AT + SUPERVISOR_SAVE_AT}; csrw sscratch, t0
    li t0, ${delegated}; csrw medeleg, t0
    li t0, ${delegated ? 2 : 0}; csrw mideleg, t0
  `;
}
