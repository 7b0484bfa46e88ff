/** Statements without control flow of their own. Each returns about how many instructions it takes. */
import {
  Mode,
  TABLES_AT,
  WINDOW_AT,
  WINDOW_PAGES,
  LINEAR_AT,
  DATA_MIDDLE,
  RAM,
  DATA_AT,
} from "./program.ts";
import type { Writer } from "./writer.ts";

/** Writes a statement. @returns its cost in instructions */
export type Statement = (w: Writer) => number;

/** What the trap handler takes. */
const TRAP_COST = 160;

const BINARY =
  "add sub sll slt sltu xor srl sra or and addw subw sllw srlw sraw mul mulh mulhsu mulhu mulw div divu rem remu divw divuw remw remuw sh1add sh2add sh3add add.uw sh1add.uw andn orn xnor max maxu min minu rol ror rolw rorw bclr bext binv bset czero.eqz czero.nez clmul clmulh".split(
    " ",
  );
const IMMEDIATE = "addi slti sltiu xori ori andi addiw".split(" ");
const SHIFTS = "slli srli srai rori bclri bexti binvi bseti".split(" ");
const WORD_SHIFTS = "slliw srliw sraiw roriw".split(" ");
const UNARY = "clz ctz cpop clzw ctzw cpopw sext.b sext.h zext.h orc.b rev8".split(" ");
const SHORT_PAIRS = "c.sub c.xor c.or c.and c.subw c.addw".split(" ");

const binary: Statement = (w) => {
  w.line(`${w.pick(BINARY)} ${w.work()}, ${w.work()}, ${w.work()}`);
  return 1;
};

const immediate: Statement = (w) => {
  const [rd, rs] = [w.work(), w.work()];
  switch (w.below(6)) {
    case 0:
      w.line(`${w.pick(SHIFTS)} ${rd}, ${rs}, ${w.below(64)}`);
      break;
    case 1:
      w.line(`${w.pick(WORD_SHIFTS)} ${rd}, ${rs}, ${w.below(32)}`);
      break;
    case 2:
      w.line(`${w.pick(UNARY)} ${rd}, ${rs}`);
      break;
    case 3:
      w.line(w.chance(50) ? `lui ${rd}, ${w.below(1 << 20)}` : `addi ${rd}, zero, ${w.imm12()}`);
      break;
    default:
      w.line(`${w.pick(IMMEDIATE)} ${rd}, ${rs}, ${w.imm12()}`);
  }
  return 1;
};

/** Compressed ones also shift what follows by a parcel: 4-byte instructions then cross pages. */
const compressed: Statement = (w) => {
  const slot = w.pick([40, 48, 56]);
  switch (w.below(8)) {
    case 0:
      w.line(`c.addi ${w.work()}, ${w.below(31) + 1}`);
      break;
    case 1:
      w.line(`c.mv ${w.work()}, ${w.work()}`);
      break;
    case 2:
      w.line(`c.add ${w.work()}, ${w.work()}`);
      break;
    case 3:
      w.line(`c.li ${w.work()}, ${w.below(32)}`);
      break;
    case 4:
      w.line("c.nop");
      break;
    case 5:
      w.line(`c.sdsp ${w.work()}, ${slot}(sp)`);
      break;
    case 6:
      w.line(`c.ldsp ${w.work()}, ${slot}(sp)`);
      break;
    default:
      w.line(`${w.pick(SHORT_PAIRS)} ${w.short()}, ${w.short()}`);
  }
  return 1;
};

/** pc-relative values are not kept: they differ from mapping to mapping only, but loads would fault. */
const address: Statement = (w) => {
  w.line(`auipc t5, ${w.below(4)}`, `sub ${w.work()}, t5, ra`);
  return 2;
};

const LOADS = ["lb", "lbu", "lh", "lhu", "lw", "lwu", "ld"] as const;
const STORES = ["sb", "sh", "sw", "sd"] as const;
const WIDTH: Readonly<Record<string, number>> = { b: 1, h: 2, w: 4, d: 8 };

/** Mostly aligned if the pointer is; small, so that several accesses share a page. */
function offset(w: Writer, name: string): number {
  const width = WIDTH[name.replace("u", "").at(-1) ?? ""] ?? 1;
  const at = w.chance(60) ? w.below(64) : w.below(2000) - 1000;
  return w.chance(80) ? at - (at % width) : at;
}

const load: Statement = (w) => {
  const name = w.pick(LOADS);
  w.line(`${name} ${w.pick([w.work(), w.work(), "zero"])}, ${offset(w, name)}(${pointer(w)})`);
  return 2;
};

const store: Statement = (w) => {
  const name = w.pick(STORES);
  w.line(`${name} ${w.work()}, ${offset(w, name)}(${pointer(w)})`);
  return 2;
};

function pointer(w: Writer): string {
  return w.pick(["s8", "s9", "s9", "gp"]);
}

