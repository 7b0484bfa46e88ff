/** Field widths in bytes. The core and the workers read a field with exactly this width. */
const WIDTH = { u8: 1, u16: 2, u32: 4, u64: 8 } as const;

/** One field of a shared-memory block: a width, and optionally a count and an alignment. */
export interface Field {
  readonly type: keyof typeof WIDTH;
  /** Number of consecutive elements; 1 when absent. */
  readonly count?: number;
  /** Alignment in bytes; the width when absent. Use 64 for words that another thread writes. */
  readonly align?: number;
}

/** The laid-out block: every field's byte offset from the block's base, and the block's size. */
export interface Block<K extends string> {
  readonly fields: Readonly<Record<K, Field>>;
  readonly at: Readonly<Record<K, number>>;
  readonly sizeBytes: number;
}

/**
 * Lays fields out in their written order, each at its alignment.
 *
 * @param limitBytes the room reserved for the block; a block that outgrows it is a bug
 * @throws RangeError when the fields need more than `limitBytes`
 */
export function block<const K extends string>(
  name: string,
  limitBytes: number,
  fields: Record<K, Field>,
): Block<K> {
  const at = {} as Record<K, number>;
  let end = 0;
  for (const key of Object.keys(fields) as K[]) {
    const { type, count = 1, align = WIDTH[type] } = fields[key];
    end = Math.ceil(end / align) * align;
    at[key] = end;
    end += WIDTH[type] * count;
  }
  if (end > limitBytes) {
    throw new RangeError(`block ${name} takes ${end} bytes, ${limitBytes} are reserved`);
  }
  return { fields, at, sizeBytes: limitBytes };
}

/** A positive 31-bit number that differs, in all likelihood, for different layouts (FNV-1a). */
export function layoutDigest(layout: unknown): number {
  let hash = 0x811c_9dc5;
  for (const char of JSON.stringify(layout)) {
    hash = Math.imul(hash ^ char.charCodeAt(0), 0x0100_0193);
  }
  return hash & 0x7fff_ffff;
}
