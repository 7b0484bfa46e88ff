/** How many clusters a refcount structure takes. */
export interface RefcountSize {
  readonly blocks: number;
  readonly table: number;
}

/**
 * Refcount table and blocks for so many clusters, and for themselves.
 *
 * @param perBlock counters in one block
 * @param perTable blocks that one cluster of the table leads to
 * @param isGenerous half a table more is counted, for one that grows
 */
export function refcountSize(
  clusters: number,
  perBlock: number,
  perTable: number,
  isGenerous = false,
): RefcountSize {
  const size = fixedPoint(clusters, perBlock, perTable);
  return isGenerous ? fixedPoint(clusters + Math.ceil(size.table / 2), perBlock, perTable) : size;
}

function fixedPoint(clusters: number, perBlock: number, perTable: number): RefcountSize {
  let [blocks, table] = [0, 0];
  for (let last = -1; last !== blocks + table;) {
    last = blocks + table;
    blocks = Math.ceil((clusters + table + blocks) / perBlock);
    table = Math.ceil(blocks / perTable);
  }
  return { blocks, table };
}