const walk: Statement = (w) => {
  const at = w.pick(["s8", "s9"]);
  w.line(`addi ${at}, ${at}, ${at === "s9" ? w.below(32) * 8 : w.below(300)}`);
  w.keepInReach(at);
  return 5;
};

const seek: Statement = (w) => {
  const at = w.pick(["s8", "s9"]);
  const bits = at === "s9" ? "0x7ff8" : "0x7fff";
  w.line(`li t6, ${bits}; and t5, ${w.work()}, t6; add ${at}, gp, t5`);
  return 4;
};

/** The last bytes of a page: wide accesses from here cross into the next. */
const seekPageEnd: Statement = (w) => {
  w.line(`li t5, ${0x1000 * (1 + w.below(7)) - w.below(9)}; add s8, gp, t5`);
  const access = w.pick(["ld", "lwu", "lh", "sd", "sw"]);
  w.line(`lbu ${w.work()}, 0(s8)`, `${access} ${w.work()}, 0(s8)`);
  return 5;
};

const AMOS = "amoswap amoadd amoxor amoand amoor amomin amomax amominu amomaxu".split(" ");

const atomic: Statement = (w) => {
  const width = w.pick(["w", "d"]);
  w.line(w.chance(90) ? "andi t5, s8, -8" : "mv t5, s8");
  w.line(`${w.pick(AMOS)}.${width} ${w.pick([w.work(), "zero"])}, ${w.work()}, (t5)`);
  return 3;
};

const reservation: Statement = (w) => {
  const width = w.pick(["w", "d"]);
  const rd = w.work();
  w.line("andi t5, s9, -8", `lr.${width} t6, (t5)`);
  if (w.chance(30)) w.line(`sw ${w.work()}, 0(t5)`);
  w.line(`add t6, t6, ${w.work()}`, `sc.${width} ${rd}, t6, (t5)`);
  return 5;
};

const FLOAT_3 = "fadd fsub fmul fdiv fsgnj fsgnjn fsgnjx fmin fmax".split(" ");
const FLOAT_4 = "fmadd fmsub fnmadd fnmsub".split(" ");
const COMPARE = "feq flt fle".split(" ");
const CONVERT = "w wu l lu".split(" ");

const floating: Statement = (w) => {
  const p = w.pick(["s", "d", "d"]);
  const [d, a, b, c] = [w.float(), w.float(), w.float(), w.float()];
  switch (w.below(9)) {
    case 0:
      w.line(`${w.pick(FLOAT_4)}.${p} ${d}, ${a}, ${b}, ${c}`);
      break;
    case 1:
      w.line(`${w.pick(COMPARE)}.${p} ${w.work()}, ${a}, ${b}`);
      break;
    case 2:
      w.line(`fcvt.${p}.${w.pick(CONVERT)} ${d}, ${w.work()}`);
      break;
    case 3:
      w.line(`fcvt.${w.pick(CONVERT)}.${p} ${w.work()}, ${a}, ${w.pick(["rtz", "rne", "dyn"])}`);
      break;
    case 4:
      w.line(w.chance(50) ? `fmv.x.d ${w.work()}, ${a}` : `fmv.d.x ${d}, ${w.work()}`);
      break;
    case 5:
      w.line(w.pick([`fcvt.s.d ${d}, ${a}`, `fcvt.d.s ${d}, ${a}`, `fsqrt.${p} ${d}, ${a}`]));
      break;
    default:
      w.line(`${w.pick(FLOAT_3)}.${p} ${d}, ${a}, ${b}`);
  }
  return 2;
};

const floatMemory: Statement = (w) => {
  const name = w.pick(["fld", "fld", "flw", "fsd", "fsd", "fsw"]);
  w.line(`${name} ${w.float()}, ${offset(w, name)}(${pointer(w)})`);
  return 2;
};

const floatState: Statement = (w) => {
  const frm = `li t5, ${w.below(10) === 0 ? 5 : w.below(5)}; csrw frm, t5`;
  w.line(w.pick([`csrr ${w.work()}, fcsr`, "csrw fflags, zero", frm]));
  return 2;
};

/** FS off and on again (or not): FP instructions between them trap. M-mode only. */
const floatOff: Statement = (w) => {
  const verb = w.pick(["csrs", "csrs", "csrc"]);
  w.line("li t5, 0x6000", `${w.mode === Mode.M ? verb : "csrs"} ${status(w)}, t5`);
  return w.mode === Mode.U ? TRAP_COST : 2;
};

function status(w: Writer): string {
  return w.mode === Mode.M ? "mstatus" : "sstatus";
}

const counters: Statement = (w) => {
  w.line(`csrr ${w.work()}, ${w.pick(["instret", "cycle", "time"])}`);
  return 1;
};

const fence: Statement = (w) => {
  w.line(w.pick(["fence", "fence rw, rw", "fence.i", "fence.tso"]));
  return 2;
};

