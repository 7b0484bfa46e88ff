/** What a file is, from its first bytes and its name. */

export type ImageKind =
  | { readonly kind: "disk"; readonly format: string }
  | { readonly kind: "iso" }
  | { readonly kind: "kernel" }
  | { readonly kind: "initrd" }
  /** A file without a byte. */
  | { readonly kind: "empty" }
  /** Compressed as a whole: nothing that a machine can use as it is. */
  | { readonly kind: "packed"; readonly by: string }
  /** A kernel of another machine. */
  | { readonly kind: "foreign"; readonly what: string };

/** Bytes of a file that tell what it is. */
export const HEAD_BYTES = 0x8006;

const ascii = (text: string): number[] => Array.from(text, (char) => char.charCodeAt(0));

interface Sign {
  readonly at: number;
  readonly bytes: readonly number[];
  readonly is: ImageKind;
}

const disk = (format: string): ImageKind => ({ kind: "disk", format });

/** In this order: an ISO image that boots from a stick has a partition table, too. */
const SIGNS: readonly Sign[] = [
  { at: 0, bytes: [...ascii("QFI"), 0xfb], is: disk("qcow2") },
  { at: 0, bytes: ascii("KDMV"), is: disk("vmdk") },
  { at: 0, bytes: ascii("# Disk DescriptorFile"), is: disk("vmdk") },
  { at: 0, bytes: ascii("vhdxfile"), is: disk("vhdx") },
  { at: 0, bytes: ascii("conectix"), is: disk("vpc") },
  { at: 0, bytes: ascii("QED\0"), is: disk("qed") },
  { at: 0, bytes: [...ascii("LUKS"), 0xba, 0xbe], is: disk("luks") },
  { at: 0x40, bytes: [0x7f, 0x10, 0xda, 0xbe], is: disk("vdi") },
  { at: 0x8001, bytes: ascii("CD001"), is: { kind: "iso" } },
  // The header of Linux's RISC-V images.
  { at: 0x38, bytes: [...ascii("RSC"), 5], is: { kind: "kernel" } },
  { at: 4, bytes: ascii("zimg"), is: { kind: "kernel" } },
  { at: 0x38, bytes: [...ascii("ARM"), 0x64], is: { kind: "foreign", what: "arm64" } },
  { at: 0x202, bytes: ascii("HdrS"), is: { kind: "foreign", what: "x86" } },
  { at: 0, bytes: ascii("07070"), is: { kind: "initrd" } },
  { at: 0, bytes: [0x1f, 0x8b], is: { kind: "packed", by: "gzip" } },
  { at: 0, bytes: [0xfd, ...ascii("7zXZ"), 0], is: { kind: "packed", by: "xz" } },
  { at: 0, bytes: [0x28, 0xb5, 0x2f, 0xfd], is: { kind: "packed", by: "zstd" } },
  { at: 0, bytes: ascii("BZh"), is: { kind: "packed", by: "bzip2" } },
  { at: 0, bytes: ascii("PK\x03\x04"), is: { kind: "packed", by: "zip" } },
];

/** What raw disks have near their beginning: partition tables, volume groups and file systems. */
const STRUCTURES: readonly { readonly at: number; readonly bytes: readonly number[] }[] = [
  { at: 510, bytes: [0x55, 0xaa] },
  { at: 512, bytes: ascii("EFI PART") },
  { at: 512, bytes: ascii("LABELONE") },
  { at: 0x438, bytes: [0x53, 0xef] },
  { at: 0, bytes: ascii("XFSB") },
  { at: 0, bytes: ascii("hsqs") },
];

/** ELF's number of RISC-V. */
const EM_RISCV = 243;

/**
 * What a file is; a raw disk image when nothing says otherwise.
 *
 * @param head its first HEAD_BYTES, or all of a shorter one
 */
export function imageKind(head: Uint8Array, name: string): ImageKind {
  if (head.length === 0) return { kind: "empty" };
  const elf = elfKind(head);
  if (elf) return elf;
  const found = SIGNS.find((sign) => isThere(head, sign))?.is ?? disk("raw");
  if (found.kind === "packed") return packedKind(found.by, name) ?? found;
  return found;
}

function isThere(head: Uint8Array, { at, bytes }: (typeof STRUCTURES)[number]): boolean {
  return bytes.every((byte, i) => head[at + i] === byte);
}

/** Whether it is taken for a raw disk only because nothing tells what it is: a document, a plain binary. */
export function isGuess(head: Uint8Array, kind: ImageKind): boolean {
  if (kind.kind !== "disk" || kind.format !== "raw") return false;
  return !STRUCTURES.some((structure) => isThere(head, structure));
}

function elfKind(head: Uint8Array): ImageKind | null {
  if (!ascii("\x7fELF").every((byte, at) => head[at] === byte)) return null;
  const machine = (head[18] ?? 0) | ((head[19] ?? 0) << 8);
  return machine === EM_RISCV ? { kind: "kernel" } : { kind: "foreign", what: "ELF" };
}

/** Linux unpacks its initramfs itself, and the machine's loader a kernel. */
function packedKind(by: string, name: string): ImageKind | null {
  const lower = name.toLowerCase();
  if (/initr|ramdisk|\.cpio/.test(lower)) return { kind: "initrd" };
  if (by === "gzip" && /vmlinu|kernel|^linux|^image\b/.test(lower)) return { kind: "kernel" };
  return null;
}

/** Whether a qcow2 image stands on another one (its header's backing_file_offset). */
export function standsOnOther(head: Uint8Array): boolean {
  const isQcow2 = [...ascii("QFI"), 0xfb].every((byte, at) => head[at] === byte);
  return isQcow2 && head.subarray(8, 16).some((byte) => byte !== 0);
}

/** A volume's name for an image: `debian.qcow2`, `debian.img`. */
export function imageFileName(stem: string, kind: ImageKind): string {
  if (kind.kind === "iso") return `${stem}.iso`;
  if (kind.kind !== "disk" || kind.format === "raw") return `${stem}.img`;
  return `${stem}.${kind.format}`;
}
