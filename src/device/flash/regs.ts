/**
 * Intel's command set for parallel flash (CFI command set 0x0001), as QEMU's virt has it: two 16-bit
 * chips side by side on a 32-bit bus.
 */

/** Bytes of a bank, which is both chips. */
export const BANK_BYTES = 0x200_0000;
/** Width of the bus and of one chip. */
export const BANK_WIDTH = 4;
export const CHIP_WIDTH = 2;
/** Bytes that are erased at once, of both chips. */
export const BLOCK_BYTES = 0x4_0000;
/** Bytes that both chips' write buffers take. */
export const BUFFER_BYTES = 0x1000;

/** First bus cycle of a command; the low byte counts. */
export const Command = {
  programAlternate: 0x10,
  eraseBlock: 0x20,
  program: 0x40,
  clearStatus: 0x50,
  lock: 0x60,
  readStatus: 0x70,
  readId: 0x90,
  query: 0x98,
  bufferedProgram: 0xe8,
  amdReset: 0xf0,
  readArray: 0xff,
} as const;

/** Second bus cycle. */
export const Confirm = { setLock: 0x01, confirm: 0xd0, readArray: 0xff } as const;

/** Bits of a chip's status register. */
export const Status = { programError: 0x10, eraseError: 0x20, ready: 0x80 } as const;

/** Manufacturer and device, as a chip says them. */
export const CHIP_ID = [0x89, 0x18] as const;
