/** What a chip answers to the CFI query (JESD68.01): one byte for each of its words. */
import { asciiBytes } from "../../util/bytes.ts";
import { BANK_BYTES, BANK_WIDTH, BLOCK_BYTES, CHIP_WIDTH } from "./regs.ts";

const CHIPS = BANK_WIDTH / CHIP_WIDTH;
const CHIP_BYTES = BANK_BYTES / CHIPS;
const CHIP_BLOCK_BYTES = BLOCK_BYTES / CHIPS;
const BLOCKS = BANK_BYTES / BLOCK_BYTES;

/** Address of the primary vendor-specific table. */
const PRIMARY = 0x31;
const TABLE_WORDS = 0x52;

/** Volts in BCD: 4.5 and 5.5. */
const [VCC_MIN, VCC_MAX] = [0x45, 0x55];
/** log2 of the write buffer's bytes, as QEMU announces it for one chip. */
const BUFFER_BITS = 0x0b;

function makeTable(): Uint8Array {
  const table = new Uint8Array(TABLE_WORDS);
  table.set(asciiBytes("QRY"), 0x10);
  // Command set 0x0001; no alternate one.
  table.set([0x01, 0x00, PRIMARY, 0x00], 0x13);
  table.set([VCC_MIN, VCC_MAX], 0x1b);
  // log2 of typical times, then by how much the longest are longer: word, buffer, block, chip.
  table.set([0x07, 0x07, 0x0a, 0x00, 0x04, 0x04, 0x04, 0x00], 0x1f);
  table[0x27] = Math.log2(CHIP_BYTES);
  // Interface x8/x16; write buffer.
  table.set([0x02, 0x00, BUFFER_BITS, 0x00], 0x28);
  // One region of equal erase blocks: their number less 1, their bytes / 256.
  const [count, size] = [BLOCKS - 1, CHIP_BLOCK_BYTES / 256];
  table.set([0x01, count & 0xff, count >> 8, size & 0xff, size >> 8], 0x2c);
  table.set(asciiBytes("PRI10"), PRIMARY);
  // Fields of protection registers.
  table[0x3f] = 0x01;
  return table;
}

export const CFI_TABLE: Readonly<Uint8Array> = makeTable();
