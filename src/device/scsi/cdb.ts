/** Fields of command descriptor blocks: big-endian, at places that the operation's group decides. */
import { viewOf } from "../../util/bytes.ts";

/** What every command that names blocks says. */
export interface BlockRange {
  readonly lba: number;
  readonly blocks: number;
  /** Force unit access: the write is stable when it is done. */
  readonly fua: boolean;
}

const FUA = 1 << 3;
/** A length of 0 in a six-byte command. */
const SIX_BYTE_MAX = 256;

/** @param cdb at least 16 bytes, as commands are padded */
export function blockRange(cdb: Uint8Array): BlockRange {
  const view = viewOf(cdb);
  const group = (cdb[0] ?? 0) >> 5;
  const fua = group !== 0 && ((cdb[1] ?? 0) & FUA) !== 0;
  switch (group) {
    case 0: {
      const lba = view.getUint32(0) & 0x1f_ffff;
      return { lba, blocks: cdb[4] || SIX_BYTE_MAX, fua };
    }
    case 4:
      return { lba: u64(view, 2), blocks: view.getUint32(10), fua };
    case 5:
      return { lba: view.getUint32(2), blocks: view.getUint32(6), fua };
    default:
      return { lba: view.getUint32(2), blocks: view.getUint16(7), fua };
  }
}

/** A 64-bit field; beyond 2^53 only its being beyond any disk counts. */
export function u64(view: DataView, at: number): number {
  return Number(view.getBigUint64(at));
}

/** Bytes that the initiator has room for. */
export function allocationLength(cdb: Uint8Array): number {
  const view = viewOf(cdb);
  switch ((cdb[0] ?? 0) >> 5) {
    case 0:
      return view.getUint16(3);
    case 4:
      return view.getUint32(10);
    case 5:
      return view.getUint32(6);
    default:
      return view.getUint16(7);
  }
}
