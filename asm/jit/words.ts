/**
 * Which x registers are known, at the place being emitted, to hold the sign extension of their low
 * half, and which have that half in an i32 local (asm/jit/locals.ts). RV64's word instructions work
 * on halves, so a chain of them needs no extension in between; exits extend what they write back.
 */

/** Known to be sign extensions; x0 is one. */
let extended: u32 = 1;
/** Their i32 local holds the half. All are extended. */
let words: u32 = 0;
/** Their i64 local is out of date. All are words. */
let stale: u32 = 0;

export function resetWords(): void {
  extended = 1;
  words = 0;
  stale = 0;
}

/** What is known now, to come back to (`restoreWords`) after emitting another way. */
export function savedWords(): u64 {
  return ((<u64>words) << 32) | extended;
}

export function savedStale(): u32 {
  return stale;
}

export function restoreWords(saved: u64, savedStale: u32): void {
  words = <u32>(saved >> 32);
  extended = <u32>saved;
  stale = savedStale;
}

export function isStale(register: u32): bool {
  return ((stale >> register) & 1) != 0;
}

/** Registers of the set whose i64 local is out of date. */
export function staleOf(set: u64): u64 {
  return set & <u64>stale;
}

export function settled(register: u32): void {
  stale &= ~((<u32>1) << register);
}

/** x(register) gets a new i64, of which nothing is known. */
export function forgetWord(register: u32): void {
  const bit = (<u32>1) << register;
  extended = (extended & ~bit) | 1;
  words &= ~bit;
  stale &= ~bit;
}

/** x(register) gets a new i32. */
export function keepWord(register: u32): void {
  const bit = (<u32>1) << register;
  extended |= bit;
  words |= bit;
  stale |= bit;
}

/** Whether the i32 local of x(byteOffset / 8) holds its low half. */
export function hasWord(byteOffset: u32): bool {
  return ((words >> ((byteOffset >> 3) & 31)) & 1) != 0;
}

export function isExtended(byteOffset: u32): bool {
  return ((extended >> ((byteOffset >> 3) & 31)) & 1) != 0;
}

/** What was just set is a sign extension. */
export function markExtended(byteOffset: u32): void {
  extended |= (<u32>1) << ((byteOffset >> 3) & 31);
}

/** Both operands are sign extensions, and at least one is at hand as a word: compute on words. */
export function bothWords(a: u32, b: u32): bool {
  return isExtended(a) && isExtended(b) && (hasWord(a) || hasWord(b));
}
