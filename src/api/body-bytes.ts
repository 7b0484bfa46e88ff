/** The bytes of an answer of the web, told of as they come. */

/** What this needs of a `Response`. */
export interface Answer {
  readonly headers: { get(name: string): string | null };
  readonly body: ReadableStream<Uint8Array> | null;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** Of answers that do not say how long they are. */
const FIRST_BYTES = 2 ** 20;

/**
 * Reads an answer to its end.
 *
 * @param size bytes, where they are known without the answer
 * @param onBytes told how many bytes are there, of how many; null while that is not known
 * @returns bytes in a buffer of their own
 */
export async function bodyBytes(
  answer: Answer,
  size: number | undefined,
  onBytes: (done: number, total: number | null) => void,
): Promise<Uint8Array> {
  const total = size ?? lengthOf(answer);
  if (!answer.body) return new Uint8Array(await answer.arrayBuffer());
  const reader = answer.body.getReader();
  let bytes = new Uint8Array(total ?? FIRST_BYTES);
  let done = 0;
  onBytes(done, total);
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    const { value } = step;
    if (done + value.length > bytes.length) bytes = grown(bytes, done + value.length);
    bytes.set(value, done);
    done += value.length;
    // A server may say less than it sends.
    onBytes(done, total === null || done > total ? null : total);
  }
  onBytes(done, done);
  return done === bytes.length ? bytes : bytes.slice(0, done);
}

/** What is sent packed is as long as nobody knows (RFC 9110 §8.6). */
function lengthOf({ headers }: Answer): number | null {
  const length = Number(headers.get("content-length") ?? Number.NaN);
  const isPacked = (headers.get("content-encoding") ?? "identity") !== "identity";
  return isPacked || !Number.isSafeInteger(length) || length < 0 ? null : length;
}

function grown(bytes: Uint8Array, least: number): Uint8Array<ArrayBuffer> {
  const more = new Uint8Array(Math.max(least, 2 * bytes.length));
  more.set(bytes);
  return more;
}
