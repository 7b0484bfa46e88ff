/** Canonical order: libvirt writes attributes and children in an order of its own. */
import type { Draft } from "../xml/draft.ts";

/** Names separated by blanks. */
interface Order {
  readonly attributes?: string;
  readonly children?: string;
}

/** By path of element names from the root: `domain/devices/disk`. */
export type OrderTable = Readonly<Record<string, Order>>;

/**
 * Sorts the tree below `node` in place. What the table does not name comes last, in the order of
 * the document. Elements within themselves (`backingStore`) follow the same row.
 */
export function arrange(node: Draft, table: OrderTable, path = node.name): void {
  const order = table[path];
  if (order?.attributes !== undefined) {
    const rank = ranks(order.attributes);
    node.attributes = new Map(
      [...node.attributes].toSorted(([a], [b]) => rankOf(rank, a) - rankOf(rank, b)),
    );
  }
  if (order?.children !== undefined) {
    const rank = ranks(order.children);
    node.children = node.children.toSorted(
      (a, b) =>
        rankOf(rank, a.kind === "element" ? a.name : "") -
        rankOf(rank, b.kind === "element" ? b.name : ""),
    );
  }
  for (const child of node.children) {
    if (child.kind !== "element") continue;
    arrange(child, table, child.name === node.name ? path : `${path}/${child.name}`);
  }
}

const ranksByText = new Map<string, ReadonlyMap<string, number>>();

function ranks(names: string): ReadonlyMap<string, number> {
  const known = ranksByText.get(names);
  if (known) return known;
  const made = new Map(names.split(" ").map((name, at) => [name, at]));
  ranksByText.set(names, made);
  return made;
}

function rankOf(rank: ReadonlyMap<string, number>, name: string): number {
  return rank.get(name) ?? Number.MAX_SAFE_INTEGER;
}
