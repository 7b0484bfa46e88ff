/** Pictures as PNG (ISO/IEC 15948): one image of 8-bit red, green and blue. */
import { asciiBytes, viewOf } from "../../../../util/bytes.ts";
import { crc32 } from "../../../../util/crc32.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const BYTES_PER_PIXEL = 3;

/** Rows from top to bottom, of `width` pixels of 3 bytes. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

export async function pngOf({ width, height, rgb }: Picture): Promise<Uint8Array> {
  const header = new Uint8Array(13);
  viewOf(header).setUint32(0, width);
  viewOf(header).setUint32(4, height);
  // 8 bits of each colour; deflate, the five filters, no interlacing.
  header.set([8, 2, 0, 0, 0], 8);
  const rowBytes = width * BYTES_PER_PIXEL;
  const filtered = new Uint8Array(height * (1 + rowBytes));
  for (let y = 0; y < height; y++) {
    // Each row begins with its filter: 0, none.
    filtered.set(rgb.subarray(y * rowBytes, (y + 1) * rowBytes), y * (1 + rowBytes) + 1);
  }
  const parts = [
    SIGNATURE,
    chunk("IHDR", header),
    chunk("IDAT", await deflated(filtered)),
    chunk("IEND", new Uint8Array()),
  ];
  const png = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    png.set(part, at);
    at += part.length;
  }
  return png;
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  viewOf(bytes).setUint32(0, data.length);
  bytes.set(asciiBytes(type), 4);
  bytes.set(data, 8);
  viewOf(bytes).setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/** In zlib's format. */
async function deflated(bytes: Uint8Array): Promise<Uint8Array> {
  const packed = new Blob([bytes as BlobPart])
    .stream()
    .pipeThrough(new CompressionStream("deflate"));
  return new Uint8Array(await new Response(packed).arrayBuffer());
}
