import { BLOCK_BYTES } from "./structures.ts";

/** jbd2's superblock, big-endian (Linux, Documentation/filesystems/ext4/journal.rst). */
const MAGIC = 0xc03b3998;
const SUPERBLOCK_V2 = 4;
const At = {
  magic: 0x00,
  blockType: 0x04,
  blockSize: 0x0c,
  maxLength: 0x10,
  first: 0x14,
  sequence: 0x18,
  uuid: 0x30,
  users: 0x40,
} as const;

/** The first block of an empty journal; the others may hold anything. */
export function encodeJournal(blocks: number, uuid: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  const view = new DataView(block.buffer);
  view.setUint32(At.magic, MAGIC);
  view.setUint32(At.blockType, SUPERBLOCK_V2);
  view.setUint32(At.blockSize, BLOCK_BYTES);
  view.setUint32(At.maxLength, blocks);
  view.setUint32(At.first, 1);
  // s_start stays 0: there is nothing to replay.
  view.setUint32(At.sequence, 1);
  view.setUint32(At.users, 1);
  block.set(uuid, At.uuid);
  return block;
}
