/** Physical memory protection. */
import { DATA } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

const R = 1n;
const W = 2n;
const X = 4n;
const TOR = 1n << 3n;
const NA4 = 2n << 3n;
const NAPOT = 3n << 3n;
const LOCK = 1n << 7n;
const ALL = (1n << 54n) - 1n;

const LOAD = 5n;
const STORE = 7n;

/** Entries from 0 upward, each configuration with its address; the rest is off. */
function protect(t: Script, entries: readonly (readonly [bigint, bigint])[]): void {
  t.writeCsr("pmpcfg0", 0n);
  let config = 0n;
  for (const [i, [cfg, address]] of entries.entries()) {
    config |= cfg << BigInt(8 * i);
    t.writeCsr(`pmpaddr${i}`, address);
  }
  t.writeCsr("pmpcfg0", config);
  t.raw("sfence.vma");
}

function napot(base: bigint, bytes: bigint): bigint {
  return (base >> 2n) | (bytes / 8n - 1n);
}

const load = (at: bigint, op = "ld"): string[] => [`li a0, ${at}`, `${op} a1, 0(a0)`];
const store = (at: bigint, op = "sd"): string[] => [`li a0, ${at}`, `${op} a1, 0(a0)`];

function ranges(t: Script): void {
  const open = [NAPOT | R | W | X, ALL] as const;
  protect(t, [[NAPOT | R, napot(DATA, 16n)], open]);
  t.runs("NAPOT: a load inside", "S", load(DATA + 8n));
  t.traps("NAPOT: a store inside", "S", store(DATA + 8n), { cause: STORE, tval: DATA + 8n });
  t.runs("NAPOT: a store behind", "S", store(DATA + 16n));
  t.runs("NAPOT: a store before", "S", store(DATA - 8n));
  protect(t, [[NA4, (DATA + 4n) >> 2n], open]);
  t.traps("NA4: a load of it", "U", load(DATA + 4n, "lw"), { cause: LOAD, tval: DATA + 4n });
  t.runs("NA4: a load before", "U", load(DATA, "lw"));
  t.runs("NA4: a load behind", "U", load(DATA + 8n, "lw"));
  t.traps("an access that an entry matches in part", "U", load(DATA), { cause: LOAD, tval: DATA });
  protect(t, [
    [0n, DATA >> 2n],
    [TOR | W | R, (DATA + 0x20n) >> 2n],
    [TOR, (DATA + 0x40n) >> 2n],
    open,
  ]);
  t.runs("TOR: the range below its address", "S", store(DATA + 0x18n));
  t.traps("TOR: the next range", "S", load(DATA + 0x20n), { cause: LOAD });
  t.traps("TOR: its last byte", "S", load(DATA + 0x3fn, "lbu"), { cause: LOAD });
  t.runs("TOR: behind it", "S", load(DATA + 0x40n));
}

function priorities(t: Script): void {
  protect(t, [
    [NAPOT | R | W, napot(DATA, 8n)],
    [NAPOT, napot(DATA, 64n)],
    [NAPOT | R | W | X, ALL],
  ]);
  t.runs("the lowest entry that matches decides", "S", store(DATA));
  t.traps("and so does the next one behind it", "S", store(DATA + 8n), { cause: STORE });
  protect(t, [[NAPOT | R | W | X, napot(0x8000_0000n, 0x10_0000n)]]);
  t.traps("S-mode without a matching entry", "S", load(DATA), { cause: LOAD });
  t.runs("M-mode without a matching entry", "M", load(DATA));
  protect(t, [
    [NAPOT, napot(DATA, 4096n)],
    [NAPOT | R | W | X, ALL],
  ]);
  t.runs("M-mode is not bound by an unlocked entry", "M", load(DATA));
  t.check("MPRV binds M-mode's loads to S-mode's rights");
  t.run("M", [
    "li t0, 0x1800",
    "csrc mstatus, t0",
    "li t0, 0x20800",
    "csrs mstatus, t0",
    ...load(DATA),
  ]);
  t.equal("s2", LOAD);
  protect(t, [
    [NAPOT | R, napot(DATA, 4096n)],
    [NAPOT | R | W | X, ALL],
  ]);
  t.traps("a fetch needs X", "S", [`li a0, ${DATA}`, "jr a0"], { cause: 1n, tval: DATA });
  t.traps("an AMO needs W", "S", [`li a0, ${DATA}`, "amoadd.d a1, a1, (a0)"], { cause: STORE });
  t.runs("lr does not", "S", [`li a0, ${DATA}`, "lr.d a1, (a0)"]);
}

