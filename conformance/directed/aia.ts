/** Smaia and Ssaia (AIA 1.0 chapters 2, 3 and 5), on a machine whose hart has an IMSIC. */
import { INTERRUPT } from "./script.ts";
import type { DirectedTest, Script } from "./script.ts";

const ALL = (1n << 64n) - 1n;
const ILLEGAL = { cause: 2n };
const IMSIC_M = 0x2400_0000n;
const IMSIC_S = 0x2800_0000n;
const SSIP = 1n << 1n;
const SEIP = 1n << 9n;
const MEIP = 1n << 11n;
const STCE = 1n << 63n;

const Select = { iprio0: 0x30n, iprio2: 0x32n, eidelivery: 0x70n, eithreshold: 0x72n } as const;
const EIP0 = 0x80n;
const EIE0 = 0xc0n;

type Level = "m" | "s";

/** Writes the register that a level's window shows at `select`. */
function put(t: Script, level: Level, select: bigint, value: bigint): void {
  t.writeCsr(`${level}iselect`, select);
  t.writeCsr(`${level}ireg`, value);
}

function expectReg(t: Script, what: string, level: Level, select: bigint, value: bigint): void {
  t.writeCsr(`${level}iselect`, select);
  t.expectCsr(what, `${level}ireg`, value);
}

/** Sends identity `id` to a file of hart 0. */
function send(t: Script, page: bigint, id: bigint): void {
  t.raw(`li t0, ${page}`, `li t1, ${id}`, "sw t1, 0(t0)");
}

function top(id: bigint): bigint {
  return (id << 16n) | id;
}

function open(t: Script, level: Level): void {
  put(t, level, Select.eidelivery, 1n);
  put(t, level, Select.eithreshold, 0n);
  put(t, level, EIE0, ALL);
}

/** Files closed and empty, nothing enabled or delegated. */
function close(t: Script): void {
  for (const level of ["m", "s"] as const) {
    for (const select of [Select.eidelivery, EIP0, EIE0, Select.iprio0, Select.iprio2]) {
      put(t, level, select, 0n);
    }
  }
  for (const csr of ["mie", "mip", "mideleg", "mvien", "mvip", "menvcfg"]) t.writeCsr(csr, 0n);
}

function windows(t: Script): void {
  for (const level of ["m", "s"] as const) {
    const mode = level === "m" ? "M" : "S";
    const [select, reg] = [`${level}iselect`, `${level}ireg`];
    t.writeCsr(select, 0x1ffn);
    t.expectCsr(`${select} holds nine bits`, select, 0x1ffn);
    t.writeCsr(select, 0n);
    const access = (value: bigint): string[] => [
      `li a0, ${value}`,
      `csrw ${select}, a0`,
      `csrr a1, ${reg}`,
    ];
    for (const value of [0n, 0x2fn, 0x40n, 0x6fn, 0x100n, 0x1ffn]) {
      t.traps(`${reg} where nothing is: ${value}`, mode, access(value), ILLEGAL);
      t.traps(
        `nor can it be written: ${value}`,
        mode,
        [`li a0, ${value}`, `csrw ${select}, a0`, `csrw ${reg}, zero`],
        ILLEGAL,
      );
    }
    for (const value of [0x31n, 0x3fn, 0x81n, 0xbfn, 0xc1n, 0xffn]) {
      t.traps(`${reg}: odd registers of arrays, ${value}`, mode, access(value), ILLEGAL);
    }
    for (const value of [0x71n, 0x73n, 0x7fn]) {
      put(t, level, value, ALL);
      expectReg(t, `${reg}: reserved ${value} reads zero`, level, value, 0n);
    }
    put(t, level, 0x88n, ALL);
    expectReg(t, `${reg}: there is no identity 256`, level, 0x88n, 0n);
    put(t, level, EIE0, ALL);
    expectReg(t, `${reg}: there is no identity 0`, level, EIE0, ALL - 1n);
  }
  close(t);
}

function accessRights(t: Script): void {
  for (const csr of ["miselect", "mireg", "mtopei", "mtopi", "mvien", "mvip"]) {
    t.traps(`${csr} from S-mode`, "S", [`csrr a0, ${csr}`], ILLEGAL);
  }
  for (const csr of ["siselect", "sireg", "stopei", "stopi"]) {
    t.traps(`${csr} from U-mode`, "U", [`csrr a0, ${csr}`], ILLEGAL);
  }
  t.runs("the supervisor's from S-mode", "S", [
    "li a0, 0x70",
    "csrw siselect, a0",
    "csrr a0, sireg",
    "csrr a0, stopei",
    "csrr a0, stopi",
  ]);
  t.traps("mtopi cannot be written", "M", ["csrw mtopi, zero"], ILLEGAL);
  t.traps("stopi cannot be written", "M", ["csrw stopi, zero"], ILLEGAL);
}

