/** INQUIRY and its vital product data (SPC-4 §6.6, §7.8; SBC-3 §6.6), in QEMU's words. */
import { utf8Bytes, viewOf } from "../../util/bytes.ts";

export interface InquiryFacts {
  /** Peripheral device type: 0 direct access, 5 CD-ROM. */
  readonly type: number;
  readonly product: string;
  readonly removable: boolean;
  readonly serial: string;
  /** Identifies the unit where it has no serial number. */
  readonly name: string;
  /** What block devices say more; absent for CD-ROM drives. */
  readonly limits?: { readonly maxUnmapBlocks: number; readonly thin: boolean };
}

const VENDOR = "QEMU    ";
const REVISION = "2.5+";
const SPC_3 = 5;
const RMB = 0x80;
/** HiSup, and response data format 2. */
const FORMAT = 0x12;
const COMMAND_QUEUING = 0x02;
const STANDARD_BYTES = 36;

export function standardInquiry({ type, product, removable }: InquiryFacts): Uint8Array {
  const out = new Uint8Array(STANDARD_BYTES);
  out[0] = type;
  out[1] = removable ? RMB : 0;
  out[2] = SPC_3;
  out[3] = FORMAT;
  out[4] = STANDARD_BYTES - 5;
  out[7] = 0x10 | COMMAND_QUEUING;
  out.set(utf8Bytes(VENDOR), 8);
  out.set(utf8Bytes(product.padEnd(16)).subarray(0, 16), 16);
  out.set(utf8Bytes(REVISION), 32);
  return out;
}

type Page = (facts: InquiryFacts) => Uint8Array | null;

/** Vital product data by page code; null where a unit has no such page. */
const PAGES: ReadonlyMap<number, Page> = new Map([
  [0x00, (facts) => Uint8Array.from(pageCodes(facts))],
  [0x80, ({ serial }) => (serial === "" ? null : utf8Bytes(serial).subarray(0, 36))],
  [0x83, identification],
  [0xb0, blockLimits],
  [0xb1, ({ limits }) => (limits ? new Uint8Array(0x3c) : null)],
  [0xb2, provisioning],
]);

/** @returns the page with its header, or null when there is none */
export function productPage(facts: InquiryFacts, code: number): Uint8Array | null {
  const body = PAGES.get(code)?.(facts) ?? null;
  return body && Uint8Array.of(facts.type, code, body.length >> 8, body.length & 0xff, ...body);
}

function pageCodes(facts: InquiryFacts): number[] {
  return [...PAGES]
    .filter(([code, page]) => code === 0 || page(facts) !== null)
    .map(([code]) => code);
}

/** One designator: ASCII, vendor specific, of the logical unit. */
function identification({ serial, name }: InquiryFacts): Uint8Array {
  const id = utf8Bytes(serial || name).subarray(0, 251);
  return Uint8Array.of(0x02, 0x00, 0x00, id.length, ...id);
}

function blockLimits({ limits }: InquiryFacts): Uint8Array | null {
  if (!limits) return null;
  const body = new Uint8Array(0x3c);
  const view = viewOf(body);
  // WSNZ: WRITE SAME of zero blocks is refused.
  view.setUint8(0, 1);
  view.setUint32(16, limits.maxUnmapBlocks);
  view.setUint32(20, MAX_UNMAP_RANGES);
  view.setUint32(24, 1);
  view.setBigUint64(32, BigInt(limits.maxUnmapBlocks));
  return body;
}

export const MAX_UNMAP_RANGES = 255;

/** LBPU, LBPWS and LBPWS10: UNMAP and both WRITE SAME give space back. */
function provisioning({ limits }: InquiryFacts): Uint8Array | null {
  if (!limits) return null;
  return Uint8Array.of(0, 0xe0, limits.thin ? 2 : 1, 0);
}
