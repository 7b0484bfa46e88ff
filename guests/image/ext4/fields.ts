/**
 * Where a number lies in an on-disk structure: offset and width in bytes, little-endian. Numbers
 * that grew have their upper part elsewhere: then its offset and width follow.
 */
type Field = readonly [at: number, width: 1 | 2 | 4, highAt?: number, highWidth?: 2 | 4];
type FieldTable = Readonly<Record<string, Field>>;

/** Values of the fields of a structure that are not zero; integers below 2^53. */
export type Values<T extends FieldTable> = { readonly [K in keyof T]?: number };

/** Writes `values` into the structure that begins at `start` of `bytes`. */
export function pack<T extends FieldTable>(
  bytes: Uint8Array,
  start: number,
  table: T,
  values: Values<T>,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  for (const [name, value] of Object.entries(values) as [keyof T, number][]) {
    const [at, width, highAt, highWidth = 4] = table[name] as Field;
    put(view, at, width, value);
    if (highAt !== undefined) {
      put(view, highAt, highWidth, Math.floor(value / 2 ** (8 * width)));
    }
  }
}

function put(view: DataView, at: number, width: 1 | 2 | 4, value: number): void {
  // The setters take the value modulo their width.
  switch (width) {
    case 1:
      return view.setUint8(at, value);
    case 2:
      return view.setUint16(at, value, true);
    case 4:
      return view.setUint32(at, value, true);
  }
}

/** `value` as four bytes, little-endian: what checksums take numbers as. */
export function le32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}
