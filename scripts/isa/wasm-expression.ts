/**
 * A Wasm operation of the table as AssemblyScript writes it. AssemblyScript has few of them as
 * functions (no i64.xor, no i64.lt_u); its operators on the right type compile to the same opcode.
 */

const INFIX: Readonly<Record<string, string>> = {
  add: "+",
  sub: "-",
  mul: "*",
  and: "&",
  or: "|",
  xor: "^",
  shl: "<<",
  shr_s: ">>",
  shr_u: ">>",
  eq: "==",
  ne: "!=",
  lt_s: "<",
  lt_u: "<",
  ge_s: ">=",
  ge_u: ">=",
};

const CALLS: Readonly<Record<string, "unary" | "binary">> = {
  clz: "unary",
  ctz: "unary",
  popcnt: "unary",
  rotl: "binary",
  rotr: "binary",
};

const EXTENDS: Readonly<Record<string, string>> = { extend8_s: "i8", extend16_s: "i16" };

/**
 * @param op such as `i64.shr_u`
 * @param a first operand, an expression of type u64
 * @param b second operand, likewise; unused by unary operations
 * @throws RangeError for an operation that is not known here
 */
export function wasmExpression(op: string, a: string, b: string): string {
  const [type = "", name = ""] = op.split(".");
  const cast = `<${name.endsWith("_s") ? "i" : "u"}${type.slice(1)}>`;
  const infix = INFIX[name];
  if (infix !== undefined) return `(${cast}${a} ${infix} ${cast}${b})`;
  if (CALLS[name] === "unary") return `${name}<u${type.slice(1)}>(${cast}${a})`;
  if (CALLS[name] === "binary") return `${name}<u${type.slice(1)}>(${cast}${a}, ${cast}${b})`;
  const narrow = EXTENDS[name];
  if (narrow !== undefined) return `<${type}><${narrow}>${a}`;
  throw new RangeError(`no AssemblyScript expression for ${op}`);
}
