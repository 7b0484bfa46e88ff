import { inflateSync } from "node:zlib";

/** A format with options, and what of its files is nobody's to determine. */
export interface Variant {
  readonly format: string;
  /** The text of `-o`. */
  readonly options?: string;
  /** A file without what both tools draw or date as they like: UUIDs, times, checksums over them. */
  mask(bytes: Uint8Array): Uint8Array;
  /** Made over `base.raw`. */
  readonly backing?: true;
  /** Zeroes are not written: QEMU then shows what the backing image has in place of some. */
  readonly withoutZeroes?: true;
  /** The disk is a file as it is, whose holes are the file system's matter. */
  readonly flat?: true;
  /** Disks are at most this long; 8 MiB when absent. */
  readonly maxBytes?: number;
  /** `convert -c` works, and nothing else writes. */
  readonly streams?: true;
}

const nothing = (bytes: Uint8Array): Uint8Array => bytes;

const clear =
  (...ranges: readonly (readonly [number, number])[]) =>
  (bytes: Uint8Array): Uint8Array => {
    for (const [from, to] of ranges) bytes.fill(0, from, to);
    return bytes;
  };

/** The two UUIDs of the header. */
const vdiMask = clear([392, 424]);

/** Times, checksums and UUIDs of the footers, which are at the start and the end. */
function vpcMask(bytes: Uint8Array): Uint8Array {
  for (const at of [0, bytes.length - 512]) {
    if (at < 0 || String.fromCodePoint(...bytes.subarray(at, at + 8)) !== "conectix") continue;
    bytes.fill(0, at + 24, at + 28);
    bytes.fill(0, at + 64, at + 84);
  }
  return bytes;
}

const latin1 = (bytes: Uint8Array): string => String.fromCodePoint(...bytes);

/** Content IDs are drawn at random, and are of any length. */
function vmdkMask(bytes: Uint8Array): Uint8Array {
  const at = latin1(bytes.subarray(0, 6)) === "# Disk" ? 0 : 512;
  const room = bytes.subarray(at, at + 10_240);
  const text = latin1(room).replace(/\0.*$/s, "");
  if (!text.startsWith("# Disk")) return bytes;
  const same = text.replaceAll(/CID=[\da-f]+/g, "CID=");
  return Buffer.concat([
    bytes.subarray(0, at),
    Buffer.from(same),
    bytes.subarray(at + room.length),
  ]);
}

/** Grains of a stream by what is in them: compressors may choose other codes of the same length. */
function streamMask(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const grains: Uint8Array[] = [];
  for (let at = Number(view.getBigUint64(64, true)) * 512; at + 12 <= bytes.length;) {
    const size = view.getUint32(at + 8, true);
    if (size === 0) break;
    const grain = bytes.subarray(at + 12, at + 12 + size);
    grains.push(inflateSync(grain));
    grain.fill(0);
    at += Math.ceil((12 + size) / 512) * 512;
  }
  return Buffer.concat([vmdkMask(bytes), ...grains]);
}

/** The creator, sequence numbers, GUIDs, and the checksums over them: in headers, metadata and log. */
function vhdxMask(bytes: Uint8Array): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  bytes.fill(0, 8, 520);
  for (const at of [0x1_0000, 0x2_0000]) bytes.fill(0, at + 4, at + 64);
  const metadata = Number(view.getBigUint64(0x3_0000 + 64, true));
  bytes.fill(0, metadata + 0x1_0010, metadata + 0x1_0020);
  for (let at = 1 << 20; at < metadata; at += 4096) {
    if (latin1(bytes.subarray(at, at + 4)) !== "loge") continue;
    bytes.fill(0, at + 4, at + 8);
    bytes.fill(0, at + 32, at + 48);
    // What QEMU has in memory goes to the rest of the sector of descriptors; each has 32 bytes.
    bytes.fill(0, at + 64 + 32 * view.getUint32(at + 24, true), at + 4096);
  }
  return bytes;
}

export const VARIANTS: readonly Variant[] = [
  { format: "vdi", mask: vdiMask },
  { format: "vdi", options: "static=on", flat: true, mask: vdiMask },
  { format: "qed", mask: nothing },
  { format: "qed", options: "cluster_size=4k,table_size=2", mask: nothing },
  {
    format: "qed",
    options: "cluster_size=8k,table_size=4",
    backing: true,
    withoutZeroes: true,
    mask: nothing,
  },
  { format: "qed", options: "cluster_size=1M,table_size=16", mask: nothing },
  { format: "vpc", mask: vpcMask },
  { format: "vpc", options: "force_size=on", mask: vpcMask },
  { format: "vpc", options: "subformat=fixed", flat: true, mask: vpcMask },
  { format: "vpc", options: "subformat=fixed,force_size=on", flat: true, mask: vpcMask },
  { format: "vmdk", mask: vmdkMask },
  { format: "vmdk", options: "zeroed_grain=on,adapter_type=lsilogic", mask: vmdkMask },
  { format: "vmdk", options: "subformat=monolithicFlat,compat6=on", flat: true, mask: vmdkMask },
  { format: "vmdk", options: "subformat=twoGbMaxExtentSparse,hwversion=7", mask: vmdkMask },
  { format: "vmdk", options: "subformat=twoGbMaxExtentFlat", flat: true, mask: vmdkMask },
  { format: "vmdk", options: "subformat=streamOptimized", streams: true, mask: streamMask },
  { format: "vhdx", mask: vhdxMask },
  { format: "vhdx", options: "block_size=1M,log_size=2M", mask: vhdxMask },
  { format: "vhdx", options: "block_size=2M,block_state_zero=off", mask: vhdxMask },
  { format: "vhdx", options: "subformat=fixed,block_state_zero=off", mask: vhdxMask },
];
