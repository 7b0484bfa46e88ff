/** The RISC-V Linux Image (kernel documentation: arch/riscv/boot-image-header). */
import { asciiBytes, startsWith, viewOf } from "../../util/bytes.ts";
import { peMachine } from "./identify.ts";
import { imageError, type Image, type ImageRole } from "./image.ts";

const At = { textOffset: 8, imageSize: 16, flags: 24, magic2: 56, peOffset: 60 } as const;
const HEADER_BYTES = 64;
const MAGIC2 = asciiBytes("RSC\x05");
const FLAG_BIG_ENDIAN = 1;

export interface LinuxImage {
  /** Where it wants to lie from the start of RAM. */
  readonly textOffset: number;
  /** Memory it needs from there, its zero-initialised data included. */
  readonly memoryBytes: number;
}

export function isLinuxImage(bytes: Uint8Array): boolean {
  return bytes.length >= HEADER_BYTES && startsWith(bytes, MAGIC2, At.magic2);
}

/** @throws VmError when the header or the EFI section table contradicts the file */
export function parseLinuxImage(role: ImageRole, image: Image): LinuxImage {
  const view = viewOf(image.bytes);
  if (view.getUint32(At.flags, true) & FLAG_BIG_ENDIAN) {
    throw imageError(role, image, "is a big-endian Linux Image, which the hart cannot run");
  }
  const machine = peMachine(image.bytes);
  if (machine !== null && machine !== "RISC-V 64") {
    throw imageError(role, image, `is a Linux Image for ${machine}, not for RISC-V 64`);
  }
  if (machine !== null && peEnd(view) > image.bytes.length) {
    throw imageError(role, image, "is a Linux Image cut short");
  }
  const memoryBytes = Number(view.getBigUint64(At.imageSize, true));
  const textOffset = Number(view.getBigUint64(At.textOffset, true));
  return { textOffset, memoryBytes: Math.max(memoryBytes, image.bytes.length) };
}

/** End of the last section's data by the EFI stub's section table (PE format, "Section Table"). */
function peEnd(view: DataView): number {
  const header = view.getUint32(At.peOffset, true);
  if (header + 24 > view.byteLength) return Infinity;
  const sections = view.getUint16(header + 6, true);
  const table = header + 24 + view.getUint16(header + 20, true);
  let end = 0;
  for (let i = 0; i < sections; i++) {
    const at = table + 40 * i;
    if (at + 40 > view.byteLength) return Infinity;
    end = Math.max(end, view.getUint32(at + 16, true) + view.getUint32(at + 20, true));
  }
  return end;
}
