/**
 * Where indirect jumps went, as far as it was inside their page: the interpreter notes it, and a region
 * then jumps there itself. A bucket of 64 bytes is `{ u32 record; u32 count; u16 offsets[28] }`; another
 * jump that falls into it takes it over. What it says is a guess: wrong targets cost code and no more.
 */
import { HART_DECODE_BASE, JIT_ARENA_AT } from "../generated/layout";
import { ARENA_PROFILE } from "./arena";

const BUCKETS: usize = 1024;
const BUCKET_SHIFT: usize = 6;
const OFFSETS: usize = 8;

export const MAX_TARGETS: u32 = 28;

function bucketOf(hs: usize, record: usize): usize {
  const arena = <usize>load<u32>(hs + HART_DECODE_BASE) + JIT_ARENA_AT;
  return arena + ARENA_PROFILE + (((record >> 3) & (BUCKETS - 1)) << BUCKET_SHIFT);
}

/** Notes that the indirect jump of `record` went to byte `offset` of its page. */
export function noteTarget(hs: usize, record: usize, offset: u32): void {
  const at = bucketOf(hs, record);
  if (load<u32>(at) != <u32>record) {
    store<u32>(at, <u32>record);
    store<u32>(at, 0, 4);
  }
  const count = load<u32>(at, 4);
  for (let i: u32 = 0; i < count; i++) {
    if (<u32>load<u16>(at + OFFSETS + ((<usize>i) << 1)) == offset) return;
  }
  if (count == MAX_TARGETS) return;
  store<u16>(at + OFFSETS + ((<usize>count) << 1), <u16>offset);
  store<u32>(at, count + 1, 4);
}

/** How many targets are known of the jump of `record`. */
export function targetCount(hs: usize, record: usize): u32 {
  const at = bucketOf(hs, record);
  return load<u32>(at) == <u32>record ? load<u32>(at, 4) : 0;
}

/** Offset of known target `index`. */
export function targetAt(hs: usize, record: usize, index: u32): i32 {
  return <i32>load<u16>(bucketOf(hs, record) + OFFSETS + ((<usize>index) << 1));
}
