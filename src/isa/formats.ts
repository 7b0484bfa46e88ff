/** Formats: the operands of an instruction as assembly writes them. */
import type { OperandName } from "./operands.ts";

/** Syntax of the 4-byte formats: names of OPERANDS with the punctuation between them. */
export const FORMATS = {
  none: "",
  R: "rd, rs1, rs2",
  R1: "rd, rs1",
  I: "rd, rs1, i12",
  I5: "rd, rs1, shamt5",
  I6: "rd, rs1, shamt6",
  L: "rd, i12(rs1)",
  S: "rs2, s12(rs1)",
  B: "rs1, rs2, b13",
  U: "rd, u32",
  J: "rd, j21",
  csr: "rd, csr, rs1",
  csri: "rd, csr, zimm",
  fence: "pred, succ",
  sfence: "rs1, rs2",
  amo: "aqrl rd, rs2, (rs1)",
  lr: "aqrl rd, (rs1)",
  cbo: "(rs1)",
  prefetch: "prefetch12(rs1)",
  /** Floating point: the letters say which file rd and the sources are in; `m` ends with rm. */
  fL: "fd, i12(rs1)",
  fS: "fs2, s12(rs1)",
  fff: "fd, fs1, fs2",
  fffm: "fd, fs1, fs2, rm",
  ffffm: "fd, fs1, fs2, fs3, rm",
  ff: "fd, fs1",
  ffm: "fd, fs1, rm",
  xff: "rd, fs1, fs2",
  xf: "rd, fs1",
  xfm: "rd, fs1, rm",
  /** The rounding mode is written but has one legal value (fcvtmod.w.d). */
  xfz: "rd, fs1, rtz",
  fx: "fd, rs1",
  fxm: "fd, rs1, rm",
  fli: "fd, fli",
} as const satisfies Readonly<Record<string, string>>;

export type FormatName = keyof typeof FORMATS;

/** Where an expanded instruction takes a field from: an operand of the short one or a constant. */
export type FieldSource = OperandName | number;

/** A 2-byte format: its syntax and the fields of the 4-byte instruction that it stands for. */
export interface ShortFormat {
  readonly syntax: string;
  readonly rd?: FieldSource;
  readonly rs1?: FieldSource;
  readonly rs2?: FieldSource;
  readonly imm?: FieldSource;
}

const SP = 2;
const RA = 1;

export const SHORT_FORMATS = {
  none: { syntax: "" },
  CI: { syntax: "rd, ci6", rd: "rd", rs1: "rd", imm: "ci6" },
  CI_li: { syntax: "rd, ci6", rd: "rd", rs1: 0, imm: "ci6" },
  CI_lui: { syntax: "rd, clui", rd: "rd", imm: "clui" },
  CI_nop: { syntax: "", rd: 0, rs1: 0, imm: 0 },
  CI_sp: { syntax: "sp, caddi16sp", rd: SP, rs1: SP, imm: "caddi16sp" },
  CI_shift: { syntax: "rd, cshamt6", rd: "rd", rs1: "rd", imm: "cshamt6" },
  CI_lwsp: { syntax: "rd, clwsp(sp)", rd: "rd", rs1: SP, imm: "clwsp" },
  CI_ldsp: { syntax: "rd, cldsp(sp)", rd: "rd", rs1: SP, imm: "cldsp" },
  CI_fldsp: { syntax: "fd, cldsp(sp)", rd: "fd", rs1: SP, imm: "cldsp" },
  CSS_swsp: { syntax: "crs2, cswsp(sp)", rs1: SP, rs2: "crs2", imm: "cswsp" },
  CSS_sdsp: { syntax: "crs2, csdsp(sp)", rs1: SP, rs2: "crs2", imm: "csdsp" },
  CSS_fsdsp: { syntax: "cfs2, csdsp(sp)", rs1: SP, rs2: "cfs2", imm: "csdsp" },
  CIW: { syntax: "crd3, sp, caddi4spn", rd: "crd3", rs1: SP, imm: "caddi4spn" },
  CL_lw: { syntax: "crd3, clw(crs13)", rd: "crd3", rs1: "crs13", imm: "clw" },
  CL_ld: { syntax: "crd3, cld(crs13)", rd: "crd3", rs1: "crs13", imm: "cld" },
  CL_fld: { syntax: "cfd3, cld(crs13)", rd: "cfd3", rs1: "crs13", imm: "cld" },
  CS_sw: { syntax: "crd3, clw(crs13)", rs1: "crs13", rs2: "crd3", imm: "clw" },
  CS_sd: { syntax: "crd3, cld(crs13)", rs1: "crs13", rs2: "crd3", imm: "cld" },
  CS_fsd: { syntax: "cfd3, cld(crs13)", rs1: "crs13", rs2: "cfd3", imm: "cld" },
  CA: { syntax: "crs13, crd3", rd: "crs13", rs1: "crs13", rs2: "crd3" },
  CB: { syntax: "crs13, cb", rs1: "crs13", rs2: 0, imm: "cb" },
  CB_andi: { syntax: "crs13, ci6", rd: "crs13", rs1: "crs13", imm: "ci6" },
  CB_shift: { syntax: "crs13, cshamt6", rd: "crs13", rs1: "crs13", imm: "cshamt6" },
  CJ: { syntax: "cj", rd: 0, imm: "cj" },
  CR: { syntax: "rd, crs2", rd: "rd", rs1: "rd", rs2: "crs2" },
  /** A move adds the immediate 0 to its source: one register read less than add with x0. */
  CR_mv: { syntax: "rd, crs2", rd: "rd", rs1: "crs2", imm: 0 },
  CR_ntl: { syntax: "", rd: 0, rs1: 0, rs2: "crs2" },
  CR_jr: { syntax: "rd", rd: 0, rs1: "rd", imm: 0 },
  CR_jalr: { syntax: "rd", rd: RA, rs1: "rd", imm: 0 },
} as const satisfies Readonly<Record<string, ShortFormat>>;

export type ShortFormatName = keyof typeof SHORT_FORMATS;
