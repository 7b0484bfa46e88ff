/**
 * The bare-metal program that runs the fuzzed ones: loads a context, enters it, records every trap
 * and continues behind it, stores the final state, takes the next context, and powers off.
 *
 * One register, `c`, is the harness's own while programs run: it lets the trap handler clear
 * mstatus.MPRV before the first memory access. Which register that is changes from image to image,
 * so that every register gets fuzzed.
 */
import {
  CSRS_IN,
  CSRS_OUT,
  LOG_FIELDS,
  OLD_STATUS_AT,
  PMP_IN,
  SAVE_AT,
  contextAt,
} from "./context.ts";
import type { Word } from "./context.ts";
import { LOG_ENTRY_BYTES, STUB_BYTES, STUB_SRET } from "./region.ts";

const MPRV = 0x2_0000;
const FS_DIRTY = 0x6000;
/** SSIP, STIP and SEIP: the timer and software lines of M-mode depend on the clock. */
export const STABLE_MIP = 0x222;
const ECALL_FROM_S = 9;
const BREAKPOINT = 3;
const POWER_OFF = 0x5555;
const TEST_DEVICE = 0x10_0000;
/** Of hart 0, in the ACLINT. */
const MTIMECMP = 0x200_4000;

/** Registers that the harness may keep for itself. */
export const HARNESS_REGISTERS: readonly number[] = Array.from({ length: 27 }, (_, i) => i + 5);

const REGISTERS = Array.from({ length: 32 }, (_, i) => i);

/** Registers that the trap handler borrows: never ra, which says where to go after a wild jump. */
function temporaries(c: number): number[] {
  return [10, 11, 12, 13, 14, 15].filter((n) => n !== c).slice(0, 5);
}

/** CSRs that the engines to be compared all have. */
export type CsrFilter = (name: string) => boolean;

/** What the harness may rely on in both engines. */
export interface Target {
  readonly hasCsr: CsrFilter;
  /** Breakpoints report their address in xtval; otherwise it is cleared before it is logged. */
  readonly breakpointValue: boolean;
}

/** Names for one image's harness: its register, the borrowed ones, operands in the context. */
interface Names {
  readonly c: string;
  readonly t: readonly [string, string, string, string, string];
  readonly number: number;
  readonly has: CsrFilter;
  readonly breakpointValue: boolean;
}

function namesOf(number: number, target: Target): Names {
  const t = temporaries(number).map((n) => `x${n}`) as [string, string, string, string, string];
  const { hasCsr, breakpointValue } = target;
  return { c: `x${number}`, t, number, has: hasCsr, breakpointValue };
}

/** Assembly of the harness, with register `c`; `first` is the first context's middle. */
export function harnessSource(c: number, first: number, target: Target): string {
  const names = namesOf(c, target);
  return [
    // Nothing may depend on when the clock passes mtimecmp.
    `li ${names.t[0]}, ${MTIMECMP}`,
    `li ${names.t[1]}, -1`,
    `sd ${names.t[1]}, 0(${names.t[0]})`,
    `li ${names.c}, ${first}`,
    ...enter(names),
    ".align 2",
    ...trap(names),
    ...resume(names),
    ...leave(names),
    ...finish(names),
  ].join("\n");
}

/** Code of the S-mode stub: every vector calls the harness, which comes back to the SRET. */
export function stubSource(): string {
  return `${"ecall\n".repeat(STUB_SRET / 4)}sret\n`;
}

function word({ c }: Names, name: Word): string {
  return `${contextAt.word(name)}(${c})`;
}

/** Loads a CSR from the context. */
function setCsr({ c, t }: Names, name: string, at: number): string[] {
  return [`ld ${t[0]}, ${at}(${c})`, `csrw ${name}, ${t[0]}`];
}

/** Everything but x0 and the harness's own register. */
function others({ number }: Names): number[] {
  return REGISTERS.filter((n) => n !== 0 && n !== number);
}