function blocks(t: Script): void {
  t.setCsr("menvcfg", 0xf0n);
  for (let at = 0n; at < 64n; at += 8n) t.poke(DATA + at, at + 1n);
  protect(t, [
    [NAPOT | R, napot(DATA + 32n, 8n)],
    [NAPOT | R | W | X, ALL],
  ]);
  const zero = [`li a0, ${DATA + 3n}`, "cbo.zero (a0)"];
  t.traps("cbo.zero of a block with a protected word", "S", zero, {
    cause: STORE,
    tval: DATA + 3n,
  });
  for (let at = 0n; at < 64n; at += 8n) t.expectMemory("writes nothing", DATA + at, at + 1n);
  t.runs("cbo.zero of the next block", "S", [`li a0, ${DATA + 64n}`, "cbo.zero (a0)"]);
  t.writeCsr("menvcfg", 0n);
}

function walks(t: Script): void {
  const root = DATA + 0x1000n;
  // A gibibyte for code, and another whose entry lies in a table that may be protected.
  t.poke(root + 16n, ((0x8000_0000n >> 12n) << 10n) | 0xefn);
  t.writeCsr("satp", (8n << 60n) | (root >> 12n));
  protect(t, [
    [NAPOT, napot(root, 4096n)],
    [NAPOT | R | W | X, ALL],
  ]);
  t.traps("a table that may not be read is an access fault", "S", [], { cause: 1n });
  protect(t, [
    [NAPOT | R, napot(root, 4096n)],
    [NAPOT | R | W | X, ALL],
  ]);
  t.runs("one that may only be read will do", "S", []);
  // Svadu: setting A needs write permission.
  t.setCsr("menvcfg", 1n << 61n);
  t.poke(root + 16n, ((0x8000_0000n >> 12n) << 10n) | 0x2fn);
  t.raw("sfence.vma");
  t.traps("unless A must be set", "S", [], { cause: 1n });
  t.clearCsr("menvcfg", 1n << 61n);
  t.writeCsr("satp", 0n);
}

function locks(t: Script): void {
  // Locked entries stay until reset, so this test comes by itself.
  protect(t, [
    [0n, DATA >> 2n],
    [TOR | LOCK | R, (DATA + 0x1000n) >> 2n],
    [NAPOT | R | W | X, ALL],
  ]);
  t.traps("a locked entry binds M-mode", "M", store(DATA), { cause: STORE, tval: DATA });
  t.runs("as far as it forbids", "M", load(DATA));
  t.writeCsr("pmpaddr1", 0n);
  t.expectCsr("its address cannot be written", "pmpaddr1", (DATA + 0x1000n) >> 2n);
  t.writeCsr("pmpaddr0", 0n);
  t.expectCsr("nor the one below, where a TOR range begins", "pmpaddr0", DATA >> 2n);
  t.writeCsr("pmpcfg0", 0n);
  t.expectCsr("nor its configuration", "pmpcfg0", (TOR | LOCK | R) << 8n);
  t.writeCsr("pmpaddr2", 123n);
  t.expectCsr("the others can", "pmpaddr2", 123n);
}

function registers(t: Script): void {
  t.writeCsr("pmpaddr5", ~0n);
  t.expectCsr("pmpaddr holds 54 bits", "pmpaddr5", ALL);
  t.writeCsr("pmpcfg2", 0x60n);
  t.expectCsr("bits 5 and 6 of a configuration are zero", "pmpcfg2", 0n);
  t.traps("there is no pmpcfg1 in RV64", "M", ["csrr a0, 0x3a1"], { cause: 2n });
  t.traps("S-mode has no PMP registers", "S", ["csrr a0, pmpaddr0"], { cause: 2n });
  t.expectCsr("entries beyond 15 read as zero", "pmpaddr16", 0n);
}

export const PMP: readonly DirectedTest[] = [
  { name: "PMP ranges", write: ranges },
  { name: "PMP priorities", write: priorities },
  { name: "PMP and cache blocks", write: blocks },
  { name: "PMP and page tables", write: walks },
  { name: "PMP locks", write: locks },
  { name: "PMP registers", write: registers },
];
