/** Trees as virsh draws them. */

/** A node: its name, and its parent's, null where it has none. */
export interface TreeNode {
  readonly name: string;
  readonly parent: string | null;
}

/** Draws the trees of all nodes without a parent; siblings in the order of `nodes`. */
export function treesText(nodes: readonly TreeNode[]): string {
  const children = (of: string): string[] =>
    nodes.filter(({ parent }) => parent === of).map(({ name }) => name);
  return nodes
    .filter(({ parent }) => parent === null)
    .map(({ name }) => treeText(name, children))
    .join("");
}

/** Each level is two columns further right. */
function treeText(root: string, children: (of: string) => readonly string[]): string {
  const below = (name: string, indent: string): string => {
    const all = children(name);
    return all
      .map((child, at) => {
        const isLast = at === all.length - 1;
        const inner = `${indent}${isLast ? "  " : "| "}`;
        const hasMore = children(child).length > 0;
        const gap = isLast ? (hasMore ? "" : `${indent}  \n`) : "";
        const line = `${indent}+- ${child}\n`;
        return hasMore ? `${line}${inner}  |\n${below(child, `${inner}  `)}` : `${line}${gap}`;
      })
      .join("");
  };
  const head = `${root}\n`;
  return children(root).length === 0 ? `${head}\n` : `${head}  |\n${below(root, "  ")}`;
}
