/** CSRs, counters, fences, devices, and instructions that trap. */
import { calmStatement } from "./compute.ts";
import type { Statement } from "./compute.ts";
import { Mode, QUICK_CALL, TRAP_COST } from "./layout.ts";
import type { Writer } from "./writer.ts";

/** CSRs that a program may set to anything, by mode. */
const FREE: Readonly<Record<Mode, readonly string[]>> = {
  [Mode.U]: ["fflags", "frm"],
  [Mode.S]: ["sepc", "scause", "stval", "fflags", "frm", "fcsr"],
  [Mode.M]: [
    "mepc",
    "mcause",
    "mtval",
    "sepc",
    "stval",
    "sscratch",
    "fflags",
    "mcycle",
    "minstret",
  ],
};

/** CSRs to be read only, besides those. */
const READ: Readonly<Record<Mode, readonly string[]>> = {
  [Mode.U]: ["cycle", "instret"],
  [Mode.S]: ["sstatus", "satp", "stvec", "scounteren", "senvcfg", "stimecmp", "sie"],
  [Mode.M]: ["mstatus", "mscratch", "mie", "satp", "misa", "mhartid", "medeleg", "menvcfg"],
};

export const csrAccess: Statement = (w) => {
  const free = FREE[w.mode];
  const rd = w.pick([w.work(), w.work(), "zero"]);
  switch (w.below(6)) {
    case 0:
      w.line(`${w.pick(["csrrw", "csrrs", "csrrc"])} ${rd}, ${w.pick(free)}, ${w.work()}`);
      break;
    case 1:
      w.line(`${w.pick(["csrrwi", "csrrsi", "csrrci"])} ${rd}, ${w.pick(free)}, ${w.below(32)}`);
      break;
    case 2:
      w.line(`${w.pick(["csrrs", "csrrc"])} ${rd}, ${w.pick(READ[w.mode])}, zero`);
      break;
    default:
      w.line(`csrr ${rd}, ${w.pick([...READ[w.mode], ...free])}`);
  }
  return 2;
};

/** Exchanges a register with the scratch register and back, as handlers begin and end. */
export const swapScratch: Statement = (w) => {
  const name = w.mode === Mode.M ? "mscratch" : "sscratch";
  const register = w.pick([w.work(), "tp"]);
  w.line(`csrrw ${register}, ${name}, ${register}`);
  const cost = w.chance(50) ? 0 : calmOn(w, register);
  w.line(`csrrw ${register}, ${name}, ${register}`);
  return (w.mode === Mode.U ? 2 * TRAP_COST : 2) + cost;
};

/** Something that leaves the register alone, which the handler needs again. */
function calmOn(w: Writer, register: string): number {
  const rd = w.work();
  if (rd === register) return 0;
  w.line(`xor ${rd}, ${rd}, ${w.work()}`);
  return 1;
}

/** Changes a bit of the status that data accesses depend on, for a while. */
export const accessRights: Statement = (w) => {
  const bit = 1 << w.pick([18, 19]);
  if (w.mode === Mode.U) return 0;
  const name = w.mode === Mode.M ? "mstatus" : "sstatus";
  w.line(`li t5, ${bit}; ${w.pick(["csrs", "csrc", "csrs"])} ${name}, t5`);
  return 3;
};

/** Interrupts are enabled while nothing is pending. */
export const interruptEnable: Statement = (w) => {
  const name = w.mode === Mode.M ? "mstatus" : "sstatus";
  const bit = w.mode === Mode.M ? 8 : 2;
  w.line(w.pick([`csrci ${name}, ${bit}`, `csrrsi ${w.work()}, ${name}, ${bit}`]));
  return w.mode === Mode.U ? TRAP_COST : 1;
};

/** A software interrupt, which is taken before the next instruction. */
export const softwareInterrupt: Statement = (w) => {
  if (w.mode === Mode.U) return 0;
  const x = w.mode === Mode.M ? "m" : "s";
  const enable = `csrsi ${x}status, ${w.mode === Mode.M ? 8 : 2}`;
  const raise = `csrsi ${x}ip, 2`;
  w.line(w.chance(50) ? `${enable}; ${raise}` : `${raise}; ${enable}`);
  if (w.mode === Mode.S) w.line("csrsi sie, 2");
  return TRAP_COST;
};

/** Returns from a trap that there was not. */
export const trapReturn: Statement = (w) => {
  if (w.mode === Mode.U) return 0;
  const to = w.label();
  const m = w.mode === Mode.M;
  const previous = m ? 0x1880 : 0x120;
  w.line(`la t5, ${to}; csrw ${m ? "mepc" : "sepc"}, t5`);
  w.line(`li t6, ${previous}; csrs ${m ? "mstatus" : "sstatus"}, t6`);
  w.line(m ? "mret" : "sret");
  w.chunk(() => calmStatement(w));
  w.line(`${to}:`);
  return 7;
};

export const counters: Statement = (w) => {
  const name = w.pick(["instret", "cycle", "time"]);
  const [a, b] = [w.work(), w.work()];
  w.line(`csrr ${a}, ${name}`);
  if (w.chance(40)) w.line(`sub ${b}, ${b}, ${a}`, `csrr ${b}, ${name}`, `sub ${a}, ${b}, ${a}`);
  return 2;
};

export const fence: Statement = (w) => {
  w.line(w.pick(["fence", "fence rw, rw", "fence.i", "fence.tso", "wrs.sto", "pause"]));
  return 2;
};

/** A system call that does little, as in a loop over many. */
export const quickCall: Statement = (w) => {
  w.line(`li a7, ${QUICK_CALL}; ecall`);
  return 30;
};

/** Traps that the handler steps over. */
export const trap: Statement = (w) => {
  const at = w.pick([0x1800_0000, 0x7000_0000, 0x3_0000_0000, -0x10_0000]);
  w.line(
    w.pick([
      "li a7, 1; ecall",
      "ebreak",
      ".word 0xffffffff",
      `li t5, ${at}; ld ${w.work()}, 0(t5)`,
      `li t5, ${at}; sd ${w.work()}, 0(t5)`,
      `li t5, ${at}; fld ${w.float()}, 0(t5)`,
      `li t5, ${at}; amoadd.d ${w.work()}, ${w.work()}, (t5)`,
      `andi t5, s8, -8; lr.d ${w.work()}, (t5); sc.d ${w.work()}, ${w.work()}, (gp)`,
      `csrw cycle, ${w.work()}`,
    ]),
  );
  return TRAP_COST;
};

export const device: Statement = (w) => {
  w.line(
    w.pick([
      `sb ${w.work()}, 0(s0)`,
      `lbu ${w.work()}, 5(s0)`,
      `sb ${w.work()}, 7(s0)`,
      `lbu ${w.work()}, 7(s0)`,
      `lbu t5, 5(s0); sb ${w.work()}, 7(s0); lbu t5, 7(s0); add ${w.work()}, t5, ${w.work()}`,
      `li t5, 0x1000; add t5, s0, t5; lw ${w.work()}, ${w.pick([0, 4, 8])}(t5)`,
      `li t5, 0x1000; add t5, s0, t5; sw ${w.work()}, 0x14(t5)`,
    ]),
  );
  return 6;
};
