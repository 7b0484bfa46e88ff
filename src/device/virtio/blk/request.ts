/** Takes a descriptor chain apart as a block request. Pure: nothing is read but the header. */
import { viewOf } from "../../../util/bytes.ts";
import { gather, slice, totalBytes } from "../../buffers.ts";
import type { Chain } from "../queue/chain.ts";
import { BlkType, ID_BYTES, MAX_RANGE_SECTORS, SECTOR_BYTES } from "./regs.ts";

const HEADER_BYTES = 16;
/** struct virtio_blk_discard_write_zeroes. */
const RANGE_BYTES = 16;
const UNMAP = 1;

/** What a request asks for; offsets and lengths in bytes, not checked against the disk. */
export type BlkRequest =
  | { readonly kind: "read"; readonly offset: number; readonly data: readonly Uint8Array[] }
  | { readonly kind: "write"; readonly offset: number; readonly data: readonly Uint8Array[] }
  | { readonly kind: "flush" }
  | { readonly kind: "getId"; readonly data: readonly Uint8Array[] }
  | { readonly kind: "discard"; readonly offset: number; readonly length: number }
  | {
      readonly kind: "writeZeroes";
      readonly offset: number;
      readonly length: number;
      readonly mayUnmap: boolean;
    }
  | { readonly kind: "bad"; readonly status: "ioError" | "unsupported" };

/** A request and the byte that takes its status. */
export interface ParsedRequest {
  readonly request: BlkRequest;
  readonly status: Uint8Array;
}

/** @returns null when the chain holds no header or no room for a status: the driver is broken */
export function parseRequest({ readable, writable }: Chain): ParsedRequest | null {
  const room = totalBytes(writable);
  const header = gather(readable, HEADER_BYTES);
  const status = slice(writable, room - 1, 1)[0];
  if (header.length < HEADER_BYTES || room < 1 || !status) return null;
  const view = viewOf(header);
  const out = slice(readable, HEADER_BYTES, Infinity);
  const data = slice(writable, 0, room - 1);
  const sector = view.getBigUint64(8, true);
  return { request: interpret(view.getUint32(0, true), sector, out, data), status };
}

function interpret(
  type: number,
  sector: bigint,
  out: readonly Uint8Array[],
  data: readonly Uint8Array[],
): BlkRequest {
  switch (type) {
    case BlkType.in:
      return { kind: "read", offset: bytesOf(sector), data };
    case BlkType.out:
      return { kind: "write", offset: bytesOf(sector), data: out };
    case BlkType.flush:
      return { kind: "flush" };
    case BlkType.getId:
      return { kind: "getId", data: slice(data, 0, ID_BYTES) };
    case BlkType.discard:
    case BlkType.writeZeroes:
      return range(type === BlkType.discard ? "discard" : "writeZeroes", out);
    default:
      return UNSUPPORTED;
  }
}

const UNSUPPORTED = { kind: "bad", status: "unsupported" } as const;

/** One range, as max_discard_seg and max_write_zeroes_seg say (§5.2.6.2). */
function range(kind: "discard" | "writeZeroes", out: readonly Uint8Array[]): BlkRequest {
  if (totalBytes(out) !== RANGE_BYTES) return { kind: "bad", status: "ioError" };
  const view = viewOf(gather(out));
  const sectors = view.getUint32(8, true);
  const flags = view.getUint32(12, true);
  const mayUnmap = (flags & UNMAP) !== 0;
  if ((flags & ~UNMAP) !== 0 || (kind === "discard" && mayUnmap)) return UNSUPPORTED;
  if (sectors > MAX_RANGE_SECTORS) return { kind: "bad", status: "ioError" };
  const offset = bytesOf(view.getBigUint64(0, true));
  const length = sectors * SECTOR_BYTES;
  return kind === "discard" ? { kind, offset, length } : { kind, offset, length, mayUnmap };
}

/** A sector number as an offset; Infinity when it is beyond any disk. */
function bytesOf(sector: bigint): number {
  const bytes = Number(sector) * SECTOR_BYTES;
  return Number.isSafeInteger(bytes) ? bytes : Infinity;
}
