/** Compression of whole clusters, as qcow2 has it. */
import { decompress } from "fzstd";
import { Deflate, Inflate } from "pako";
import { StorageError } from "./errors.ts";

export interface Compressor {
  /** @returns the compressed bytes, or undefined when they would not be shorter than `bytes` */
  compress(bytes: Uint8Array): Uint8Array | undefined;
  /**
   * @param input the compressed bytes; more may follow them
   * @returns exactly `length` bytes
   * @throws StorageError EIO when the data are damaged or short
   */
  decompress(input: Uint8Array, length: number): Uint8Array;
}

/** Raw DEFLATE with the small window that the format demands, and zlib's default level. */
const DEFLATE = { level: -1, windowBits: -12, memLevel: 9, raw: true } as const;
/** zstd's default level. */
const ZSTD_LEVEL = 3;

/** With zlib's header and checksum, its default level and window. */
export function deflateZlib(bytes: Uint8Array): Uint8Array {
  const deflate = new Deflate({ chunkSize: bytes.length + 1024 });
  deflate.push(bytes, true);
  return deflate.result;
}

/** @returns undefined where the data are damaged, or more than `most` bytes */
export function inflateZlib(input: Uint8Array, most: number): Uint8Array | undefined {
  const out = new Uint8Array(most);
  let filled = 0;
  const inflate = new Inflate({ chunkSize: most });
  inflate.onData = (chunk: Uint8Array): void => {
    if (filled + chunk.length <= most) out.set(chunk, filled);
    filled += chunk.length;
  };
  const isGood = inflate.push(input, true) && inflate.err === 0 && filled <= most;
  return isGood ? out.subarray(0, filled) : undefined;
}

export const zlibCompressor: Compressor = {
  compress(bytes) {
    const deflate = new Deflate({ ...DEFLATE, chunkSize: bytes.length });
    deflate.push(bytes, true);
    const out = deflate.result as Uint8Array;
    return deflate.err === 0 && out.length < bytes.length ? out : undefined;
  },
  decompress(input, length) {
    const out = new Uint8Array(length);
    let filled = 0;
    const inflate = new Inflate({ raw: true, windowBits: -15, chunkSize: length });
    inflate.onData = (chunk: Uint8Array): void => {
      const part = chunk.subarray(0, length - filled);
      out.set(part, filled);
      filled += part.length;
    };
    inflate.push(input, true);
    if (filled < length) throw new StorageError("EIO");
    return out;
  },
};

/** The encoder of zstd, which is WebAssembly and takes a moment to start. */
interface ZstdEncoder {
  compress(bytes: Uint8Array, level: number): Uint8Array;
}

function zstdCompressor(encoder: ZstdEncoder): Compressor {
  return {
    compress(bytes) {
      const out = encoder.compress(bytes, ZSTD_LEVEL);
      return out.length < bytes.length ? out : undefined;
    },
    decompress(input, length) {
      const out = new Uint8Array(length);
      try {
        if (decompress(input.subarray(0, zstdFrameEnd(input)), out).length === length) return out;
      } catch (error) {
        throw new StorageError("EIO", undefined, error);
      }
      throw new StorageError("EIO");
    },
  };
}

/** Where the first frame ends (RFC 8878 §3.1.1): the rest of its last sector is no frame. */
function zstdFrameEnd(bytes: Uint8Array): number {
  const descriptor = bytes[4] ?? 0;
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionary = [0, 1, 2, 4][descriptor & 3] as number;
  const contentSize = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] as number;
  let at = 5 + (isSingle ? 0 : 1) + dictionary + contentSize;
  for (let last = false; !last && at + 3 <= bytes.length;) {
    const block =
      (bytes[at] as number) | ((bytes[at + 1] as number) << 8) | ((bytes[at + 2] as number) << 16);
    last = (block & 1) !== 0;
    const isRun = ((block >> 1) & 3) === 1;
    at += 3 + (isRun ? 1 : block >> 3);
  }
  return at + ((descriptor & 4) === 0 ? 0 : 4);
}

/** The compressor of a qcow2 compression type: 0 is zlib, 1 zstd. */
export async function compressorOf(type: number): Promise<Compressor> {
  if (type === 0) return zlibCompressor;
  const { Zstd } = await import("@hpcc-js/wasm-zstd");
  return zstdCompressor(await Zstd.load());
}
