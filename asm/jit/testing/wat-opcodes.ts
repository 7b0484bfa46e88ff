/** Text names and stack effects of WebAssembly's instructions (core specification §5.4, §6.5). */

const NUMERIC =
  `i32.eqz i32.eq i32.ne i32.lt_s i32.lt_u i32.gt_s i32.gt_u i32.le_s i32.le_u i32.ge_s
  i32.ge_u i64.eqz i64.eq i64.ne i64.lt_s i64.lt_u i64.gt_s i64.gt_u i64.le_s i64.le_u i64.ge_s
  i64.ge_u f32.eq f32.ne f32.lt f32.gt f32.le f32.ge f64.eq f64.ne f64.lt f64.gt f64.le f64.ge
  i32.clz i32.ctz i32.popcnt i32.add i32.sub i32.mul i32.div_s i32.div_u i32.rem_s i32.rem_u i32.and
  i32.or i32.xor i32.shl i32.shr_s i32.shr_u i32.rotl i32.rotr i64.clz i64.ctz i64.popcnt i64.add
  i64.sub i64.mul i64.div_s i64.div_u i64.rem_s i64.rem_u i64.and i64.or i64.xor i64.shl i64.shr_s
  i64.shr_u i64.rotl i64.rotr f32.abs f32.neg f32.ceil f32.floor f32.trunc f32.nearest f32.sqrt
  f32.add f32.sub f32.mul f32.div f32.min f32.max f32.copysign f64.abs f64.neg f64.ceil f64.floor
  f64.trunc f64.nearest f64.sqrt f64.add f64.sub f64.mul f64.div f64.min f64.max f64.copysign
  i32.wrap_i64 i32.trunc_f32_s i32.trunc_f32_u i32.trunc_f64_s i32.trunc_f64_u i64.extend_i32_s
  i64.extend_i32_u i64.trunc_f32_s i64.trunc_f32_u i64.trunc_f64_s i64.trunc_f64_u f32.convert_i32_s
  f32.convert_i32_u f32.convert_i64_s f32.convert_i64_u f32.demote_f64 f64.convert_i32_s
  f64.convert_i32_u f64.convert_i64_s f64.convert_i64_u f64.promote_f32 i32.reinterpret_f32
  i64.reinterpret_f64 f32.reinterpret_i32 f64.reinterpret_i64 i32.extend8_s i32.extend16_s
  i64.extend8_s i64.extend16_s i64.extend32_s`.split(/\s+/);
const FIRST_NUMERIC = 0x45;

const UNARY =
  /eqz|clz|ctz|popcnt|abs|neg|ceil|floor|trunc|nearest|sqrt|wrap|extend|convert|demote|promote|reinterpret/;

const MEMORY =
  `i32.load i64.load f32.load f64.load i32.load8_s i32.load8_u i32.load16_s i32.load16_u
  i64.load8_s i64.load8_u i64.load16_s i64.load16_u i64.load32_s i64.load32_u i32.store i64.store
  f32.store f64.store i32.store8 i32.store16 i64.store8 i64.store16 i64.store32`.split(/\s+/);
const FIRST_MEMORY = 0x28;

/** An operation without immediates. */
export interface Operation {
  readonly name: string;
  /** Operands taken; each such operation pushes one. */
  readonly takes: number;
}

export function numeric(opcode: number): Operation | undefined {
  const name = NUMERIC[opcode - FIRST_NUMERIC];
  if (name === undefined) return undefined;
  return { name, takes: UNARY.test(name) ? 1 : 2 };
}

/** Name of a load or store. */
export function memoryOperation(opcode: number): string | undefined {
  return MEMORY[opcode - FIRST_MEMORY];
}

/** The vector operations of use to scalar code, by their number behind the prefix 0xfd. */
const VECTOR: Readonly<Record<number, Operation>> = {
  0x13: { name: "f32x4.splat", takes: 1 },
  0x14: { name: "f64x2.splat", takes: 1 },
  0x105: { name: "f32x4.relaxed_madd", takes: 3 },
  0x106: { name: "f32x4.relaxed_nmadd", takes: 3 },
  0x107: { name: "f64x2.relaxed_madd", takes: 3 },
  0x108: { name: "f64x2.relaxed_nmadd", takes: 3 },
};

export function vector(opcode: number): Operation | undefined {
  return VECTOR[opcode];
}

/** Vector operations with a lane number behind them. */
const LANES: Readonly<Record<number, string>> = {
  0x1d: "i64x2.extract_lane",
  0x1f: "f32x4.extract_lane",
  0x20: "f32x4.replace_lane",
  0x21: "f64x2.extract_lane",
};

export function lane(opcode: number): string | undefined {
  return LANES[opcode];
}

export const VALUE_TYPES: Readonly<Record<number, string>> = {
  0x7f: "i32",
  0x7e: "i64",
  0x7d: "f32",
  0x7c: "f64",
  0x7b: "v128",
};
