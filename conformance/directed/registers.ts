/** CSRs: fields that cannot change, views of one register in another, access rights, counters. */
import type { DirectedTest, Script } from "./script.ts";

const FS = 3n << 13n;
const SD = 1n << 63n;
const STCE = 1n << 63n;
const ALL = (1n << 64n) - 1n;

function fixedFields(t: Script): void {
  t.writeCsr("mtvec", 0x8000_0002n);
  t.expectCsr("mtvec has no mode 2", "mtvec", 0n, 2n);
  t.raw("la t0, handler", "csrw mtvec, t0");
  t.check("misa cannot be changed");
  t.raw("csrr a0, misa", "csrw misa, zero", "csrr a1, misa", "sub a0, a0, a1");
  t.equal("a0", 0n);
  t.expectCsr(
    "misa names IMAFDC, S, U and RV64",
    "misa",
    (2n << 62n) | 0x14112dn,
    (3n << 62n) | 0x14112dn,
  );
  t.setCsr("mstatus", (3n << 32n) | (3n << 34n));
  t.expectCsr("UXL and SXL are 2", "mstatus", 0xan << 32n, 0xfn << 32n);
  t.setCsr("mstatus", 0x1ff_ffc0_0000_0000n | (3n << 15n) | (3n << 9n));
  t.expectCsr(
    "no vectors, no other extensions, no big-endian modes",
    "mstatus",
    0n,
    (3n << 36n) | (3n << 15n) | (3n << 9n),
  );
  t.setCsr("mstatus", 3n << 11n);
  t.clearCsr("mstatus", 1n << 11n);
  t.check("MPP is never the reserved mode 2");
  t.raw("csrr a0, mstatus", "srli a0, a0, 11", "andi a0, a0, 3", "addi a0, a0, -2", "snez a0, a0");
  t.equal("a0", 1n);
  t.writeCsr("mepc", ALL);
  t.expectCsr("mepc is even", "mepc", ALL - 1n);
  t.writeCsr("sepc", ALL);
  t.expectCsr("sepc is even", "sepc", ALL - 1n);
  t.writeCsr("mideleg", ALL);
  t.expectCsr("M-mode's interrupts cannot be delegated", "mideleg", 0x222n);
  t.writeCsr("mideleg", 0n);
  t.writeCsr("mie", ALL);
  t.expectCsr("mie has the standard interrupts", "mie", 0xaaan);
  t.writeCsr("mie", 0n);
  for (const csr of ["mscratch", "sscratch", "mtval", "stval", "mcause"]) {
    t.writeCsr(csr, 0xa5a5_5a5a_0f0f_00ffn);
    if (csr !== "mcause") t.expectCsr(`${csr} holds any value`, csr, 0xa5a5_5a5a_0f0f_00ffn);
  }
  t.expectCsr("there is one hart, number 0", "mhartid", 0n);
}

function views(t: Script): void {
  t.setCsr("mstatus", 1n << 18n);
  t.expectCsr("sstatus shows SUM of mstatus", "sstatus", 1n << 18n, 1n << 18n);
  t.setCsr("sstatus", 1n << 19n);
  t.expectCsr("mstatus shows MXR set in sstatus", "mstatus", 1n << 19n, 1n << 19n);
  t.setCsr("sstatus", (1n << 17n) | (3n << 11n) | (1n << 3n) | (1n << 20n));
  t.expectCsr(
    "sstatus cannot reach MPRV, MIE and TVM",
    "mstatus",
    0n,
    (1n << 17n) | (1n << 3n) | (1n << 20n),
  );
  t.clearCsr("mstatus", 3n << 18n);
  t.writeCsr("fcsr", 0xe5n);
  t.expectCsr("fflags is the low part of fcsr", "fflags", 5n);
  t.expectCsr("frm is the high part", "frm", 7n);
  t.writeCsr("fflags", ALL);
  t.writeCsr("frm", 2n);
  t.expectCsr("and they write it", "fcsr", 0x5fn);
}

