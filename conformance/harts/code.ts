/** Code that one hart writes and others execute, hot, until they are told to fence. */
import { IDLE, MSIP, note, SHARED } from "./hart-program.ts";
import type { HartProgram, Scenario } from "./hart-program.ts";

/** `li a0, n` */
const LI_A0 = 0x0000_0513;
/** `ret` */
const RETURN = 0x0000_8067;

/** What is asked for, and, 64 bytes apart, what each hart has answered. */
const ASKED = SHARED + 0x1000;
const ANSWERED = SHARED + 0x2000;
/** Loops that each hart has done. */
const LOOPS = SHARED + 0x3000;
const CODE = SHARED + 0x1_0000;

/** Lines that wait until the dword at `base` + 64 × hart is at least `register`, of all others. */
function awaitAll(p: HartProgram, base: number, register: string): string {
  const waits = Array.from({ length: p.harts - 1 }, (_, i) =>
    p.until(`ld t1, ${64 * (i + 1)}(t0)`, `bge t1, ${register}`),
  );
  return `li t0, ${base}; ${waits.join("\n")}; fence rw, rw`;
}

/** Lines that wait until the loops of all others have gone on. */
function awaitLoops(p: HartProgram): string {
  const waits = Array.from({ length: p.harts - 1 }, (_, i) => {
    const wait = p.until(`ld t1, ${64 * (i + 1)}(t0)`, "bge t1, t2");
    return `ld t2, ${64 * (i + 1)}(t0); addi t2, t2, 2; ${wait}`;
  });
  return `li t0, ${LOOPS}; ${waits.join("\n")}`;
}

interface Place {
  readonly name: string;
  /** Offset of the instruction that changes. */
  readonly at: number;
  /** Stores the instruction in a3 to it. */
  readonly patch: string;
}

const PLACES: readonly Place[] = [
  { name: "store", at: 0x100, patch: "sw a3, 0(a2)" },
  { name: "amo", at: 0x140, patch: "amoswap.w zero, a3, (a2)" },
  // Two parcels on two pages: each changes alone, and the hart may run what mixes them.
  { name: "page-end", at: 0x1ffe, patch: "srli a4, a3, 16; sh a3, 0(a2); sh a4, 2(a2)" },
];

/** Fails unless a0 is a4 or one of the numbers behind it, modulo 2048. */
function inTime(p: HartProgram): string {
  return `
    sub a6, a0, a4; andi a6, a6, 2047; li a7, 1024
    ${p.check("code is not older than the last fence", "bltu a6, a7")}
  `;
}

/**
 * Hart 0 gives a function its next number and interrupts the others. Their handlers execute FENCE.I and
 * answer; from then on the function must return that number or a later one.
 */
function writeRemoteFence(place: Place): Scenario["write"] {
  return (p, rounds) => {
    const at = CODE + place.at;
    p.on(0, `li a2, ${at}; li a3, ${LI_A0}; li a4, ${LI_A0 >>> 16}; sh a3, 0(a2); sh a4, 2(a2)`);
    p.on(0, `li a3, ${RETURN}; li a4, ${RETURN >>> 16}; sh a3, 4(a2); sh a4, 6(a2)`);
    p.onAll(() => [p.barrier(), "fence.i"]);
    p.on(0, `li s1, ${rounds}; li s2, 0; li s3, ${ASKED}; li a5, ${MSIP}; li a6, 1`);
    p.on(
      0,
      `loop: addi s2, s2, 1; andi a3, s2, 2047; slli a3, a3, 20; li a4, ${LI_A0}; or a3, a3, a4`,
    );
    p.on(0, place.patch, "fence w, w; sd s2, 0(s3); fence rw, rw");
    for (let hart = 1; hart < p.harts; hart++) p.on(0, `sw a6, ${4 * hart}(a5)`);
    p.on(0, awaitAll(p, ANSWERED, "s2"), "bgeu s2, s1, done", awaitLoops(p), "j loop");
    p.on(0, ".align 2", "handler:");
    p.on(0, `csrr t5, mhartid; slli t6, t5, 2; li t5, ${MSIP}; add t5, t5, t6; sw zero, 0(t5)`);
    p.on(0, `li t5, ${ASKED}; ld t6, 0(t5); fence.i; sd t6, 0(s4); mret`, "done:");
    for (let hart = 1; hart < p.harts; hart++) {
      p.on(hart, `li s4, ${ANSWERED + 64 * hart}; li s5, ${LOOPS + 64 * hart}; li s6, ${at}`);
      p.on(hart, "la t0, handler; csrw mtvec, t0; csrsi mie, 8; csrsi mstatus, 8");
      p.on(hart, `li s1, ${rounds}; li s7, 0; li s8, 0; li s9, 0`);
      p.on(hart, `loop_${hart}: ld a4, 0(s4); jalr ra, 0(s6)`, inTime(p));
      p.on(hart, "addi s7, s7, 1; sd s7, 0(s5); andi a6, s7, 63; bnez a6, 1f", IDLE, "1:");
      p.on(hart, `blt a4, s1, loop_${hart}`);
      p.on(hart, "csrci mstatus, 8", note(hart - 1, "s7"));
    }
  };
}

