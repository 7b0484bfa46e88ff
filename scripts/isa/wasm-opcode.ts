/** Opcodes of the Wasm operations that the instruction table names (core specification §5.4.7). */
const OPCODES: Readonly<Record<string, number>> = {
  "i64.eq": 0x51,
  "i64.ne": 0x52,
  "i64.lt_s": 0x53,
  "i64.lt_u": 0x54,
  "i64.ge_s": 0x59,
  "i64.ge_u": 0x5a,
  "i32.clz": 0x67,
  "i32.ctz": 0x68,
  "i32.popcnt": 0x69,
  "i32.add": 0x6a,
  "i32.sub": 0x6b,
  "i32.mul": 0x6c,
  "i32.shl": 0x74,
  "i32.shr_s": 0x75,
  "i32.shr_u": 0x76,
  "i32.rotl": 0x77,
  "i32.rotr": 0x78,
  "i64.clz": 0x79,
  "i64.ctz": 0x7a,
  "i64.popcnt": 0x7b,
  "i64.add": 0x7c,
  "i64.sub": 0x7d,
  "i64.mul": 0x7e,
  "i64.and": 0x83,
  "i64.or": 0x84,
  "i64.xor": 0x85,
  "i64.shl": 0x86,
  "i64.shr_s": 0x87,
  "i64.shr_u": 0x88,
  "i64.rotl": 0x89,
  "i64.rotr": 0x8a,
  "i64.extend8_s": 0xc2,
  "i64.extend16_s": 0xc3,
};

/** @throws RangeError for an operation that the table may not name */
export function wasmOpcode(name: string): number {
  const opcode = OPCODES[name];
  if (opcode === undefined) throw new RangeError(`no opcode for the Wasm operation ${name}`);
  return opcode;
}