function enter(names: Names): string[] {
  const { c, t, has } = names;
  return [
    "begin:",
    `la ${t[0]}, trap`,
    `csrw mtvec, ${t[0]}`,
    `csrw mscratch, ${c}`,
    `ld ${t[0]}, ${word(names, "pmp")}`,
    `beqz ${t[0]}, pmp_done`,
    "csrw pmpcfg0, x0",
    "csrw pmpcfg2, x0",
    ...PMP_IN.flatMap((name) => setCsr(names, name, contextAt.pmp(name))),
    "pmp_done:",
    ...CSRS_IN.filter(has).flatMap((name) => setCsr(names, name, contextAt.csr(name))),
    "sfence.vma",
    "fence.i",
    `li ${t[0]}, ${FS_DIRTY}`,
    `csrs mstatus, ${t[0]}`,
    ...REGISTERS.map((n) => `fld f${n}, ${contextAt.f(n)}(${c})`),
    ...setCsr(names, "fcsr", contextAt.word("fcsr")),
    ...setCsr(names, "mstatus", contextAt.word("mstatus")),
    ...setCsr(names, "mepc", contextAt.word("entry")),
    // A store-conditional ends whatever reservation the previous program left.
    `addi ${t[0]}, ${c}, ${contextAt.word("scratch")}`,
    `sc.d x0, x0, (${t[0]})`,
    ...others(names).map((n) => `ld x${n}, ${contextAt.x(n)}(${c})`),
    "mret",
  ];
}

function saved({ c, t }: Names): (readonly [string, string])[] {
  return t.map((name, i) => [name, `${SAVE_AT + 8 * i}(${c})`] as const);
}

/** Saves and logs; then t3 is the cause, t4 the pc, and t0 says whether the stub passed it on. */
function trap(names: Names): string[] {
  const { c, t } = names;
  return [
    "trap:",
    `lui ${c}, ${MPRV >> 12}`,
    `csrrc ${c}, mstatus, ${c}`,
    `csrrw ${c}, mscratch, ${c}`,
    ...saved(names).map(([name, at]) => `sd ${name}, ${at}`),
    `csrr ${t[0]}, mscratch`,
    `sd ${t[0]}, ${OLD_STATUS_AT}(${c})`,
    `csrw mscratch, ${c}`,
    ...(names.breakpointValue ? [] : [...clearValue(names, "m"), ...clearValue(names, "s")]),
    `ld ${t[1]}, ${word(names, "logAt")}`,
    `ld ${t[2]}, ${word(names, "logEnd")}`,
    `bgeu ${t[1]}, ${t[2]}, finish`,
    ...log(names),
    `csrr ${t[3]}, mcause`,
    `csrr ${t[4]}, mepc`,
    `ld ${t[1]}, ${word(names, "stub")}`,
    `sub ${t[1]}, ${t[4]}, ${t[1]}`,
    `sltiu ${t[0]}, ${t[1]}, ${STUB_BYTES}`,
    `beqz ${t[0]}, resume`,
    `addi ${t[2]}, ${t[3]}, -${ECALL_FROM_S}`,
    `bnez ${t[2]}, finish`,
    ...passedOn(names),
  ];
}

/** Clears mtval or stval when the cause beside it is a breakpoint. */
function clearValue({ t }: Names, mode: "m" | "s"): string[] {
  const label = `keep_${mode}tval`;
  return [
    `csrr ${t[2]}, ${mode}cause`,
    `addi ${t[2]}, ${t[2]}, -${BREAKPOINT}`,
    `bnez ${t[2]}, ${label}`,
    `csrw ${mode}tval, x0`,
    `${label}:`,
  ];
}

/** Appends an entry at t1. */
function log(names: Names): string[] {
  const { t } = names;
  const [value, entry] = t;
  const fields = LOG_FIELDS.flatMap((name, i) => {
    if (name === "mstatus") return [`sd ${value}, ${8 * i}(${entry})`];
    const mask = name === "mip" ? [`andi ${t[2]}, ${t[2]}, ${STABLE_MIP}`] : [];
    return [`csrr ${t[2]}, ${name}`, ...mask, `sd ${t[2]}, ${8 * i}(${entry})`];
  });
  const at = word(names, "logAt");
  return [...fields, `addi ${entry}, ${entry}, ${LOG_ENTRY_BYTES}`, `sd ${entry}, ${at}`];
}

/** A trap that S-mode took: continue at the stub's SRET, with sepc behind the instruction. */
function passedOn(names: Names): string[] {
  const { t } = names;
  return [
    `csrr ${t[3]}, scause`,
    `csrr ${t[4]}, sepc`,
    `ld ${t[1]}, ${word(names, "stub")}`,
    `addi ${t[2]}, ${t[1]}, ${STUB_SRET}`,
    `csrw mepc, ${t[2]}`,
    `sub ${t[1]}, ${t[4]}, ${t[1]}`,
    `sltiu ${t[2]}, ${t[1]}, ${STUB_BYTES}`,
    `bnez ${t[2]}, finish`,
  ];
}

