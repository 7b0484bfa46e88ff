/**
 * Start-up code and trap handler of generated programs. The handler folds cause, address, retired
 * instructions and every register into a hash, so that a trap that is not precise shows in memory.
 */
import type { Xorshift } from "../../../src/util/xorshift.ts";
import {
  CODE_AT,
  DATA_AT,
  DATA_MIDDLE,
  DEVICES_AT,
  LINEAR_AT,
  Mode,
  RAM,
  SAVE_AT,
  STACK_TOP,
  TABLES_AT,
  WINDOW_AT,
} from "./program.ts";

/** Value of a7 with which ECALL ends the program. */
export const END_CALL = 0x5afe;

/** Ticks that a timer interrupt may come late: 45,000 instructions of deterministic time. */
const LATE_TICKS = 4500;

const STCE = 1n << 63n;
const ADUE = 1n << 61n;
const SUM_MXR = 3n << 18n;

/** Offsets in the save area. */
const COUNT = 64;
const HASH = 72;
const INTERRUPTS = 80;
const LATE = 88;

/** t2 = 33 * t2 ^ register, through t1. */
function fold(register: string): string {
  return `slli t1, t2, 5; add t2, t2, t1; xor t2, t2, ${register}`;
}

/** Registers that the handler has not overwritten when it hashes; tp is the interrupted t0's keeper. */
const UNTOUCHED = [1, 2, 3, ...Array.from({ length: 24 }, (_, i) => 8 + i)];

function handler(): string {
  const folds = UNTOUCHED.map((n) => fold(`x${n}`)).join("\n");
  return `
    .align 2
    handler:
    csrrw tp, mscratch, tp
    sd t0, 0(tp); sd t1, 8(tp); sd t2, 16(tp)
    csrr t0, mcause
    bltz t0, interrupt
    ld t2, ${HASH}(tp)
    ${fold("t0")}
    csrr t0, mepc; ${fold("t0")}
    csrr t0, mtval; ${fold("t0")}
    csrr t0, instret; ${fold("t0")}
    csrr t0, mstatus; ${fold("t0")}
    csrr t0, mscratch; ${fold("t0")}
    ld t0, 0(tp); ${fold("t0")}
    ld t0, 8(tp); ${fold("t0")}
    ld t0, 16(tp); ${fold("t0")}
    ${folds}
    sd t2, ${HASH}(tp)
    ld t1, ${COUNT}(tp); addi t1, t1, 1; sd t1, ${COUNT}(tp)
    csrr t0, mcause; addi t0, t0, -8
    li t1, 3
    bgtu t0, t1, resume
    li t1, ${END_CALL}
    beq a7, t1, power_off
    resume:
    csrr t0, mepc; addi t0, t0, 4; csrw mepc, t0
    back:
    ld t0, 0(tp); ld t1, 8(tp); ld t2, 16(tp)
    csrrw tp, mscratch, tp
    mret
    interrupt:
    csrr t1, time; csrr t2, sscratch; sub t1, t1, t2
    li t2, ${LATE_TICKS}; sltu t1, t2, t1
    ld t2, ${LATE}(tp); add t2, t2, t1; sd t2, ${LATE}(tp)
    ld t2, ${INTERRUPTS}(tp); addi t2, t2, 1; sd t2, ${INTERRUPTS}(tp)
    li t1, -1; csrw stimecmp, t1
    j back
    power_off:
    csrw sscratch, zero
    li t0, 0x100000; li t1, 0x5555; sw t1, 0(t0)
    1: j 1b
  `;
}

/** Where a program in `mode` finds `at` of its image. */
function seen(mode: Mode, at: number): number {
  return (mode === Mode.M ? RAM : LINEAR_AT) + at;
}

function random64(random: Xorshift): bigint {
  const value = (BigInt(random.u32()) << 32n) | BigInt(random.u32());
  return random.pick([value, value >> 32n, BigInt(random.below(64)), -BigInt(random.below(300))]);
}

/** Registers by whose values programs find memory, and random ones for the rest. */
function registers(mode: Mode, random: Xorshift): string {
  const window = mode !== Mode.M && random.below(2) === 0;
  const data = window ? LINEAR_AT + WINDOW_AT : seen(mode, DATA_AT);
  const lines = Array.from({ length: 31 }, (_, i) => `li x${i + 1}, ${random64(random)}`);
  const middle = data + DATA_MIDDLE;
  return `
    ${lines.join("\n")}
    li sp, ${seen(mode, STACK_TOP) - 64}
    li gp, ${middle}
    li s0, ${mode === Mode.M ? 0x1000_0000 : LINEAR_AT + DEVICES_AT}
    li s8, ${middle + random.below(0x8000)}
    li s9, ${middle + (random.below(0x8000) & ~7)}
  `;
}

/** From reset to label `main`, in \`mode\`. */
export function startUp(mode: Mode, random: Xorshift): string {
  const fs = random.pick([0n, 3n, 3n, 3n]) << 13n;
  const status = fs | (BigInt(mode) << 11n) | 0x80n | random.pick([0n, SUM_MXR]);
  const floats = Array.from({ length: 32 }, (_, i) => `fld f${i}, ${8 * i}(t0)`);
  return `
    la t0, handler; csrw mtvec, t0
    li t0, ${RAM + SAVE_AT}; csrw mscratch, t0
    li t0, -1; csrw pmpaddr0, t0; csrw mcounteren, t0; csrw scounteren, t0
    li t0, 0x1f; csrw pmpcfg0, t0
    li t0, ${STCE | random.pick([0n, ADUE])}; csrw menvcfg, t0
    li t0, -1; csrw stimecmp, t0
    li t0, ${(8n << 60n) | BigInt((RAM + TABLES_AT) / 4096)}; csrw satp, t0
    sfence.vma
    li t0, 0x20; csrw mie, t0
    li t0, 0x6000; csrs mstatus, t0
    li t0, ${RAM + DATA_AT}
    ${floats.join("\n")}
    li t0, ${status}; csrw mstatus, t0
    li t0, ${seen(mode, CODE_AT)}; csrw mepc, t0
    ${registers(mode, random)}
    mret
    ${handler()}
    .org ${RAM + CODE_AT}
  `;
}
