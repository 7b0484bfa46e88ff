/** Reservations, AMOs and compare-and-swap. */
import { DATA } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

function reservations(t: Script): void {
  t.poke(DATA, 5n);
  t.poke(DATA + 64n, 6n);
  t.raw(`li a0, ${DATA}`, `li a1, ${DATA + 64n}`, "li a2, 99");
  t.check("sc without lr fails and stores nothing");
  t.raw("sc.d a3, a2, (a0)");
  t.equal("a3", 1n);
  t.expectMemory("indeed", DATA, 5n);
  t.check("sc after lr stores");
  t.raw("lr.d a4, (a0)", "sc.d a3, a2, (a0)");
  t.equal("a3", 0n);
  t.expect("what lr loaded", "a4", 5n);
  t.expectMemory("the value", DATA, 99n);
  t.check("a second sc fails");
  t.raw("sc.d a3, a2, (a0)");
  t.equal("a3", 1n);
  t.check("sc to another block fails");
  t.raw("lr.d a4, (a0)", "sc.d a3, a2, (a1)");
  t.equal("a3", 1n);
  t.check("and ends the reservation");
  t.raw("sc.d a3, a2, (a0)");
  t.equal("a3", 1n);
  t.check("the newest lr counts");
  t.raw("lr.d a4, (a0)", "lr.d a4, (a1)", "sc.d a3, a2, (a0)");
  t.equal("a3", 1n);
  t.check("lr.w sign-extends");
  t.raw("li a5, 0x80000000", "sw a5, 0(a0)", "lr.w a4, (a0)");
  t.equal("a4", 0xffff_ffff_8000_0000n);
  t.check("a loop of arithmetic between lr and sc succeeds");
  t.raw("li a5, 0", "sd a5, 0(a0)", "li a6, 10");
  t.raw(
    "1:",
    "lr.d a4, (a0)",
    "addi a4, a4, 3",
    "sc.d a3, a4, (a0)",
    "bnez a3, 1b",
    "addi a6, a6, -1",
    "bnez a6, 1b",
  );
  t.raw("ld a4, 0(a0)");
  t.equal("a4", 30n);
  t.check("sc writes the low word only");
  t.raw("li a5, -1", "sd a5, 0(a0)", "lr.w a4, (a0)", "sc.w a3, zero, (a0)", "ld a4, 0(a0)");
  t.equal("a4", 0xffff_ffff_0000_0000n);
}

const MASK = (1n << 64n) - 1n;

function operations(t: Script): void {
  const old = 0xffff_fff0_0000_0005n;
  const operand = 3n;
  const results: [string, bigint][] = [
    ["amoswap.d", operand],
    ["amoadd.d", old + operand],
    ["amoxor.d", old ^ operand],
    ["amoand.d", old & operand],
    ["amoor.d", old | operand],
    ["amomin.d", old],
    ["amomax.d", operand],
    ["amominu.d", operand],
    ["amomaxu.d", old],
  ];
  t.raw(`li a0, ${DATA}`, `li a1, ${operand}`);
  for (const [name, result] of results) {
    t.poke(DATA, old);
    t.check(`${name} returns what was there`);
    t.raw(`${name}.aqrl a2, a1, (a0)`);
    t.equal("a2", old);
    t.expectMemory(`${name} stores its result`, DATA, result & MASK);
  }
  t.poke(DATA, 0x1111_1111_8000_0000n);
  t.check("amomax.w compares words and leaves the other half");
  t.raw("li a1, 0xffffffff00000001", "amomax.w a2, a1, (a0)");
  t.equal("a2", 0xffff_ffff_8000_0000n);
  t.expectMemory("with its neighbour", DATA, 0x1111_1111_0000_0001n);
  t.check("rd may be the address and the operand");
  t.poke(DATA, 7n);
  t.raw("mv a3, a0", "amoadd.d a3, a3, (a3)");
  t.equal("a3", 7n);
}

function compareAndSwap(t: Script): void {
  t.raw(`li a0, ${DATA}`);
  t.poke(DATA, 0x1234_5678_9abc_def0n);
  t.check("amocas.w compares the low words of rd and memory");
  t.raw("li a2, 0x9abcdef0", "li a3, 0x11111111", "amocas.w a2, a3, (a0)");
  t.equal("a2", 0xffff_ffff_9abc_def0n);
  t.expectMemory("and swaps the word", DATA, 0x1234_5678_1111_1111n);
  t.check("amocas.d that differs returns what is there");
  t.raw("li a2, 0", "li a3, 5", "amocas.d a2, a3, (a0)");
  t.equal("a2", 0x1234_5678_1111_1111n);
  t.expectMemory("and stores nothing", DATA, 0x1234_5678_1111_1111n);
  t.poke(DATA, 1n);
  t.poke(DATA + 8n, 2n);
  t.check("amocas.q swaps pairs");
  t.raw("li a2, 1", "li a3, 2", "li a4, 3", "li a5, 4", "amocas.q a2, a4, (a0)");
  t.equal("a2", 1n);
  t.equal("a3", 2n);
  t.expectMemory("its low half", DATA, 3n);
  t.expectMemory("its high half", DATA + 8n, 4n);
  t.check("amocas.q that differs in the high half");
  t.raw("li a2, 3", "li a3, 9", "amocas.q a2, a4, (a0)");
  t.equal("a2", 3n);
  t.equal("a3", 4n);
  t.expectMemory("stores nothing", DATA + 8n, 4n);
  t.check("with x0 as the pair it compares with zero and writes no register");
  t.poke(DATA, 0n);
  t.poke(DATA + 8n, 0n);
  t.raw("li ra, 55", "amocas.q zero, a4, (a0)");
  t.equal("ra", 55n);
  t.expectMemory("and swaps", DATA, 3n);
  t.traps(
    "amocas where a store is not allowed",
    "M",
    ["li a0, 0x1000000", "amocas.d a2, a4, (a0)"],
    {
      cause: 7n,
      tval: 0x100_0000n,
    },
  );
}

export const ATOMICS: readonly DirectedTest[] = [
  { name: "reservations", write: reservations },
  { name: "atomic operations", write: operations },
  { name: "compare and swap", write: compareAndSwap },
];
