/**
 * Guest-physical page → host frame. The only code in the core that may turn a guest-physical
 * address into an offset (DESIGN.md: the frame table is the EPT).
 */
import {
  CONTROL_BASE,
  CONTROL_FRAME_TABLE,
  CONTROL_SLOT_BASE,
  CONTROL_SLOT_COUNT,
  CONTROL_SLOT_FIRST_ENTRY,
  CONTROL_SLOT_PAGES,
  FRAME_PRESENT,
  FRAME_WRITABLE,
} from "../generated/layout";

/**
 * Address of the frame-table entry of the page that holds `gpa`, 0 outside every memory slot.
 * Slot 0 is RAM, so the loop rarely turns.
 */
export function frameEntry(gpa: u64): usize {
  const slots = load<u32>(CONTROL_BASE + CONTROL_SLOT_COUNT);
  for (let i: usize = 0; i < <usize>slots; i++) {
    const base = load<u64>(CONTROL_BASE + CONTROL_SLOT_BASE + (i << 3));
    const page = (gpa - base) >> 12;
    if (page < <u64>load<u32>(CONTROL_BASE + CONTROL_SLOT_PAGES + (i << 2))) {
      const first = load<u32>(CONTROL_BASE + CONTROL_SLOT_FIRST_ENTRY + (i << 2));
      return (
        <usize>load<u32>(CONTROL_BASE + CONTROL_FRAME_TABLE) + ((<usize>(first + <u32>page)) << 2)
      );
    }
  }
  return 0;
}

/** Host offset of the page of a frame-table entry's value. */
export function frameHost(entry: u32): usize {
  return <usize>(entry & 0xfffff000);
}

/** Host offset of a naturally aligned u64 in RAM (page tables), 0 when it is not there. */
export function ramHost(gpa: u64): usize {
  const at = frameEntry(gpa);
  if (at == 0) return 0;
  const entry = load<u32>(at);
  if (!(entry & FRAME_PRESENT)) return 0;
  return frameHost(entry) + <usize>(gpa & 0xfff);
}

/** Whether page tables in the page of `gpa` may be written. */
export function ramWritable(gpa: u64): bool {
  const at = frameEntry(gpa);
  return at != 0 && (load<u32>(at) & FRAME_WRITABLE) != 0;
}
