/** Says what a file is that is not what was asked for, for one clear sentence about it. */
import { asciiBytes, startsWith, viewOf } from "../../util/bytes.ts";

const EM_RISCV = 243;
/** ELF e_machine numbers that people are likely to hold. */
const ELF_MACHINES: Readonly<Record<number, string>> = {
  3: "i386",
  8: "MIPS",
  20: "PowerPC",
  21: "PowerPC 64",
  22: "S/390",
  40: "ARM",
  62: "x86-64",
  183: "AArch64",
  [EM_RISCV]: "RISC-V",
  258: "LoongArch",
};
/** PE machine numbers of EFI programs (PE format, "Machine Types"). */
const PE_MACHINES: Readonly<Record<number, string>> = {
  0x014c: "i386",
  0x01c2: "ARM",
  0x5032: "RISC-V 32",
  0x5064: "RISC-V 64",
  0x6264: "LoongArch",
  0x8664: "x86-64",
  0xaa64: "AArch64",
};

interface Magic {
  readonly at: number;
  readonly bytes: Uint8Array;
  readonly is: string;
}

function magic(at: number, bytes: string | readonly number[], is: string): Magic {
  return { at, bytes: typeof bytes === "string" ? asciiBytes(bytes) : Uint8Array.from(bytes), is };
}

/** In order: the first that matches names the file. */
const MAGICS: readonly Magic[] = [
  magic(0x38, "ARM\x64", "an arm64 Linux Image"),
  magic(4, "zimg", "an EFI zboot image"),
  magic(0, [0x1f, 0x8b], "gzip-compressed"),
  magic(0, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], "xz-compressed"),
  magic(0, [0x28, 0xb5, 0x2f, 0xfd], "zstd-compressed"),
  magic(0, [0x02, 0x21, 0x4c, 0x18], "lz4-compressed"),
  magic(0, [0x04, 0x22, 0x4d, 0x18], "lz4-compressed"),
  magic(0, "BZh", "bzip2-compressed"),
  magic(0, [0x5d, 0x00, 0x00], "lzma-compressed"),
  magic(0, "070701", "a cpio archive"),
  magic(0, "070702", "a cpio archive"),
  magic(0, [0x27, 0x05, 0x19, 0x56], "a U-Boot uImage"),
  magic(0, [0xd0, 0x0d, 0xfe, 0xed], "a device tree or FIT image"),
  magic(0, [0x51, 0x46, 0x49, 0xfb], "a qcow2 disk image"),
  magic(0, "!<arch>\n", "an ar archive or Debian package"),
  magic(0, "PK\x03\x04", "a zip archive"),
  magic(0, "hsqs", "a squashfs file system"),
  magic(0x8001, "CD001", "an ISO 9660 CD image"),
  magic(0x438, [0x53, 0xef], "an ext file system"),
  magic(0, "#!", "a script"),
];

/**
 * What the file is, to complete "kernel 'x' is …"; null when it is nothing known (it may then be
 * raw code).
 */
export function identify(bytes: Uint8Array): string | null {
  if (bytes.length === 0) return "empty";
  if (isElf(bytes)) return `an ELF file for ${elfMachine(bytes)}`;
  if (isBzImage(bytes)) return "an x86 Linux bzImage";
  const known = MAGICS.find(({ at, bytes: expected }) => startsWith(bytes, expected, at));
  if (known) return known.is;
  const pe = peMachine(bytes);
  if (pe) return `an EFI (PE) program for ${pe}`;
  // A boot sector's signature; a disk image carries it too.
  if (bytes[510] === 0x55 && bytes[511] === 0xaa) return "a disk image with a PC boot sector";
  return isText(bytes) ? "a text file" : null;
}

export function isElf(bytes: Uint8Array): boolean {
  return startsWith(bytes, asciiBytes("\x7fELF"));
}

/** `x86-64`, `32-bit RISC-V` … of an ELF file. */
export function elfMachine(bytes: Uint8Array): string {
  if (bytes.length < 20) return "an unknown machine";
  const number = viewOf(bytes).getUint16(18, bytes[5] === 1);
  const name = ELF_MACHINES[number] ?? `machine ${number}`;
  return number === EM_RISCV && bytes[4] === 1 ? `32-bit ${name}` : name;
}

/** x86 boot protocol: "HdrS" at 0x202 behind the boot sector's signature. */
function isBzImage(bytes: Uint8Array): boolean {
  return bytes[510] === 0x55 && bytes[511] === 0xaa && startsWith(bytes, asciiBytes("HdrS"), 0x202);
}

/** The machine of a PE file, null when it is none. */
export function peMachine(bytes: Uint8Array): string | null {
  if (bytes[0] !== 0x4d || bytes[1] !== 0x5a || bytes.length < 0x40) return null;
  const view = viewOf(bytes);
  const at = view.getUint32(0x3c, true);
  if (at + 6 > bytes.length || !startsWith(bytes, asciiBytes("PE\0\0"), at)) return null;
  const machine = view.getUint16(at + 4, true);
  return PE_MACHINES[machine] ?? `machine 0x${machine.toString(16)}`;
}

function isText(bytes: Uint8Array): boolean {
  const sample = bytes.subarray(0, 512);
  return sample.every((byte) => (byte >= 0x20 && byte < 0x7f) || (byte >= 9 && byte <= 13));
}