/** Traps that the handler steps over. */
const trap: Statement = (w) => {
  const at = w.pick([0x2000_0000, 0x7000_0000, 0x3_0000_0000, -16]);
  w.line(
    w.pick([
      "li a7, 1; ecall",
      "ebreak",
      ".word 0xffffffff",
      `li t5, ${at}; ld ${w.work()}, 0(t5)`,
      `li t5, ${at}; sd ${w.work()}, 0(t5)`,
      `li t5, ${at}; amoadd.d ${w.work()}, ${w.work()}, (t5)`,
      `andi t5, s8, -8; lr.d ${w.work()}, (t5); sc.d ${w.work()}, ${w.work()}, (gp)`,
      `csrw cycle, ${w.work()}`,
    ]),
  );
  return TRAP_COST;
};

const device: Statement = (w) => {
  w.line(
    w.pick([
      `sb ${w.work()}, 0(s0)`,
      `lbu ${w.work()}, 5(s0)`,
      `sb ${w.work()}, 7(s0)`,
      `lbu ${w.work()}, 7(s0)`,
      `li t5, 0x1000; add t5, s0, t5; lw ${w.work()}, ${w.pick([0, 4, 8])}(t5)`,
      `li t5, 0x1000; add t5, s0, t5; sw ${w.work()}, 0x14(t5)`,
    ]),
  );
  return 6;
};

/** Changes the immediate of an instruction somewhere; its code sees it from the fence on. */
const patch: Statement = (w) => {
  if (w.slots.length === 0) return 0;
  const bit = 20 + w.below(8);
  w.line(`la t5, ${w.pick(w.slots)}`, "lw t6, 0(t5)", `li t4, ${1 << bit}; xor t6, t6, t4`);
  w.line("sw t6, 0(t5)");
  if (w.chance(85)) w.line("fence.i");
  return 10;
};

/** An instruction that `patch` may change. */
const slot: Statement = (w) => {
  const label = w.label();
  w.slots.push(label);
  // A slot may be left out when a program is cut down: its label may not.
  w.line(`${label}: addi ${w.work()}, ${w.work()}, 1`);
  return 1;
};

/** Exchanges two pages of the window, then says so. */
const remap: Statement = (w) => {
  if (w.mode === Mode.U) return 0;
  const [one, two] = [w.below(WINDOW_PAGES), w.below(WINDOW_PAGES)];
  const base = w.mode === Mode.M ? RAM : LINEAR_AT;
  const table = base + TABLES_AT + 0x2000 + ((WINDOW_AT >> 12) << 3);
  w.line(`li t5, ${table}`, `ld t6, ${8 * one}(t5); ld t4, ${8 * two}(t5)`);
  w.line(`sd t6, ${8 * two}(t5); sd t4, ${8 * one}(t5)`);
  if (w.chance(50)) w.line("sfence.vma");
  else {
    for (const page of [one, two]) {
      w.line(`li t5, ${LINEAR_AT + WINDOW_AT + 0x1000 * page}; sfence.vma t5, zero`);
    }
  }
  return 14;
};

/** Statements for anywhere, with their shares. */
const ANY: readonly (readonly [Statement, number])[] = [
  [binary, 24],
  [immediate, 14],
  [compressed, 10],
  [address, 1],
  [load, 14],
  [store, 10],
  [walk, 6],
  [seek, 3],
  [seekPageEnd, 2],
  [atomic, 3],
  [reservation, 2],
  [floating, 6],
  [floatMemory, 4],
  [floatState, 1],
  [floatOff, 1],
  [counters, 2],
  [fence, 1],
  [trap, 2],
  [device, 2],
  [patch, 1],
  [slot, 2],
  [remap, 2],
];
const TOTAL = ANY.reduce((sum, [, share]) => sum + share, 0);

export function anyStatement(w: Writer): number {
  let at = w.below(TOTAL);
  for (const [statement, share] of ANY) {
    if (at < share) return statement(w);
    at -= share;
  }
  return 0;
}

/** Statements that can neither trap nor need a mode. */
export function calmStatement(w: Writer): number {
  return w.pick([binary, immediate, compressed])(w);
}

/** Loads and stores through a window of M-mode's choosing: MPRV with S or U as the mode. */
export function borrowMode(w: Writer, body: () => number): number {
  const bits = (1n << 17n) | (BigInt(w.pick([Mode.U, Mode.S])) << 11n);
  const middle = (base: number): string => `li gp, ${base + DATA_MIDDLE}; mv s8, gp; mv s9, gp`;
  w.line(middle(LINEAR_AT + WINDOW_AT));
  w.line(`li t5, ${3 << 11}; csrc mstatus, t5; li t5, ${bits}; csrs mstatus, t5`);
  const cost = body();
  w.line(`li t5, ${1 << 17}; csrc mstatus, t5`, middle(RAM + DATA_AT));
  return cost + 20;
}

/** Its cost counts the traps that some of the window's pages give. */
export function memoryStatement(w: Writer): number {
  return w.pick([binary, load, load, store, walk, atomic, seekPageEnd, floatMemory])(w) + 60;
}