/** The same without interrupts: the others look at a word, and fence when it changed. */
function writePolledFence(p: HartProgram, rounds: number): void {
  const at = CODE + 0x200;
  p.on(0, `li a2, ${at}; li a3, ${LI_A0}; sw a3, 0(a2); li a3, ${RETURN}; sw a3, 4(a2)`);
  p.onAll(() => [p.barrier(), "fence.i"]);
  p.on(0, `li s1, ${rounds}; li s2, 0; li s3, ${ASKED}`);
  p.on(
    0,
    `loop: addi s2, s2, 1; andi a3, s2, 2047; slli a3, a3, 20; li a4, ${LI_A0}; or a3, a3, a4`,
  );
  p.on(0, "sw a3, 0(a2); fence w, w; sd s2, 0(s3)");
  p.on(0, awaitAll(p, ANSWERED, "s2"), "bltu s2, s1, loop");
  for (let hart = 1; hart < p.harts; hart++) {
    p.on(
      hart,
      `li s3, ${ASKED}; li s4, ${ANSWERED + 64 * hart}; li s6, ${at}; li s1, ${rounds}; li a4, 0`,
    );
    p.on(hart, `loop_${hart}: ld a5, 0(s3); beq a5, a4, 1f; mv a4, a5; fence.i`);
    // Hot enough in between to be translated.
    p.on(hart, "1: li s7, 20", "2: jalr ra, 0(s6)", inTime(p), "addi s7, s7, -1; bnez s7, 2b");
    p.on(hart, `sd a4, 0(s4)`, p.random("a6", 4), "bnez a6, 3f", IDLE, "3:");
    p.on(hart, `blt a4, s1, loop_${hart}`);
  }
}

/** Each hart has code in the same page, patches its own and executes it: no fence of others' concerns it. */
function writeNeighbours(p: HartProgram, rounds: number): void {
  p.onAll((hart) => [
    `li a2, ${CODE + 64 * hart}; li a3, ${RETURN}; sw a3, 4(a2); li s1, ${rounds}; li s2, 0`,
    `loop_${hart}: addi s2, s2, 1; andi a3, s2, 2047; slli a3, a3, 20; li a5, ${LI_A0}; or a3, a3, a5`,
    "sw a3, 0(a2); fence.i; li s7, 10",
    "2: jalr ra, 0(a2)",
    "slli a4, s2, 53; srli a4, a4, 53; andi a0, a0, 2047",
    p.check("own code is what was stored before the fence", "beq a0, a4"),
    `addi s7, s7, -1; bnez s7, 2b; bltu s2, s1, loop_${hart}`,
  ]);
}

export const CODE_SCENARIOS: readonly Scenario[] = [
  ...PLACES.map((place): Scenario => ({
    name: `code.remote-fence.${place.name}`,
    harts: 3,
    rounds: 500,
    notes: ["loops of hart 1", "loops of hart 2"],
    write: writeRemoteFence(place),
  })),
  { name: "code.polled-fence", harts: 3, rounds: 1000, write: writePolledFence },
  { name: "code.neighbours", harts: 4, rounds: 1000, write: writeNeighbours },
];
