/** What harts do to the same words at the same time: nothing is lost, whoever does it however. */
import { note, SHARED } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

interface Increment {
  readonly name: string;
  /** Adds 1 to the word at a0; a1 = 1. Changes a2 to a7. */
  readonly lines: string;
  /** Changes one half: the carry does not reach the other. */
  readonly word?: true;
}

const INCREMENTS: readonly Increment[] = [
  { name: "amoadd.w", lines: "amoadd.w zero, a1, (a0)", word: true },
  { name: "amoadd.d", lines: "amoadd.d.aqrl zero, a1, (a0)" },
  {
    name: "lr.w, sc.w",
    lines: "1: lr.w a2, (a0); addi a2, a2, 1; sc.w a3, a2, (a0); bnez a3, 1b",
    word: true,
  },
  {
    name: "lr.d, sc.d",
    lines: "1: lr.d.aq a2, (a0); addi a2, a2, 1; sc.d.rl a3, a2, (a0); bnez a3, 1b",
  },
  {
    name: "amocas.w",
    lines: "lw a2, 0(a0); 1: mv a4, a2; addi a3, a2, 1; amocas.w a2, a3, (a0); bne a2, a4, 1b",
    word: true,
  },
  {
    name: "amocas.d",
    lines: "ld a2, 0(a0); 1: mv a4, a2; addi a3, a2, 1; amocas.d a2, a3, (a0); bne a2, a4, 1b",
  },
  {
    name: "amocas.q",
    lines: `ld a2, 0(a0); ld a3, 8(a0)
      1: mv a6, a2; mv a7, a3; addi a4, a2, 1; addi a5, a3, 1; amocas.q a2, a4, (a0)
      bne a2, a6, 1b; bne a3, a7, 1b`,
  },
];

const LOCK = SHARED + 0x1000;

/** Adds 1 by plain accesses under a lock. */
function locked(take: string, give: string): string {
  return `li a4, ${LOCK}; 1: ${take}; ld a2, 0(a0); addi a2, a2, 1; sd a2, 0(a0); ${give}`;
}

const LOCKS: readonly Increment[] = [
  {
    name: "a lock by amoswap.aq and amoswap.rl",
    lines: locked("amoswap.w.aq a3, a1, (a4); bnez a3, 1b", "amoswap.w.rl zero, zero, (a4)"),
  },
  {
    name: "a lock by fences",
    lines: locked(
      "amoswap.w a3, a1, (a4); bnez a3, 1b; fence r, rw",
      "fence rw, w; sw zero, 0(a4)",
    ),
  },
  {
    name: "a lock by lr.aq and a store behind a fence",
    lines: locked(
      "lr.w.aq a3, (a4); bnez a3, 1b; sc.w a3, a1, (a4); bnez a3, 1b",
      "fence rw, w; sw zero, 0(a4)",
    ),
  },
];

/** Every hart adds `rounds` in each way; words of 4 bytes count in both halves of theirs. */
function writeCounters(p: HartProgram, rounds: number): void {
  writeIncrements(p, [...INCREMENTS, ...LOCKS], SHARED, rounds);
}

/** As `writeCounters`, in lines of memory from `base` on. */
function writeIncrements(
  p: HartProgram,
  ways: readonly Increment[],
  base: number,
  rounds: number,
): void {
  ways.forEach(({ name, lines, word }, i) => {
    const at = base + 64 * i;
    p.onAll((hart) => {
      const loop = p.label();
      const half = word && hart % 2 === 1 ? 4 : 0;
      return [
        p.barrier(),
        `li a0, ${at + half}; li a1, 1; li s1, ${rounds}`,
        `${loop}: ${lines}`,
        `addi s1, s1, -1; bnez s1, ${loop}`,
        p.barrier(),
      ];
    });
    const read = word === true ? "lwu" : "ld";
    const sum = word === true ? (rounds * p.harts) / 2 : rounds * p.harts;
    p.on(0, `li a0, ${at}; ${read} a1, 0(a0); li a2, ${sum}`, p.check(name, "beq a1, a2"));
    if (word) p.on(0, "lwu a1, 4(a0)", p.check(`${name}, the higher half`, "beq a1, a2"));
  });
}

/**
 * Pairs under AMOCAS.Q, word after word: whoever slept for its lock must not have lost what it compares.
 * A core on V8 11.3's baseline code had, once in some hundred thousand exchanges.
 */
function writePairs(p: HartProgram, rounds: number): void {
  const pair = INCREMENTS.filter(({ name }) => name === "amocas.q");
  for (let word = 0; word < PAIRS; word++) writeIncrements(p, pair, SHARED + 64 * word, rounds);
}

const PAIRS = 16;

/** Each hart owns a bit of a byte, and a lane of a word: only its own operations change them. */
function writeBits(p: HartProgram, rounds: number): void {
  p.onAll((hart) => {
    const bit = 1 << hart;
    return [
      p.barrier(),
      `li a0, ${SHARED}; li s1, ${rounds}; li a3, ${bit}; li a4, ${~bit}`,
      `loop_${hart}: amoor.w a5, a3, (a0); and a5, a5, a3`,
      p.check("the bit that amoand cleared stays clear", "beqz a5"),
      "lw a5, 0(a0); and a5, a5, a3",
      p.check("the bit that amoor set is set", "beq a5, a3"),
      "amoand.w a5, a4, (a0); lw a5, 0(a0); and a5, a5, a3",
      p.check("amoand cleared it", "beqz a5"),
      "amoxor.w zero, a3, (a0); amoxor.w a5, a3, (a0); and a5, a5, a3",
      p.check("amoxor set it", "beq a5, a3"),
      // Plain stores to neighbouring bytes.
      `sb s1, ${16 + hart}(a0); lbu a5, ${16 + hart}(a0); andi a6, s1, 255`,
      p.check("a byte is its hart's alone", "beq a5, a6"),
      // A maximum only grows.
      "addi a2, a0, 64; amomaxu.d a5, s1, (a2)",
      `addi s1, s1, -1; bnez s1, loop_${hart}`,
      p.barrier(),
    ];
  });
  p.on(0, `lw a1, 0(a0); li a2, 0`, p.check("all bits are clear", "beq a1, a2"));
  p.on(0, `ld a1, 64(a0); li a2, ${rounds}`, p.check("amomaxu kept the largest", "beq a1, a2"));
}