function messages(t: Script): void {
  for (const [level, page, bit] of [
    ["m", IMSIC_M, MEIP],
    ["s", IMSIC_S, SEIP],
  ] as const) {
    const topei = `${level}topei`;
    open(t, level);
    t.expectCsr(`${topei} with nothing pending`, topei, 0n);
    send(t, page, 9n);
    send(t, page, 5n);
    t.expectCsr(`${topei} is the lowest identity`, topei, top(5n));
    t.expectCsr("and the external interrupt is pending", "mip", bit, bit);
    expectReg(t, "both are in eip", level, EIP0, (1n << 9n) | (1n << 5n));
    put(t, level, Select.eithreshold, 5n);
    t.expectCsr("a threshold bars its identity and those above", topei, 0n);
    t.expectCsr("from the line, too", "mip", 0n, bit);
    put(t, level, Select.eithreshold, 0n);
    t.check("a swap claims what it returns");
    t.raw(`csrrw a0, ${topei}, zero`, `csrrs a1, ${topei}, a0`, `csrr a2, ${topei}`);
    t.equal("a0", top(5n));
    t.equal("a1", top(9n));
    t.equal("a2", 0n);
    t.expectCsr("the last claim lowers the line", "mip", 0n, bit);
    put(t, level, Select.eidelivery, 0n);
    send(t, page, 7n);
    t.expectCsr("without delivery there is no line", "mip", 0n, bit);
    t.expectCsr("but a top", topei, top(7n));
    t.writeCsr(`${level}iselect`, EIP0);
    t.check("set and clear in eip");
    t.raw("li a0, 0x300", `csrrs a1, ${level}ireg, a0`, "li a0, 0x180");
    t.raw(`csrrc a2, ${level}ireg, a0`, `csrr a3, ${level}ireg`);
    t.equal("a1", 0x80n);
    t.equal("a2", 0x380n);
    t.equal("a3", 0x200n);
  }
  close(t);
}

function traps(t: Script): void {
  open(t, "m");
  open(t, "s");
  t.writeCsr("mie", MEIP | SEIP);
  send(t, IMSIC_M, 3n);
  t.check("a message to the machine's file interrupts S-mode");
  t.run("S", ["nop"]);
  t.equal("s2", INTERRUPT | 11n);
  t.raw("csrw mtopei, zero");
  t.writeCsr("mideleg", SEIP);
  t.check("a hart sends to itself, and S-mode takes it");
  t.run("U", [`li a0, ${IMSIC_S}`, "li a1, 4", "sw a1, 0(a0)", "1:", "j 1b"]);
  t.equal("s6", INTERRUPT | 9n);
  t.runs("a claim in S-mode ends it", "S", ["csrrw a0, stopei, zero", "csrr a1, sip"]);
  t.expect("with the identity that was sent", "a0", top(4n));
  t.expect("and sip empty", "a1", 0n);
  t.check("WFI ends by a message that was there before");
  send(t, IMSIC_S, 6n);
  t.runs("with SIE clear", "S", ["csrci sstatus, 2", "wfi", "csrw stopei, zero"]);
  close(t);
}

function topInterrupts(t: Script): void {
  t.expectCsr("mtopi with nothing pending", "mtopi", 0n);
  t.writeCsr("mie", SSIP | SEIP | MEIP | 0x20n);
  t.writeCsr("mip", SSIP);
  t.expectCsr("a software interrupt has the lowest priority", "mtopi", (1n << 16n) | 255n);
  t.writeCsr("mip", SSIP | SEIP);
  t.expectCsr("the default order decides between two", "mtopi", (9n << 16n) | 255n);
  put(t, "m", Select.iprio0, 77n << 8n);
  t.expectCsr("a priority number raises one", "mtopi", (1n << 16n) | 77n);
  put(t, "m", Select.iprio2, 76n << 8n);
  t.expectCsr("a smaller one the other", "mtopi", (9n << 16n) | 76n);
  open(t, "m");
  send(t, IMSIC_M, 40n);
  t.expectCsr("the external interrupt has its identity's", "mtopi", (11n << 16n) | 40n);
  put(t, "m", Select.iprio0, 40n << 8n);
  t.expectCsr("ties are broken by the default order", "mtopi", (11n << 16n) | 40n);
  put(t, "m", Select.iprio0, 39n << 8n);
  t.check("the trap is the one that mtopi shows");
  t.raw("csrr a0, mtopi");
  t.run("U", ["nop"]);
  t.equal("s2", INTERRUPT | 1n);
  t.raw("srli a0, a0, 16");
  t.equal("a0", 1n);
  t.writeCsr("mideleg", SSIP | SEIP);
  t.expectCsr("what is delegated is stopi's", "stopi", (9n << 16n) | 255n);
  put(t, "s", Select.iprio0, 5n << 8n);
  t.expectCsr("whose priorities are its own", "stopi", (1n << 16n) | 5n);
  t.expectCsr("mtopi keeps the rest", "mtopi", (11n << 16n) | 40n);
  close(t);
}

