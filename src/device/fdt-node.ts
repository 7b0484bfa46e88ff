/** A device-tree node as data; `machine/` turns the tree into a blob. */

/** An empty property (`true`), text, list of texts, big-endian u32 cells, or raw bytes. */
export type FdtValue = true | string | readonly string[] | readonly number[] | Uint8Array;

export interface FdtNode {
  /** With its unit address, as `serial@10000000`; empty for the root. */
  readonly name: string;
  readonly properties: Readonly<Record<string, FdtValue>>;
  readonly children?: readonly FdtNode[];
}

/** A 64-bit number as two cells, high first (Devicetree specification §2.2.4, two-cell values). */
export function cells64(value: number): [number, number] {
  return [Math.floor(value / 2 ** 32), value % 2 ** 32];
}
