/** What generated programs begin with: from reset to their first instruction. */
import type { Xorshift } from "../../../src/util/xorshift.ts";
import { installHandlers, machineHandler, supervisorHandler } from "./handlers.ts";
import {
  DATA_AT,
  DATA_BYTES,
  DATA_MIDDLE,
  DEVICES_AT,
  LINEAR_AT,
  Mode,
  RAM,
  seen,
  STACK_AT,
  STACK_TOP,
  TWINS_AT,
  WINDOW_AT,
} from "./layout.ts";
import { satpOf } from "./page-tables.ts";

const STCE = 1n << 63n;
const ADUE = 1n << 61n;
const SUM = 1n << 18n;
const MXR = 1n << 19n;

/** Causes that S-mode handles where it handles any. */
const DELEGATED = (1 << 2) | (1 << 3) | (1 << 5) | (1 << 7) | (1 << 8) | (11 << 12);

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
    li s1, ${seen(mode, STACK_AT)}
    li s8, ${middle + random.below(0x8000)}
    li s9, ${middle + (random.below(0x8000) & ~7)}
  `;
}

/** pmpaddr of a few naturally aligned bytes of code, stack or data. */
function dividingRange(random: Xorshift): number {
  const bytes = 8 << random.below(8);
  const at = RAM + TWINS_AT + random.below(DATA_AT + DATA_BYTES - TWINS_AT);
  return (at - (at % bytes)) / 4 + bytes / 8 - 1;
}

/** From reset to label `main`, in \`mode\`. */
export function startUp(mode: Mode, random: Xorshift): string {
  const fs = random.pick([0n, 1n, 2n, 3n, 3n, 3n]) << 13n;
  const status = fs | (BigInt(mode) << 11n) | 0x80n | random.pick([0n, SUM | MXR, SUM, MXR]);
  const floats = Array.from({ length: 32 }, (_, i) => `fld f${i}, ${8 * i}(t0)`);
  const delegated = mode === Mode.M ? 0 : random.pick([0, DELEGATED, DELEGATED & random.u32()]);
  return `
    ${installHandlers(delegated)}
    li t0, -1; csrw pmpaddr15, t0; csrw mcounteren, t0; csrw scounteren, t0
    li t0, ${0x1fn << 56n}; csrw pmpcfg2, t0
    li t0, ${dividingRange(random)}; csrw pmpaddr2, t0
    li t0, ${STCE | random.pick([0n, ADUE])}; csrw menvcfg, t0
    li t0, -1; csrw stimecmp, t0
    li t0, ${satpOf(0)}; csrw satp, t0
    sfence.vma
    li t0, 0x22; csrw mie, t0
    li t0, 0x6000; csrs mstatus, t0
    li t0, ${random.pick([0, 1, 1, 1, random.below(256)])}; csrw fcsr, t0
    li t0, ${RAM + DATA_AT}
    ${floats.join("\n")}
    li t0, ${status}; csrw mstatus, t0
    la t0, main; li t1, ${seen(mode, 0) - RAM}; add t0, t0, t1; csrw mepc, t0
    ${registers(mode, random)}
    mret
    ${machineHandler()}
    ${supervisorHandler()}
    .org ${RAM + TWINS_AT}
  `;
}