/** Pairs of LR and SC on a whole dword, against AMOs and stores to its halves. */
function writeWidths(p: HartProgram, rounds: number): void {
  const pair = "1: lr.d a2, (a0); add a2, a2, a1; sc.d a3, a2, (a0); bnez a3, 1b";
  const ways = [
    `li a1, 1; slli a1, a1, 32; addi a1, a1, 1`,
    "li a1, 1",
    "li a1, 1; addi a0, a0, 4",
    `li a1, 1; slli a1, a1, 32; addi a1, a1, 1`,
  ];
  const adds = [
    pair,
    "amoadd.w zero, a1, (a0)",
    "1: lr.w a2, (a0); addi a2, a2, 1; sc.w a3, a2, (a0); bnez a3, 1b",
    "amoadd.d zero, a1, (a0)",
  ];
  p.onAll((hart) => [
    p.barrier(),
    `li a0, ${SHARED}; li s1, ${rounds}; ${ways[hart]}`,
    `loop_${hart}: ${adds[hart]}; addi s1, s1, -1; bnez s1, loop_${hart}`,
    p.barrier(),
  ]);
  p.on(0, `li a0, ${SHARED}; lwu a1, 0(a0); li a2, ${3 * rounds}`);
  p.on(0, p.check("the lower half has every addition", "beq a1, a2"));
  p.on(0, "lwu a1, 4(a0)", p.check("the higher half has, too", "beq a1, a2"));
}

/** How long a hart tries at worst, while all others do the same. */
function writeProgress(p: HartProgram, rounds: number): void {
  p.onAll((hart) => [
    p.barrier(),
    `li a0, ${SHARED}; li s1, ${rounds}; li s5, 0`,
    `loop_${hart}: li s4, 0`,
    "1: addi s4, s4, 1; lr.d a2, (a0); addi a2, a2, 1; sc.d a3, a2, (a0); bnez a3, 1b",
    "bleu s4, s5, 2f; mv s5, s4; 2:",
    `addi s1, s1, -1; bnez s1, loop_${hart}`,
    note(hart, "s5"),
    p.barrier(),
  ]);
  p.on(0, `ld a1, 0(a0); li a2, ${4 * rounds}`, p.check("all additions", "beq a1, a2"));
}

/** CBO.ZERO clears its block, all of it and nothing else, while others change the next ones. */
function writeZero(p: HartProgram, rounds: number): void {
  p.on(0, p.barrier(), `li a0, ${SHARED + 64}; li s1, ${rounds}; li a1, -1`);
  p.on(0, "loop_0:", ...[0, 8, 16, 24, 32, 40, 48, 56].map((at) => `sd a1, ${at}(a0)`));
  p.on(0, "addi a2, a0, 20; cbo.zero (a2)");
  for (const at of [0, 8, 16, 24, 32, 40, 48, 56]) {
    p.on(0, `ld a3, ${at}(a0)`, p.check("the block is zero", "beqz a3"));
  }
  p.on(0, "addi s1, s1, -1; bnez s1, loop_0");
  p.on(1, p.barrier(), `li a0, ${SHARED}; li s1, ${rounds}; li a1, 1; li s3, 0`);
  p.on(1, "loop_1: addi s3, s3, 1; amoadd.d zero, a1, (a0); sd s3, 56(a0); sd s3, 128(a0)");
  for (const at of [0, 56, 128]) {
    p.on(1, `ld a3, ${at}(a0)`, p.check("the blocks around are not touched", "beq a3, s3"));
  }
  p.on(1, "addi s1, s1, -1; bnez s1, loop_1");
  // Whole dwords of a block that is being cleared are old or zero.
  p.on(2, p.barrier(), `li a0, ${SHARED + 64}; li s1, ${rounds}`);
  p.on(2, "loop_2: ld a3, 24(a0); beqz a3, 1f; addi a4, a3, 1");
  p.on(2, p.check("a dword of the block is what was stored, or zero", "beqz a4"), "1:");
  p.on(2, "addi s1, s1, -1; bnez s1, loop_2");
}

export const ATOMICS: readonly Scenario[] = [
  { name: "atomics.counters", harts: 4, rounds: 2000, write: writeCounters },
  { name: "atomics.pairs", harts: 4, rounds: 2000, write: writePairs },
  { name: "atomics.bits", harts: 4, rounds: 4000, write: writeBits },
  { name: "atomics.widths", harts: 4, rounds: 4000, write: writeWidths },
  {
    name: "atomics.progress",
    harts: 4,
    rounds: 10_000,
    notes: [0, 1, 2, 3].map((hart) => `most tries of hart ${hart}`),
    write: writeProgress,
  },
  { name: "atomics.cbo-zero", harts: 3, rounds: 10_000, write: writeZero },
];
