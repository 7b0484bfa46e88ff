/**
 * Writes programs in which several harts work on something together: bare assembly with numbered
 * checks, of which any hart may fail one. Every hart has its own part.
 *
 *     s0 the hart's number    gp barrier's next count    tp random number
 *     t5, t6 belong to trap handlers    t0–t4 to what this class writes    the rest is the parts'
 *
 * The supervisor timer interrupt is enabled for `IDLE` and delegated, so that M-mode never takes it.
 */

/** Free memory, 1 MiB of zeroes. */
export const SHARED = 0x8100_0000;
/** Eight dwords that are printed at the end. */
export const NOTES = SHARED + 0xf_0000;
const BARRIER = SHARED + 0xf_1000;
const FAILED = SHARED + 0xf_2000;
/** Room for page tables, and for frames that they lead to. */
export const TABLES = 0x8180_0000;
export const FRAMES = 0x8200_0000;

export const MSIP = 0x200_0000;
export const MTIMECMP = 0x200_4000;
const UART = 0x1000_0000;
const POWER = 0x10_0000;

/**
 * Sleeps for 50 µs or until an interrupt is pending, in M- and S-mode; changes t3. Whoever only waits
 * leaves its processor to others this way: there may be fewer than harts.
 */
export const IDLE = "csrr t3, time; addi t3, t3, 500; csrw stimecmp, t3; wfi";

export class HartProgram {
  readonly harts: number;
  /** Descriptions of the checks, the first being number 1; 0 is a trap that nobody expects. */
  readonly checks: string[] = [];
  readonly #parts: string[][];
  #labels = 0;

  constructor(harts: number) {
    this.harts = harts;
    this.#parts = Array.from({ length: harts }, () => []);
  }

  /** Adds lines to the part of one hart. */
  on(hart: number, ...lines: readonly string[]): void {
    this.#parts[hart]?.push(...lines);
  }

  /** Adds lines to every hart's part. */
  onAll(lines: (hart: number) => readonly string[]): void {
    for (let hart = 0; hart < this.harts; hart++) this.on(hart, ...lines(hart));
  }

  /** A label that nothing else uses. */
  label(): string {
    this.#labels++;
    return `label_${this.#labels}`;
  }

  /** Lines that fail a check unless the branch `condition` ("beq a1, a2") is taken. */
  check(description: string, condition: string): string {
    if (!this.checks.includes(description)) this.checks.push(description);
    const number = this.checks.indexOf(description) + 1;
    const good = this.label();
    const [, left = "zero", right = "zero"] = /^b\w+ (\w+)(?:, (\w+))?$/.exec(condition) ?? [];
    return `
      ${condition}, ${good}
      mv a1, ${left}; mv a2, ${right}; li a0, ${number}; la t0, fail; jr t0
      ${good}:
    `;
  }

  /** Every hart waits until every hart is here. */
  barrier(): string {
    return `
      addi gp, gp, ${this.harts}
      li t0, ${BARRIER}; li t1, 1; fence rw, rw; amoadd.w.aqrl zero, t1, (t0)
      ${this.until("lw t1, 0(t0)", "bgeu t1, gp")}
      fence rw, rw
    `;
  }

  /** Lines that wait until a branch behind `look` is taken: a while by looking, then half asleep. */
  until(look: string, condition: string): string {
    const [again, looks, done] = [this.label(), this.label(), this.label()];
    return `
      ${again}: li t4, 200
      ${looks}: ${look}; ${condition}, ${done}
      addi t4, t4, -1; bnez t4, ${looks}
      ${IDLE}; j ${again}
      ${done}:
    `;
  }

  /** rd = the next random number, below 2^bits. */
  random(rd: string, bits: number): string {
    return `li t0, 0x5851f42d4c957f2d; mul tp, tp, t0; addi tp, tp, 1; srli ${rd}, tp, ${64 - bits}`;
  }

  /** The whole program. */
  get source(): string {
    const parts = this.#parts.map(
      (lines, hart) => `hart_${hart}:\n${lines.join("\n")}\nla t0, finish\njr t0`,
    );
    const table = this.#parts.map((_, hart) => `.dword hart_${hart}`);
    return `
      li t0, 0x20; csrw mie, t0; csrw mideleg, t0; csrwi mcounteren, 7
      li t0, 0x8000000000000000; csrw menvcfg, t0
      la t0, unexpected; csrw mtvec, t0
      csrr s0, mhartid
      li t0, -1; csrw pmpaddr0, t0; li t0, 0x1f; csrw pmpcfg0, t0
      li t0, ${MTIMECMP}; slli t1, s0, 3; add t0, t0, t1; li t1, -1; sd t1, 0(t0)
      li gp, 0; addi tp, s0, 77
      slli t0, s0, 3; la t1, table; add t0, t0, t1; ld t0, 0(t0); jr t0
      .align 3
      table: ${table.join("\n")}
      ${parts.join("\n")}
      finish: csrwi mstatus, 0; li t0, 0x20; csrw mie, t0
      ${this.barrier()}
      1: bnez s0, 2f
      li a3, 79; jal ra, put; li a3, 75; jal ra, put
      li s2, ${NOTES}; li s3, 8
      1: ld a4, 0(s2); jal ra, hex; addi s2, s2, 8; addi s3, s3, -1; bnez s3, 1b
      j off
      2: wfi; j 2b
      .align 2
      unexpected: csrr a1, mcause; csrr a2, mepc; li a0, 0
      fail: csrw mie, zero; li t0, ${FAILED}; li t1, 1; amoswap.w t1, t1, (t0)
      1: bnez t1, 1b
      li a3, 78; jal ra, put; li a3, 79; jal ra, put
      mv a4, s0; jal ra, hex; mv a4, a0; jal ra, hex; mv a4, a1; jal ra, hex; mv a4, a2; jal ra, hex
      off: li a3, 10; jal ra, put
      li t0, ${POWER}; li t1, 0x5555; sw t1, 0(t0)
      1: j 1b
      hex: mv t4, ra; li a3, 32; jal ra, put; li t3, 60
      1: srl a3, a4, t3; andi a3, a3, 15; li t0, 10; bltu a3, t0, 2f; addi a3, a3, 39
      2: addi a3, a3, 48; jal ra, put; addi t3, t3, -4; bgez t3, 1b
      mv ra, t4; ret
      put: li t0, ${UART}
      1: lbu t1, 5(t0); andi t1, t1, 32; beqz t1, 1b
      sb a3, 0(t0); ret
    `;
  }
}

/** Adds to one of the eight notes, whose numbers are printed with the result. */
export function note(index: number, register: string): string {
  return `li t0, ${NOTES + 8 * index}; amoadd.d zero, ${register}, (t0)`;
}

export interface Scenario {
  readonly name: string;
  readonly harts: number;
  /** How often what it does is repeated, for a short run. */
  readonly rounds: number;
  /** As for `-machine`, where it is not the default one. */
  readonly machine?: string;
  /** What the notes say, in order. */
  readonly notes?: readonly string[];
  readonly write: (program: HartProgram, rounds: number) => void;
}