function accessRights(t: Script): void {
  for (const csr of ["mstatus", "mepc", "mhartid", "menvcfg", "pmpcfg0", "mcycle"]) {
    t.traps(`${csr} from S-mode`, "S", [`csrr a0, ${csr}`], { cause: 2n });
  }
  for (const csr of ["sstatus", "sepc", "satp", "stimecmp"]) {
    t.traps(`${csr} from U-mode`, "U", [`csrr a0, ${csr}`], { cause: 2n });
  }
  t.traps("a write of a read-only register", "M", ["csrw mhartid, zero"], { cause: 2n });
  t.traps(
    "a set with a register that holds 0 is a write too",
    "M",
    ["li a0, 0", "csrs cycle, a0"],
    {
      cause: 2n,
    },
  );
  t.runs("a set with x0 is not", "M", ["csrr a0, cycle"]);
  t.runs("nor is a clear of immediate 0", "M", ["csrrci a0, cycle, 0"]);
  t.check("an illegal access writes no register");
  t.raw("li a0, 77");
  t.run("U", ["csrr a0, sscratch"]);
  t.equal("a0", 77n);
  t.traps("a register that does not exist", "M", ["csrr a0, 0x5c0"], { cause: 2n });
}

function counterRights(t: Script): void {
  const names = ["cycle", "time", "instret"];
  for (const [i, name] of names.entries()) {
    t.writeCsr("mcounteren", 0n);
    t.writeCsr("scounteren", ALL);
    t.traps(`${name} from S-mode needs mcounteren`, "S", [`csrr a0, ${name}`], { cause: 2n });
    t.writeCsr("mcounteren", 1n << BigInt(i));
    t.runs(`${name} from S-mode with it`, "S", [`csrr a0, ${name}`]);
    t.runs(`${name} from U-mode with both`, "U", [`csrr a0, ${name}`]);
    t.writeCsr("scounteren", 0n);
    t.traps(`${name} from U-mode needs scounteren`, "U", [`csrr a0, ${name}`], { cause: 2n });
  }
  t.writeCsr("mcounteren", 0n);
}

function counting(t: Script): void {
  t.check("minstret counts each instruction once");
  t.raw("csrr a0, minstret", "nop", "nop", "nop", "csrr a1, minstret", "sub a0, a1, a0");
  t.equal("a0", 4n);
  t.check("a written value counts on from the next instruction");
  t.raw("li a0, 1000", "csrw minstret, a0", "csrr a1, minstret");
  t.equal("a1", 1000n);
  t.check("mcountinhibit stops it");
  t.raw("csrwi mcountinhibit, 4", "csrr a0, minstret", "nop", "nop", "csrr a1, minstret");
  t.raw("csrwi mcountinhibit, 0", "sub a0, a1, a0");
  t.equal("a0", 0n);
  t.check("and mcycle");
  t.raw("csrwi mcountinhibit, 1", "csrr a0, mcycle", "nop", "nop", "csrr a1, mcycle");
  t.raw("csrwi mcountinhibit, 0", "sub a0, a1, a0");
  t.equal("a0", 0n);
  t.writeCsr("mcountinhibit", ALL);
  t.expectCsr("time cannot be stopped", "mcountinhibit", 0n, 2n);
  t.writeCsr("mcountinhibit", 0n);
  t.check("an instruction that traps does not count");
  t.raw("csrr a2, minstret");
  t.run("M", ["csrr a0, minstret", ".word 0xffffffff"]);
  t.raw("csrr a1, minstret", "sub a0, a1, a0");
  // From the first read to the second: the read itself and what the handler executes.
  t.check("time goes forward");
  t.raw("csrr a0, time", "li a2, 100000", "1:", "addi a2, a2, -1", "bnez a2, 1b", "csrr a1, time");
  t.raw("sltu a0, a0, a1");
  t.equal("a0", 1n);
}