/** Computes in t4 where to go on: the next instruction, or ra after a wild jump. */
function resume(names: Names): string[] {
  const { t } = names;
  const offsetOfT4 = [
    `ld ${t[1]}, ${word(names, "codeAt")}`,
    `sub ${t[1]}, ${t[4]}, ${t[1]}`,
    `ld ${t[2]}, ${word(names, "codeBytes")}`,
  ];
  return [
    "resume:",
    `bltz ${t[3]}, interrupt`,
    ...offsetOfT4,
    `bgeu ${t[1]}, ${t[2]}, outside`,
    `ld ${t[2]}, ${word(names, "endAt")}`,
    `bgeu ${t[1]}, ${t[2]}, finish`,
    ...skip(names),
    "j set",
    "outside:",
    `mv ${t[4]}, ra`,
    ...offsetOfT4,
    `bgeu ${t[1]}, ${t[2]}, finish`,
    "j set",
    "interrupt:",
    `andi ${t[1]}, ${t[3]}, 63`,
    `li ${t[2]}, 1`,
    `sll ${t[2]}, ${t[2]}, ${t[1]}`,
    `csrc mie, ${t[2]}`,
  ];
}

/** Moves t4 behind the instruction at offset t1 of the code: 2 or 4 bytes by its low bits. */
function skip(names: Names): string[] {
  const { t } = names;
  return [
    `ld ${t[2]}, ${word(names, "codeFrame")}`,
    `add ${t[2]}, ${t[2]}, ${t[1]}`,
    `lhu ${t[2]}, 0(${t[2]})`,
    `andi ${t[2]}, ${t[2]}, 3`,
    `addi ${t[2]}, ${t[2]}, -3`,
    `sltiu ${t[2]}, ${t[2]}, 1`,
    `slli ${t[2]}, ${t[2]}, 1`,
    `add ${t[4]}, ${t[4]}, ${t[2]}`,
    `addi ${t[4]}, ${t[4]}, 2`,
  ];
}

/** Returns to the program; a trap that came from M-mode with MPRV set goes back with it set. */
function leave(names: Names): string[] {
  const { c, t } = names;
  const restore = saved(names).map(([name, at]) => `ld ${name}, ${at}`);
  return [
    "set:",
    `bnez ${t[0]}, set_s`,
    `csrw mepc, ${t[4]}`,
    "j back",
    "set_s:",
    `csrw sepc, ${t[4]}`,
    "back:",
    `ld ${t[0]}, ${OLD_STATUS_AT}(${c})`,
    `srli ${t[0]}, ${t[0]}, ${Math.log2(MPRV)}`,
    `andi ${t[0]}, ${t[0]}, 1`,
    `bnez ${t[0]}, back_mprv`,
    ...restore,
    "mret",
    "back_mprv:",
    ...restore,
    `lui ${c}, ${MPRV >> 12}`,
    `csrs mstatus, ${c}`,
    "mret",
  ];
}

/** Stores the final state and goes on to the next program. */
function finish(names: Names): string[] {
  const { c, t, has } = names;
  const save = new Map(saved(names));
  const direct = others(names).filter((n) => !save.has(`x${n}`));
  const out = (name: string, at: number): string[] => [
    `csrr ${t[0]}, ${name}`,
    `sd ${t[0]}, ${at}(${c})`,
  ];
  return [
    "finish:",
    ...direct.map((n) => `sd x${n}, ${contextAt.xOut(n)}(${c})`),
    ...[...save].flatMap(([name, at]) => [
      `ld ${t[0]}, ${at}`,
      `sd ${t[0]}, ${contextAt.xOut(Number(name.slice(1)))}(${c})`,
    ]),
    `ld ${t[0]}, ${OLD_STATUS_AT}(${c})`,
    `sd ${t[0]}, ${contextAt.statusOut}(${c})`,
    `li ${t[0]}, ${FS_DIRTY}`,
    `csrs mstatus, ${t[0]}`,
    ...REGISTERS.map((n) => `fsd f${n}, ${contextAt.fOut(n)}(${c})`),
    ...out("fcsr", contextAt.fcsrOut),
    ...CSRS_OUT.filter(has).flatMap((name) => out(name, contextAt.csrOut(name))),
    `ld ${c}, ${word(names, "next")}`,
    `bnez ${c}, begin`,
    `li ${t[0]}, ${TEST_DEVICE}`,
    `li ${t[1]}, ${POWER_OFF}`,
    `sw ${t[1]}, 0(${t[0]})`,
    "stop:",
    "j stop",
    "",
  ];
}
