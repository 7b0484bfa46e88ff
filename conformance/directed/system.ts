/** WFI, returns and their guards, cache-block operations, FENCE.I, encodings. */
import { DATA, INTERRUPT } from "./script.ts";
import type { DirectedTest, ModeName, Script } from "./script.ts";

const TW = 1n << 21n;
const TSR = 1n << 22n;
const ILLEGAL = { cause: 2n };

function waiting(t: Script): void {
  t.traps("WFI from U-mode", "U", ["wfi"], ILLEGAL);
  t.setCsr("mip", 2n);
  t.writeCsr("mie", 2n);
  t.runs("WFI goes on while an enabled interrupt is pending, though MIE is clear", "M", ["wfi"]);
  t.writeCsr("mideleg", 2n);
  t.runs("and in S-mode with SIE clear", "S", ["csrci sstatus, 2", "wfi"]);
  t.writeCsr("mideleg", 0n);
  t.check("xepc of the interrupt is behind WFI");
  const wfi = t.label();
  t.writeCsr("mie", 0n);
  t.run("S", [`j ${wfi}`, `${wfi}:`, "nop"]);
  t.setCsr("mstatus", TW);
  t.traps("WFI from S-mode with TW", "S", ["wfi"], ILLEGAL);
  t.traps("WRS.NTO from S-mode with TW", "S", ["wrs.nto"], ILLEGAL);
  t.runs("WRS.STO from S-mode with TW", "S", ["wrs.sto"]);
  t.runs("TW does not bind M-mode", "M", ["wrs.nto"]);
  t.clearCsr("mstatus", TW);
  t.runs("WRS.NTO from U-mode without TW", "U", ["lr.w a0, (s0)", "wrs.nto"].slice(1));
  t.writeCsr("mip", 0n);
}

function wakeByTimer(t: Script): void {
  t.check("WFI ends when the timer fires, and the interrupt returns behind it");
  t.raw("csrr a0, time", "addi a0, a0, 1000", "li a1, 0x2004000", "sd a0, 0(a1)");
  t.writeCsr("mie", 0x80n);
  const after = t.label();
  t.run("S", ["wfi", `${after}:`, "nop", "nop"]);
  t.equal("s2", INTERRUPT | 7n);
  t.raw(`la a0, ${after}`, "sub a0, s4, a0");
  t.equal("a0", 0n);
  t.raw("li a0, -1", "sd a0, 0(a1)");
  t.writeCsr("mie", 0n);
}

function returns(t: Script): void {
  t.traps("mret from S-mode", "S", ["mret"], ILLEGAL);
  t.traps("mret from U-mode", "U", ["mret"], ILLEGAL);
  t.traps("sret from U-mode", "U", ["sret"], ILLEGAL);
  t.setCsr("mstatus", TSR);
  t.traps("sret from S-mode with TSR", "S", ["sret"], ILLEGAL);
  t.clearCsr("mstatus", TSR);
  t.traps("sfence.vma from U-mode", "U", ["sfence.vma"], ILLEGAL);
}

const CBIE = 3n << 4n;
const CBCFE = 1n << 6n;
const CBZE = 1n << 7n;

function cacheBlocks(t: Script): void {
  const groups: [string, readonly string[], bigint][] = [
    ["CBIE", ["cbo.inval (a0)"], CBIE],
    ["CBCFE", ["cbo.clean (a0)", "cbo.flush (a0)"], CBCFE],
    ["CBZE", ["cbo.zero (a0)"], CBZE],
  ];
  t.raw(`li a0, ${DATA}`);
  for (const [bit, lines, mask] of groups) {
    for (const line of lines) {
      t.writeCsr("menvcfg", 0n);
      t.writeCsr("senvcfg", ~0n & CBIE);
      t.writeCsr("senvcfg", mask);
      t.runs(`${line} from M-mode`, "M", [line]);
      t.traps(`${line} from S-mode needs menvcfg.${bit}`, "S", [line], ILLEGAL);
      t.traps(`${line} from U-mode needs menvcfg.${bit}`, "U", [line], ILLEGAL);
      t.writeCsr("menvcfg", mask);
      t.runs(`${line} from S-mode with it`, "S", [line]);
      t.runs(`${line} from U-mode with both`, "U", [line]);
      t.writeCsr("senvcfg", 0n);
      t.traps(`${line} from U-mode needs senvcfg.${bit}`, "U", [line], ILLEGAL);
    }
  }
  t.writeCsr("menvcfg", 0n);
  for (let at = -8n; at <= 64n; at += 8n) t.poke(DATA + 0x100n + at, ~0n);
  t.runs("cbo.zero of an address inside a block", "M", [
    `li a0, ${DATA + 0x117n}`,
    "cbo.zero (a0)",
  ]);
  for (const at of [0n, 0x10n, 0x38n]) t.expectMemory("clears its block", DATA + 0x100n + at, 0n);
  t.expectMemory("not what lies before", DATA + 0xf8n, (1n << 64n) - 1n);
  t.expectMemory("nor behind", DATA + 0x140n, (1n << 64n) - 1n);
  t.traps("a fault shows rs1, not the block", "M", ["li a0, 0x1000017", "cbo.zero (a0)"], {
    cause: 7n,
    tval: 0x100_0017n,
  });
  t.traps("cbo.clean faults as a store", "M", ["li a0, 0x1000017", "cbo.clean (a0)"], {
    cause: 7n,
    tval: 0x100_0017n,
  });
  t.runs("prefetches never fault", "U", [
    "li a0, 0x1000000",
    "prefetch.i 0(a0)",
    "prefetch.r 0(a0)",
    "prefetch.w 32(a0)",
  ]);
}