function priorityFields(t: Script): void {
  put(t, "m", Select.iprio0, ALL);
  expectReg(t, "machine priorities of 1 3 5 7", "m", Select.iprio0, 0xff00_ff00_ff00_ff00n);
  put(t, "m", Select.iprio2, ALL);
  expectReg(t, "of 9, but not of 11", "m", Select.iprio2, 0xff00n);
  put(t, "s", Select.iprio0, ALL);
  expectReg(t, "supervisor priorities of 1 and 5", "s", Select.iprio0, 0xff00_0000_ff00n);
  put(t, "s", Select.iprio2, ALL);
  expectReg(t, "but not of 9", "s", Select.iprio2, 0n);
  for (let select = 0x34n; select < 0x40n; select += 2n) {
    put(t, "m", select, ALL);
    expectReg(t, `there is no interrupt above 15: ${select}`, "m", select, 0n);
  }
  t.writeCsr("miselect", Select.iprio0);
  t.check("set and clear in iprio");
  t.raw("li a0, 0xf000", "csrc mireg, a0", "li a0, 0x3000", "csrs mireg, a0", "csrr a1, mireg");
  t.equal("a1", 0xff00_ff00_ff00_3f00n);
  close(t);
}

function virtualInterrupts(t: Script): void {
  t.writeCsr("mvien", ALL);
  t.expectCsr("mvien has bits 1 and 9", "mvien", SSIP | SEIP);
  t.writeCsr("mvien", 0n);
  t.writeCsr("mvip", ALL);
  t.expectCsr("mvip is then the writable part of mip", "mvip", SSIP | SEIP | 0x20n);
  t.expectCsr("as mip shows", "mip", SSIP | SEIP | 0x20n);
  t.writeCsr("menvcfg", STCE);
  t.expectCsr("without STIP under Sstc", "mvip", SSIP | SEIP);
  t.writeCsr("menvcfg", 0n);
  t.writeCsr("mvip", 0n);
  t.writeCsr("mvien", SSIP | SEIP);
  t.writeCsr("mvip", SSIP | SEIP);
  t.expectCsr("mvien takes them out of mip", "mip", 0n, SSIP | SEIP);
  t.expectCsr("and shows them in sip", "sip", SSIP | SEIP);
  t.writeCsr("sie", ALL);
  t.expectCsr("sie has bits of its own for them", "sie", SSIP | SEIP);
  t.expectCsr("apart from mie", "mie", 0n);
  t.check("they trap to S-mode, which is not delegated anything");
  t.run("U", ["nop"]);
  t.equal("s6", INTERRUPT | 9n);
  t.writeCsr("mvip", SSIP);
  t.expectCsr("stopi shows them", "stopi", (1n << 16n) | 255n);
  t.expectCsr("mtopi does not", "mtopi", 0n);
  t.runs("S-mode clears SSIP", "S", ["csrci sip, 2", "csrr a0, sip"]);
  t.expect("for itself", "a0", 0n);
  t.expectCsr("in mvip", "mvip", 0n);
  t.traps("stopei is then M-mode's", "S", ["csrr a0, stopei"], ILLEGAL);
  t.traps(
    "and so is the interrupt file",
    "S",
    ["li a0, 0x70", "csrw siselect, a0", "csrr a0, sireg"],
    ILLEGAL,
  );
  t.runs("but not iprio", "S", ["li a0, 0x30", "csrw siselect, a0", "csrr a0, sireg"]);
  t.writeCsr("mideleg", SSIP | SEIP);
  t.writeCsr("mvip", SSIP | SEIP);
  t.expectCsr("delegation comes before mvien", "sip", 0n);
  close(t);
}

function absent(t: Script): void {
  for (const csr of [
    "miselect",
    "mireg",
    "mtopei",
    "mtopi",
    "mvien",
    "mvip",
    "siselect",
    "stopi",
  ]) {
    t.traps(`${csr} without an IMSIC`, "M", [`csrr a0, ${csr}`], ILLEGAL);
  }
  t.traps("nor can they be written", "M", ["csrw miselect, zero"], ILLEGAL);
}

const AIA = { aia: "aplic-imsic" } as const;

export const AIA_TESTS: readonly DirectedTest[] = [
  { name: "indirect registers", write: windows, ...AIA },
  { name: "rights to AIA's registers", write: accessRights, ...AIA },
  { name: "message-signaled interrupts", write: messages, ...AIA },
  { name: "traps by messages", write: traps, ...AIA },
  { name: "top interrupts", write: topInterrupts, ...AIA },
  { name: "priorities of major interrupts", write: priorityFields, ...AIA },
  { name: "virtual interrupts", write: virtualInterrupts, ...AIA },
  { name: "no AIA with the PLIC", write: absent },
  { name: "no AIA with the APLIC alone", write: absent, aia: "aplic" },
];
