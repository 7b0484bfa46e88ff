/**
 * DEFLATE (RFC 1951) and gzip (RFC 1952), to look inside images before they are booted. Pure and
 * synchronous: hosts' own decompressors are asynchronous and say nothing about where input ended.
 */

/** The data is malformed or ends early; `truncated` tells the two apart. */
export class InflateError extends Error {
  override readonly name = "InflateError";
  readonly truncated: boolean;

  constructor(message: string, truncated = false) {
    super(message);
    this.truncated = truncated;
  }
}

const MAX_BITS = 15;
/** Base values and extra bits of length codes 257–285 and distance codes 0–29 (RFC 1951 §3.2.5). */
const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131,
  163, 195, 227, 258,
];
const LENGTH_EXTRA = [
  0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049,
  3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
];
/** The order in which a dynamic block gives its code-length code lengths (§3.2.7). */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** A flat table indexed by the next MAX_BITS bits: symbol << 4 | code length; 0 is no code. */
type Table = Uint16Array;

class BitReader {
  readonly #bytes: Uint8Array;
  #at: number;
  #bits = 0;
  #count = 0;

  constructor(bytes: Uint8Array, at: number) {
    this.#bytes = bytes;
    this.#at = at;
  }

  take(count: number): number {
    while (this.#count < count) {
      if (this.#at >= this.#bytes.length) throw cut();
      this.#bits |= (this.#bytes[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
    const value = this.#bits & ((1 << count) - 1);
    this.#bits >>>= count;
    this.#count -= count;
    return value;
  }

  symbol(table: Table): number {
    while (this.#count < MAX_BITS && this.#at < this.#bytes.length) {
      this.#bits |= (this.#bytes[this.#at++] as number) << this.#count;
      this.#count += 8;
    }
    const entry = table[this.#bits & (table.length - 1)] as number;
    const length = entry & 15;
    if (length > this.#count) throw cut();
    if (entry === 0) throw new InflateError("the data holds a code that its tables do not define");
    this.#bits >>>= length;
    this.#count -= length;
    return entry >> 4;
  }

  /** Drops the rest of the byte and gives whole unread ones back. @returns the next byte's place */
  align(): number {
    this.#at -= this.#count >> 3;
    this.#bits = 0;
    this.#count = 0;
    return this.#at;
  }

  skip(count: number): Uint8Array {
    const start = this.align();
    if (start + count > this.#bytes.length) throw cut();
    this.#at = start + count;
    return this.#bytes.subarray(start, start + count);
  }
}

function cut(): InflateError {
  return new InflateError("the data ends early", true);
}

class Output {
  bytes: Uint8Array<ArrayBuffer>;
  length = 0;
  readonly #limit: number;

  constructor(guess: number, limit: number) {
    this.bytes = new Uint8Array(Math.min(Math.max(guess, 1024), limit));
    this.#limit = limit;
  }

  reserve(count: number): void {
    const need = this.length + count;
    if (need <= this.bytes.length) return;
    if (need > this.#limit) throw new InflateError(`the data expands beyond ${this.#limit} bytes`);
    const grown = new Uint8Array(Math.min(Math.max(need, 2 * this.bytes.length), this.#limit));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
  }

  literal(byte: number): void {
    if (this.length === this.bytes.length) this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  append(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  copy(distance: number, count: number): void {
    if (distance > this.length) throw new InflateError("the data refers to before its start");
    this.reserve(count);
    const { bytes } = this;
    let at = this.length;
    for (const end = at + count; at < end; at++) bytes[at] = bytes[at - distance] as number;
    this.length = at;
  }
}

function buildTable(lengths: ArrayLike<number>): Table {
  const used = Math.max(1, ...Array.from(lengths));
  const table = new Uint16Array(1 << used);
  let code = 0;
  for (let bits = 1; bits <= used; bits++, code <<= 1) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== bits) continue;
      if (code >= 1 << bits) throw new InflateError("the data's code lengths are impossible");
      const first = reverse(code++, bits);
      for (let i = first; i < table.length; i += 1 << bits) table[i] = (symbol << 4) | bits;
    }
  }
  return table;
}

function reverse(code: number, bits: number): number {
  let out = 0;
  for (let i = 0; i < bits; i++) out |= ((code >> i) & 1) << (bits - 1 - i);
  return out;
}

let fixedTables: [Table, Table] | undefined;

function fixed(): [Table, Table] {
  if (!fixedTables) {
    const literals = new Uint8Array(288).fill(8, 0, 144).fill(9, 144, 256).fill(7, 256, 280);
    literals.fill(8, 280);
    fixedTables = [buildTable(literals), buildTable(new Uint8Array(30).fill(5))];
  }
  return fixedTables;
}

function dynamic(input: BitReader): [Table, Table] {
  const literalCount = input.take(5) + 257;
  const distanceCount = input.take(5) + 1;
  const codeCount = input.take(4) + 4;
  const codeLengths = new Uint8Array(19);
  for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i] as number] = input.take(3);
  const codes = buildTable(codeLengths);
  const lengths = new Uint8Array(literalCount + distanceCount);
  for (let at = 0; at < lengths.length;) {
    const symbol = input.symbol(codes);
    if (symbol < 16) {
      lengths[at++] = symbol;
      continue;
    }
    if (symbol === 16 && at === 0) throw new InflateError("the data repeats a length before any");
    const value = symbol === 16 ? (lengths[at - 1] as number) : 0;
    const count =
      symbol === 16 ? 3 + input.take(2) : symbol === 17 ? 3 + input.take(3) : 11 + input.take(7);
    lengths.fill(value, at, at + count);
    at += count;
  }
  return [
    buildTable(lengths.subarray(0, literalCount)),
    buildTable(lengths.subarray(literalCount)),
  ];
}

function compressed(input: BitReader, out: Output, [literals, distances]: [Table, Table]): void {
  for (;;) {
    const symbol = input.symbol(literals);
    if (symbol < 256) {
      out.literal(symbol);
      continue;
    }
    if (symbol === 256) return;
    const base = LENGTH_BASE[symbol - 257];
    if (base === undefined) throw new InflateError("the data holds an undefined length");
    const length = base + input.take(LENGTH_EXTRA[symbol - 257] as number);
    const code = input.symbol(distances);
    const from = DISTANCE_BASE[code];
    if (from === undefined) throw new InflateError("the data holds an undefined distance");
    out.copy(from + input.take(DISTANCE_EXTRA[code] as number), length);
  }
}

function stored(input: BitReader, out: Output): void {
  const header = input.skip(4);
  const length = (header[0] as number) | ((header[1] as number) << 8);
  const inverse = (header[2] as number) | ((header[3] as number) << 8);
  if (length !== (~inverse & 0xffff)) throw new InflateError("a stored block's length is wrong");
  out.append(input.skip(length));
}

/** Inflates from `at`. @returns where the input ended */
function inflateInto(bytes: Uint8Array, at: number, out: Output): number {
  const input = new BitReader(bytes, at);
  for (let last = false; !last;) {
    last = input.take(1) === 1;
    const type = input.take(2);
    if (type === 0) stored(input, out);
    else if (type === 1) compressed(input, out, fixed());
    else if (type === 2) compressed(input, out, dynamic(input));
    else throw new InflateError("the data holds a block of an undefined type");
  }
  return input.align();
}

/** Where the DEFLATE data of the gzip member at `start` begins (RFC 1952 §2.3). */
function gzipBody(bytes: Uint8Array, start: number): number {
  const flags = bytes[start + 3] ?? 0;
  let at = start + 10;
  if (flags & 4) at += 2 + ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8));
  const skipText = (): void => {
    while (at < bytes.length && bytes[at] !== 0) at++;
    at++;
  };
  if (flags & 8) skipText();
  if (flags & 16) skipText();
  if (flags & 2) at += 2;
  return at;
}

/** True when `bytes` has a gzip header with method DEFLATE at `at`. */
export function isGzip(bytes: Uint8Array, at = 0): boolean {
  return bytes[at] === 0x1f && bytes[at + 1] === 0x8b && bytes[at + 2] === 8;
}

export interface Gunzipped {
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the member ended in the input. */
  readonly end: number;
}

/**
 * Expands the gzip member at `at` and checks its length (the CRC is left alone: it costs as much
 * again, and the length and the code tables find what a cut or damaged file looks like).
 *
 * @param limitBytes refuse to expand beyond this
 * @throws InflateError
 */
export function gunzip(bytes: Uint8Array, at: number, limitBytes: number): Gunzipped {
  const out = new Output(4 * (bytes.length - at), limitBytes);
  const end = inflateInto(bytes, gzipBody(bytes, at), out);
  if (end + 8 > bytes.length) throw cut();
  const size = new DataView(bytes.buffer, bytes.byteOffset + end + 4, 4).getUint32(0, true);
  if (size !== out.length >>> 0)
    throw new InflateError("the data's length does not match its trailer");
  return { bytes: out.bytes.subarray(0, out.length), end: end + 8 };
}