function modifiedCode(t: Script): void {
  const code = t.label();
  // addi a0, a0, 1 becomes addi a0, a0, 16, four times over the same place.
  t.check("code that was overwritten runs after FENCE.I");
  t.raw("li a0, 0", "li a2, 0", "li a3, 4", "1:", `${code}:`, "addi a0, a0, 1");
  t.raw(`la a1, ${code}`, "li a4, 0x01050513", "sw a4, 0(a1)", "fence.i");
  t.raw("addi a2, a2, 1", "bne a2, a3, 1b");
  t.equal("a0", 49n);
  t.check("also in a page that was run before, by half words");
  t.raw(`li a1, ${DATA}`, "li a4, 0x00150513", "sw a4, 0(a1)", "li a5, 0x8067", "sw a5, 4(a1)");
  t.raw(
    "fence.i",
    "li a0, 0",
    "jalr a1",
    `li a1, ${DATA}`,
    "li a4, 0x0105",
    "sh a4, 2(a1)",
    "fence.i",
    "jalr a1",
  );
  t.equal("a0", 17n);
}

/** Encodings that are reserved or belong to extensions that are not there. */
const ILLEGAL_WORDS: readonly (readonly [string, number])[] = [
  ["all ones", 0xffff_ffff],
  ["all zeros", 0],
  ["an undefined system instruction", 0x0000_2073 | (0x7ff << 20)],
  ["slli with a reserved bit", 0x4005_1513],
  ["slliw by 32", 0x0205_151b],
  ["a load of no width", 0x0000_7003],
  ["amoadd.b (Zabha)", 0x00b5_052f],
  ["fadd.h (Zfh)", 0x04b5_0553],
  ["vsetvli", 0x0005_7057],
  ["hfence.vvma", 0x2200_0073],
  ["sinval with a destination", 0x1600_00f3],
  ["ecall with a destination", 0x0000_00f3],
  ["amocas.q with an odd register", 0x28b5_45af],
];

function encodings(t: Script): void {
  for (const [name, bits] of ILLEGAL_WORDS) {
    t.traps(name, "U", [`.word ${bits >>> 0}`], ILLEGAL);
  }
  // c.addi4spn 0, c.addiw x0, c.lui 0, c.addi16sp 0, c.lwsp x0, c.ldsp x0, c.jr x0, reserved.
  for (const parcel of [0x0004, 0x2001, 0x6081, 0x6101, 0x4002, 0x6002, 0x8002, 0x9c41, 0x8000]) {
    t.traps(`parcel 0x${parcel.toString(16)}`, "U", [`.half ${parcel}`], ILLEGAL);
  }
  // Hints: c.nop with an immediate, c.li x0, c.slli x0, slli into x0, fence with reserved fields.
  for (const parcel of [0x0015, 0x4015, 0x0016]) {
    t.runs(`hint 0x${parcel.toString(16)}`, "U", [`.half ${parcel}`]);
  }
  t.runs("pause and a fence with reserved fields", "U", [".word 0x0100000f", ".word 0xffff8f8f"]);
}

function fencesEverywhere(t: Script): void {
  for (const mode of ["U", "S", "M"] as const satisfies readonly ModeName[]) {
    t.runs(`fences from ${mode}-mode`, mode, ["fence", "fence.i", "fence.tso", "pause"]);
  }
}

export const SYSTEM: readonly DirectedTest[] = [
  { name: "waiting", write: waiting },
  { name: "wake by the timer", write: wakeByTimer },
  { name: "returns", write: returns },
  { name: "cache blocks", write: cacheBlocks },
  { name: "modified code", write: modifiedCode },
  { name: "encodings", write: encodings },
  { name: "fences", write: fencesEverywhere },
];
