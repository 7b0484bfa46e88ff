/** Cylinders, heads and sectors of a disk that has none: QEMU's guess. */
export interface Geometry {
  readonly cylinders: number;
  readonly heads: number;
  readonly sectors: number;
}

const HEADS = 16;
const SECTORS = 63;

export function guessGeometry(sizeBytes: number): Geometry {
  const cylinders = Math.floor(sizeBytes / 512 / (HEADS * SECTORS));
  return { cylinders: Math.max(2, Math.min(16383, cylinders)), heads: HEADS, sectors: SECTORS };
}