function supervisorTimer(t: Script): void {
  t.writeCsr("mideleg", 0x20n);
  t.writeCsr("menvcfg", 0n);
  t.traps("stimecmp from S-mode needs menvcfg.STCE", "S", ["csrr a0, stimecmp"], { cause: 2n });
  t.setCsr("mip", 0x20n);
  t.expectCsr("without STCE software sets STIP", "mip", 0x20n, 0x20n);
  t.clearCsr("mip", 0x20n);
  t.setCsr("menvcfg", STCE);
  t.writeCsr("mcounteren", 0n);
  t.traps("and mcounteren.TM", "S", ["csrr a0, stimecmp"], { cause: 2n });
  t.writeCsr("mcounteren", 2n);
  t.runs("stimecmp far ahead", "S", ["li a0, -1", "csrw stimecmp, a0", "csrr a1, sip"]);
  t.expect("sets no STIP", "a1", 0n);
  t.setCsr("mip", 0x20n);
  t.expectCsr("with STCE software cannot set STIP", "mip", 0n, 0x20n);
  t.runs("stimecmp in the past", "S", ["csrw stimecmp, zero", "csrr a1, sip"]);
  t.expect("sets STIP", "a1", 0x20n);
  t.writeCsr("mie", 0x20n);
  t.check("and interrupts U-mode");
  t.run("U", ["nop", "nop"]);
  t.equal("s6", (1n << 63n) | 5n);
  t.runs("until stimecmp is ahead again", "S", ["li a0, -1", "csrw stimecmp, a0"]);
  t.runs("then no more", "U", ["nop", "nop"]);
  t.writeCsr("mie", 0n);
  t.writeCsr("mideleg", 0n);
  t.writeCsr("menvcfg", 0n);
}

function floatingState(t: Script): void {
  const state = (description: string, value: bigint): void => {
    t.expectCsr(description, "mstatus", value, SD | FS);
  };
  t.clearCsr("mstatus", FS);
  state("FS is off", 0n);
  for (const line of [
    "fadd.d fa0, fa1, fa2",
    "fmv.x.d a0, fa0",
    "flw fa0, 0(sp)",
    "fsd fa0, 0(sp)",
    "csrr a0, fcsr",
    "csrw frm, zero",
    "fli.s fa0, 1.0",
  ]) {
    t.traps(`with FS off: ${line}`, "S", [line], { cause: 2n });
  }
  const initial = 1n << 13n;
  const clean = 2n << 13n;
  for (const [name, value] of [
    ["initial", initial],
    ["clean", clean],
  ] as const) {
    const set = (): void => {
      t.clearCsr("mstatus", FS);
      t.setCsr("mstatus", value);
    };
    set();
    t.raw("fmv.x.d a0, fa0");
    state(`a read leaves FS ${name}`, value);
    t.raw("fmv.d.x fa0, a0");
    state(`a write of a register makes ${name} dirty`, SD | FS);
    t.raw("csrwi fflags, 0");
    set();
    t.raw("csrwi frm, 0");
    state(`a write of frm makes ${name} dirty`, SD | FS);
    t.raw("li a1, 0x7ff0000000000001", "fmv.d.x fa1, a1", "csrwi fflags, 0");
    set();
    t.raw("feq.d a0, fa1, fa1");
    state(`a raised flag makes ${name} dirty`, SD | FS);
  }
}

function roundingModes(t: Script): void {
  t.raw("li a0, 0x3ff0000000000000", "fmv.d.x fa0, a0");
  for (const mode of [5n, 6n, 7n]) {
    t.writeCsr("frm", mode);
    t.traps(`dynamic rounding with frm ${mode}`, "U", ["fadd.d fa1, fa0, fa0, dyn"], { cause: 2n });
    t.runs(`an instruction that rounds nothing with frm ${mode}`, "U", ["fsgnj.d fa1, fa0, fa0"]);
    t.runs(`a static mode with frm ${mode}`, "U", ["fadd.d fa1, fa0, fa0, rtz"]);
  }
  t.writeCsr("frm", 0n);
  // fadd.d fa1, fa0, fa0 with rm 5 and 6.
  for (const rm of [5n, 6n]) {
    const bits = 0x02a5_0053n | (11n << 7n) | (rm << 12n);
    t.traps(`static rounding mode ${rm}`, "U", [`.word ${bits}`], { cause: 2n });
  }
}

export const REGISTERS: readonly DirectedTest[] = [
  { name: "fixed fields", write: fixedFields },
  { name: "views of registers", write: views },
  { name: "access rights", write: accessRights },
  { name: "counter rights", write: counterRights },
  { name: "counters", write: counting },
  { name: "supervisor timer", write: supervisorTimer },
  { name: "floating-point state", write: floatingState },
  { name: "rounding modes", write: roundingModes },
];
