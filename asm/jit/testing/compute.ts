/** Integer statements. Each statement returns about how many instructions it takes. */
import type { Writer } from "./writer.ts";

/** Writes a statement. @returns its cost in instructions */
export type Statement = (w: Writer) => number;

const BINARY =
  "add sub sll slt sltu xor srl sra or and addw subw sllw srlw sraw mul mulh mulhsu mulhu mulw div divu rem remu divw divuw remw remuw sh1add sh2add sh3add add.uw sh1add.uw andn orn xnor max maxu min minu rol ror rolw rorw bclr bext binv bset czero.eqz czero.nez clmul clmulh".split(
    " ",
  );
const IMMEDIATE = "addi slti sltiu xori ori andi addiw".split(" ");
const SHIFTS = "slli srli srai rori bclri bexti binvi bseti".split(" ");
const WORD_SHIFTS = "slliw srliw sraiw roriw".split(" ");
const UNARY = "clz ctz cpop clzw ctzw cpopw sext.b sext.h zext.h orc.b rev8".split(" ");
const SHORT_PAIRS = "c.sub c.xor c.or c.and c.subw c.addw".split(" ");

export const binary: Statement = (w) => {
  w.line(`${w.pick(BINARY)} ${w.work()}, ${w.work()}, ${w.work()}`);
  return 1;
};

export const immediate: Statement = (w) => {
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
export const compressed: Statement = (w) => {
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
export const address: Statement = (w) => {
  w.line(`auipc t5, ${w.below(4)}`, `sub ${w.work()}, t5, ra`);
  return 2;
};

/** Statements that can neither trap nor need a mode. */
export function calmStatement(w: Writer): number {
  return w.pick([binary, immediate, compressed])(w);
}
