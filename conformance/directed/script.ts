/**
 * Writes directed tests: bare-metal assembly with numbered checks. A test runs pieces of code in a
 * mode of its choice; every trap comes back to M-mode with what it was in registers:
 *
 *     s2 mcause   s3 mtval   s4 mepc   s5 mstatus   (s6 scause, s7 stval, s8 sepc, s9 sstatus of a
 *     trap that S-mode took, s10 the vector it came through)
 *
 * t0 to t2, tp and s11 belong to the script; everything else keeps its value between pieces.
 */
import type { AiaKind } from "../../src/protocol/machine-service.ts";

export type ModeName = "U" | "S" | "M";

/** What a piece of code is expected to end with. */
export interface Expected {
  readonly cause: bigint;
  readonly tval?: bigint;
}

export const INTERRUPT = 1n << 63n;

const MPP: Readonly<Record<ModeName, bigint>> = { U: 0n, S: 1n, M: 3n };
const ECALL: Readonly<Record<ModeName, bigint>> = { U: 8n, S: 9n, M: 11n };

export const ORIGIN = 0x8000_0000n;
/** Where a test says that it has ended: 1, or twice the failed check's number plus 1. */
export const TOHOST = 0x8010_0000n;
/** Free memory for tests. */
export const DATA = 0x8020_0000n;
/** U-mode code runs here when it is translated: see identityMap in the paging tests. */
export const USER_ALIAS = 0x4000_0000n;

const PRELUDE = `
    la t0, handler
    csrw mtvec, t0
    la t0, s_vectors
    csrw stvec, t0
    li t0, -1
    csrw pmpaddr0, t0
    li t0, 0x1f
    csrw pmpcfg0, t0
    li t0, 0x6000
    csrs mstatus, t0
    li t0, 0x2004000
    li t1, -1
    sd t1, 0(t0)
    li tp, 0
    j body
    .align 2
handler:
    lui s2, 0x20
    csrrc s5, mstatus, s2
    csrr s2, mcause
    csrr s3, mtval
    csrr s4, mepc
    beqz tp, failed
    csrw mepc, tp
    li tp, 0
    li t0, 0x1800
    csrs mstatus, t0
    li t0, 0x80
    csrc mstatus, t0
    mret
failed:
    slli s11, s11, 1
    addi s11, s11, 1
end:
    li t0, ${TOHOST}
    sd s11, 0(t0)
    j end
    .align 8
s_vectors:
${"    jal s10, s_handler\n".repeat(16)}
s_handler:
    csrr s6, scause
    csrr s7, stval
    csrr s8, sepc
    csrr s9, sstatus
    ecall
body:
`;

export class Script {
  readonly name: string;
  /** Descriptions of the checks, the first being number 1. */
  readonly checks: string[] = [];
  readonly #lines: string[] = [];
  #labels = 0;

  constructor(name: string) {
    this.name = name;
  }

  /** The whole program. */
  get source(): string {
    return `${PRELUDE}${this.#lines.join("\n")}\n    li s11, 1\n    j end\n`;
  }

  raw(...lines: readonly string[]): void {
    this.#lines.push(...lines);
  }

  /** A label that nothing else uses. */
  label(): string {
    this.#labels++;
    return `label_${this.#labels}`;
  }

  /** Starts check `description`. */
  check(description: string): void {
    this.checks.push(description);
    this.raw(`li s11, ${this.checks.length}`);
  }

  /** The current check fails unless the register holds `value`. */
  equal(register: string, value: bigint): void {
    const same = this.label();
    this.raw(`li t0, ${value}`, `beq ${register}, t0, ${same}`, "j failed", `${same}:`);
  }

  /** Checks a register. */
  expect(description: string, register: string, value: bigint): void {
    this.check(description);
    this.equal(register, value);
  }

  /** Checks a CSR as M-mode reads it, all of it or the bits of `mask`. */
  expectCsr(description: string, csr: string, value: bigint, mask = ~0n): void {
    this.check(description);
    this.raw(`csrr t1, ${csr}`, `li t2, ${BigInt.asUintN(64, mask)}`, "and t1, t1, t2");
    this.equal("t1", value);
  }

  writeCsr(csr: string, value: bigint): void {
    this.raw(`li t0, ${value}`, `csrw ${csr}, t0`);
  }

  setCsr(csr: string, bits: bigint): void {
    this.raw(`li t0, ${bits}`, `csrs ${csr}, t0`);
  }

  clearCsr(csr: string, bits: bigint): void {
    this.raw(`li t0, ${bits}`, `csrc ${csr}, t0`);
  }

  /** Stores a 64-bit word. */
  poke(address: bigint, value: bigint): void {
    this.raw(`li t0, ${address}`, `li t1, ${value}`, "sd t1, 0(t0)");
  }

  /** Checks a 64-bit word of memory, all of it or the bits of `mask`. */
  expectMemory(description: string, address: bigint, value: bigint, mask = ~0n): void {
    this.check(description);
    this.raw(`li t1, ${address}`, "ld t1, 0(t1)", `li t2, ${BigInt.asUintN(64, mask)}`);
    this.raw("and t1, t1, t2");
    this.equal("t1", value);
  }

  /**
   * Runs lines in a mode until they trap; an ECALL follows them.
   *
   * @param offset of the virtual addresses at which the code runs from its physical ones
   */
  run(mode: ModeName, lines: readonly string[], offset = 0n): void {
    const code = this.label();
    const after = this.label();
    this.raw(`la tp, ${after}`);
    // MPIE is cleared as well: M-mode code runs with MIE clear.
    this.raw("li t0, 0x1880", "csrc mstatus, t0", `li t0, ${MPP[mode] << 11n}`, "csrs mstatus, t0");
    this.raw(`la t0, ${code}`, `li t1, ${offset}`, "add t0, t0, t1", "csrw mepc, t0", "mret");
    this.raw(`${code}:`, ...lines, "ecall", `${after}:`);
  }

  /** Checks that lines trap as expected. */
  traps(
    description: string,
    mode: ModeName,
    lines: readonly string[],
    { cause, tval }: Expected,
    offset = 0n,
  ): void {
    this.check(description);
    this.run(mode, lines, offset);
    this.equal("s2", cause);
    if (tval !== undefined) this.equal("s3", tval);
  }

  /** Checks that lines run to their end. */
  runs(description: string, mode: ModeName, lines: readonly string[], offset = 0n): void {
    this.traps(description, mode, lines, { cause: ECALL[mode] }, offset);
  }
}

/** A test by its name; `write` fills the script. */
export interface DirectedTest {
  readonly name: string;
  readonly write: (script: Script) => void;
  /** The clock is the host's; otherwise it counts instructions. */
  readonly realTime?: true;
  /** The machine's interrupt controllers; the PLIC when absent. */
  readonly aia?: AiaKind;
}
