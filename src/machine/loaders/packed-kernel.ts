/** Kernels that distributions ship compressed: gzip files, and EFI zboot images around one. */
import { asciiBytes, latin1, startsWith, viewOf } from "../../util/bytes.ts";
import { gunzip, InflateError, isGzip } from "../../util/inflate.ts";
import { MAX_RAM_BYTES } from "../memory-map.ts";
import { imageError, type Image } from "./image.ts";

/** linux_efi_zboot_header: "MZ", "zimg" at 4, payload offset and size, compression's name. */
const Zboot = { magic: 4, offset: 8, size: 12, compression: 24, bytes: 56 } as const;
const COMPRESSION_NAME_BYTES = 32;

/**
 * The kernel itself, expanded where it was packed with gzip; other files as they are.
 *
 * @throws VmError when the packed data is damaged, or packed in another way
 */
export function unpackKernel(image: Image): Image {
  const { bytes } = image;
  if (isGzip(bytes)) return { name: image.name, bytes: expand(image, bytes) };
  if (!startsWith(bytes, asciiBytes("zimg"), Zboot.magic) || bytes.length < Zboot.bytes)
    return image;
  const view = viewOf(bytes);
  const at = view.getUint32(Zboot.offset, true);
  const end = at + view.getUint32(Zboot.size, true);
  if (end > bytes.length) throw imageError("kernel", image, "is an EFI zboot image cut short");
  const name = bytes.subarray(Zboot.compression, Zboot.compression + COMPRESSION_NAME_BYTES);
  const compression = latin1(name, true);
  if (compression !== "gzip") {
    const what = `is an EFI zboot image packed with '${compression}'; only gzip can be unpacked`;
    throw imageError("kernel", image, what);
  }
  return { name: image.name, bytes: expand(image, bytes.subarray(at, end)) };
}

function expand(image: Image, packed: Uint8Array): Uint8Array {
  try {
    return gunzip(packed, 0, MAX_RAM_BYTES).bytes;
  } catch (error) {
    if (!(error instanceof InflateError)) throw error;
    const what = error.truncated ? "is a gzip file cut short" : `is damaged: ${error.message}`;
    throw imageError("kernel", image, what);
  }
}
