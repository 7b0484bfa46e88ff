/** Takes descriptor chains apart as SCSI requests. Pure: only headers are read. */
import { gather, slice, totalBytes } from "../../buffers.ts";
import { viewOf } from "../../../util/bytes.ts";
import type { Chain } from "../queue/chain.ts";
import { ControlType, REQUEST_BYTES, RESPONSE_BYTES } from "./regs.ts";

/** Which unit a request is for. */
export interface UnitAddress {
  readonly target: number;
  readonly lun: number;
}

export interface CommandRequest {
  /** null: an address of no form that units have here. */
  readonly address: UnitAddress | null;
  readonly tag: bigint;
  readonly cdb: Uint8Array;
  readonly dataOut: readonly Uint8Array[];
  readonly dataIn: readonly Uint8Array[];
  readonly response: readonly Uint8Array[];
}

const LUN_AT = 0;
const TAG_AT = 8;
/** Commands are padded to this, so that handlers may read any field. */
const PADDED_CDB = 16;

/** @returns null when the chain is too short for header or response: the driver is broken */
export function parseCommand(
  { readable, writable }: Chain,
  cdbBytes: number,
  senseBytes: number,
): CommandRequest | null {
  const header = gather(readable, REQUEST_BYTES + cdbBytes);
  const response = slice(writable, 0, RESPONSE_BYTES + senseBytes);
  if (header.length < REQUEST_BYTES + cdbBytes) return null;
  if (totalBytes(response) < RESPONSE_BYTES + senseBytes) return null;
  const cdb = new Uint8Array(Math.max(PADDED_CDB, cdbBytes));
  cdb.set(header.subarray(REQUEST_BYTES));
  return {
    address: parseLun(header.subarray(LUN_AT, LUN_AT + 8)),
    tag: viewOf(header).getBigUint64(TAG_AT, true),
    cdb,
    dataOut: slice(readable, REQUEST_BYTES + cdbBytes, Infinity),
    dataIn: slice(writable, RESPONSE_BYTES + senseBytes, Infinity),
    response,
  };
}

/** §5.6.6.1: byte 0 is 1, byte 1 the target, then a single-level LUN; the rest is zero. */
function parseLun(bytes: Uint8Array): UnitAddress | null {
  const [form, target = 0, high = 0, low = 0, ...rest] = bytes;
  const isSingleLevel = high === 0 || (high & 0xc0) === 0x40;
  if (form !== 1 || !isSingleLevel || rest.some((byte) => byte !== 0)) return null;
  return { target, lun: ((high & 0x3f) << 8) | low };
}

export function lunBytes({ target, lun }: UnitAddress): Uint8Array {
  return Uint8Array.of(1, target, lun < 256 ? 0 : 0x40 | (lun >> 8), lun & 0xff, 0, 0, 0, 0);
}

export type ControlRequest =
  | {
      readonly kind: "tmf";
      readonly subtype: number;
      readonly address: UnitAddress | null;
      readonly tag: bigint;
    }
  | { readonly kind: "notification" }
  | { readonly kind: "unknown" };

/** @returns null when the chain is too short: the driver is broken */
export function parseControl({ readable, writable }: Chain): ControlRequest | null {
  const header = gather(readable, 24);
  if (header.length < 4) return null;
  const view = viewOf(header);
  const type = view.getUint32(0, true);
  const room = totalBytes(writable);
  if (type === ControlType.tmf) {
    if (header.length < 24 || room < 1) return null;
    const address = parseLun(header.subarray(8, 16));
    const subtype = view.getUint32(4, true);
    return { kind: "tmf", subtype, address, tag: view.getBigUint64(16, true) };
  }
  if (type === ControlType.query || type === ControlType.subscribe) {
    return header.length < 16 || room < 5 ? null : { kind: "notification" };
  }
  return { kind: "unknown" };
}
