/** What a decode page (asm/interp/decode-cache.ts) knows of the guest page that it was decoded from. */
import { FRAME_PRESENT, HART_DECODE_EPOCH } from "../generated/layout";
import { frameEntry, frameHost } from "./frames";

/** The page's contents when it was decoded. */
export const COPY: usize = 0x4800;
/** Guest-physical page number, u64. */
export const PAGE_NUMBER: usize = 0x5800;
/** HART.decodeEpoch when it was last found unchanged, u32. */
export const EPOCH: usize = 0x5808;

/** Whether the copy still equals the frame. */
export function unchanged(base: usize, host: usize): bool {
  for (let i: usize = 0; i < 0x1000; i += 32) {
    const a = v128.xor(v128.load(base + COPY + i), v128.load(host + i));
    const b = v128.xor(v128.load(base + COPY + i, 16), v128.load(host + i, 16));
    if (v128.any_true(v128.or(a, b))) return false;
  }
  return true;
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
