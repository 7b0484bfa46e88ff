/** A format with options, and what of its files is nobody's to determine. */
export interface Variant {
  readonly format: string;
  /** The text of `-o`. */
  readonly options?: string;
  /** Zeroes what both tools draw or date as they like: UUIDs, times, checksums over them. */
  mask(bytes: Uint8Array): void;
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

function nothing(): void {}

const clear =
  (...ranges: readonly (readonly [number, number])[]) =>
  (bytes: Uint8Array): void => {
    for (const [from, to] of ranges) bytes.fill(0, from, to);
  };

/** The two UUIDs of the header. */
const vdiMask = clear([392, 424]);

/** Times, checksums and UUIDs of the footers, which are at the start and the end. */
function vpcMask(bytes: Uint8Array): void {
  for (const at of [0, bytes.length - 512]) {
    if (at < 0 || String.fromCodePoint(...bytes.subarray(at, at + 8)) !== "conectix") continue;
    bytes.fill(0, at + 24, at + 28);
    bytes.fill(0, at + 64, at + 84);
  }
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
];
