/** What a decode page (asm/interp/decode-cache.ts) knows of the guest page that it was decoded from. */
import { FRAME_PRESENT, HART_DECODE_EPOCH } from "../generated/layout";
import { frameEntry, frameHost } from "./frames";

/** The page's contents as they were decoded, as far as they were looked at. */
const COPY: usize = 0x4800;
/** Guest-physical page number, u64. */
export const PAGE_NUMBER: usize = 0x5800;
/** HART.decodeEpoch when it was last found unchanged, u32. */
export const EPOCH: usize = 0x5808;
/** Which blocks of the page the copy has, a bit each, u64. */
const COPIED: usize = 0x5818;
/** Where the page's frame is, u32. */
const FRAME: usize = 0x5820;

/** log2 of a block's bytes: 64 blocks are a page. */
const BLOCK_BITS: usize = 6;

/** Says where the page's frame is: what is not copied yet comes from there. */
export function setFrame(base: usize, host: usize): void {
  store<u32>(base + FRAME, <u32>host);
}

export function forgetCopy(base: usize): void {
  store<u64>(base + COPIED, 0);
}

/** The two bytes at `offset` of the page, which are copied when they are first asked for. */
export function parcelAt(base: usize, offset: usize): u32 {
  const copied = load<u64>(base + COPIED);
  const block = offset >> BLOCK_BITS;
  if (!((copied >> <u64>block) & 1)) {
    const at = block << BLOCK_BITS;
    memory.copy(base + COPY + at, <usize>load<u32>(base + FRAME) + at, 1 << BLOCK_BITS);
    store<u64>(base + COPIED, copied | ((<u64>1) << (<u64>block)));
  }
  return <u32>load<u16>(base + COPY + offset);
}

/** Whether 32 bytes are the same. */
function same(a: usize, b: usize): bool {
  const low = v128.xor(v128.load(a), v128.load(b));
  const high = v128.xor(v128.load(a, 16), v128.load(b, 16));
  return !v128.any_true(v128.or(low, high));
}

/**
 * Whether the frame, at `host`, still holds what was copied: nothing was decoded from the rest. Most of
 * what a kernel fences while it patches itself is a few functions in pages that are otherwise cold.
 */
export function unchanged(base: usize, host: usize): bool {
  for (let rest = load<u64>(base + COPIED); rest != 0; rest &= rest - 1) {
    const at = (<usize>ctz(rest)) << BLOCK_BITS;
    const copy = base + COPY + at;
    if (!same(copy, host + at) || !same(copy + 32, host + at + 32)) return false;
  }
  return true;
}

/**
 * Whether the page holds the 64 bytes of each of `lines`, one after the other at `bytes`. What was not
 * copied yet is copied from memory, and stays so if all are the same.
 */
export function holdsLines(base: usize, lines: u64, bytes: usize): bool {
  const copied = load<u64>(base + COPIED);
  for (let rest = lines; rest != 0; rest &= rest - 1) {
    const at = (<usize>ctz(rest)) << BLOCK_BITS;
    parcelAt(base, at);
    const copy = base + COPY + at;
    if (!same(copy, bytes) || !same(copy + 32, bytes + 32)) {
      store<u64>(base + COPIED, copied);
      return false;
    }
    bytes += 1 << BLOCK_BITS;
  }
  return true;
}

/** Writes the 64 bytes of each of `lines`, all of which were decoded, to `to`. */
export function copyLines(base: usize, lines: u64, to: usize): void {
  for (let rest = lines; rest != 0; rest &= rest - 1) {
    memory.copy(to, base + COPY + ((<usize>ctz(rest)) << BLOCK_BITS), 1 << BLOCK_BITS);
    to += 1 << BLOCK_BITS;
  }
}

/** The lines that `bytes` from `offset` on are in, a bit each. */
export function linesAt(offset: u32, bytes: u32): u64 {
  const last = (offset + bytes - 1) >> <u32>BLOCK_BITS;
  return ((<u64>1) << (<u64>(offset >> <u32>BLOCK_BITS))) | ((<u64>1) << (<u64>last));
}

/** Whether the decode page still is what memory holds; then it belongs to the present epoch. */
export function upToDate(hs: usize, base: usize): bool {
  const epoch = load<u32>(hs + HART_DECODE_EPOCH);
  if (load<u32>(base + EPOCH) == epoch) return true;
  const at = frameEntry(load<u64>(base + PAGE_NUMBER) << 12);
  const entry = at ? load<u32>(at) : 0;
  if (!(entry & FRAME_PRESENT) || !unchanged(base, frameHost(entry))) return false;
  store<u32>(base + EPOCH, epoch);
  return true;
}
