import { ReadableStream } from "node:stream/web";
import xz from "xz-decompress";
import { GuestError } from "../errors.ts";

/**
 * Decompresses an .xz stream. The decoder lets only one stream be open at a time, and the next one
 * waits for it: a caller that stops early must end the iteration (`break` does), and must not
 * begin another stream inside of the loop.
 *
 * @param name of what is decompressed, for messages
 * @throws GuestError when the data is damaged or cut off
 */
export async function* unxz(
  stream: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  const reader = new xz.XzReadableStream(ReadableStream.from(stream)).getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      yield next.value;
    }
  } catch (error) {
    throw new GuestError(`${name} cannot be decompressed: it is damaged or no .xz file.`, {
      cause: error,
    });
  } finally {
    // Frees the decoder for the next stream; one that failed has freed it already.
    await reader.cancel().catch(() => {});
  }
}

/** Decompresses a whole .xz file in memory. */
export async function unxzBytes(bytes: Uint8Array, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of unxz(pieces(bytes), name)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function* pieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
