/** A document as XPath sees it: nodes that know their parents and their order (XPath 1.0 §5). */
import type { XmlElement, XmlNode } from "../element.ts";

export interface RootNode {
  readonly kind: "root";
  readonly parent: null;
  readonly order: number;
  readonly children: ChildNode[];
}

export interface ElementNode {
  readonly kind: "element";
  readonly parent: ParentNode;
  readonly order: number;
  readonly element: XmlElement;
  readonly children: ChildNode[];
  readonly attributes: AttributeNode[];
}

export interface AttributeNode {
  readonly kind: "attribute";
  readonly parent: ElementNode;
  readonly order: number;
  readonly name: string;
  readonly value: string;
}

export interface LeafNode {
  readonly kind: "text" | "comment";
  readonly parent: ElementNode;
  readonly order: number;
  readonly value: string;
}

type ParentNode = RootNode | ElementNode;
type ChildNode = ElementNode | LeafNode;
export type XPathNode = RootNode | ElementNode | AttributeNode | LeafNode;

/** The document of an element; its element is the root's only child. White space between elements is none. */
export function documentOf(element: XmlElement): RootNode {
  const root: RootNode = { kind: "root", parent: null, order: 0, children: [] };
  let order = 1;
  const add = (from: XmlNode, parent: ParentNode, siblings: readonly XmlNode[]): void => {
    if (from.kind === "element") {
      const made: ElementNode = {
        kind: "element",
        parent,
        order: order++,
        element: from,
        children: [],
        attributes: [],
      };
      for (const [name, value] of from.attributes) {
        if (/^xmlns(?::|$)/.test(name)) continue;
        made.attributes.push({ kind: "attribute", parent: made, order: order++, name, value });
      }
      parent.children.push(made);
      for (const child of from.children) add(child, made, from.children);
    } else if (from.kind !== "open" && parent.kind === "element") {
      const isLayout =
        from.kind === "text" &&
        from.text.trim() === "" &&
        siblings.some((each) => each.kind === "element");
      if (!isLayout) {
        parent.children.push({ kind: from.kind, parent, order: order++, value: from.text });
      }
    }
  };
  add(element, root, [element]);
  return root;
}

/** XPath's string-value of a node. */
export function stringValue(node: XPathNode): string {
  if ("value" in node) return node.value;
  return node.children
    .filter(({ kind }) => kind !== "comment")
    .map(stringValue)
    .join("");
}

/** The name with its prefix, "" for nodes without one. */
export function nameOf(node: XPathNode): string {
  if (node.kind === "element") return node.element.name;
  return node.kind === "attribute" ? node.name : "";
}

/** All below a node, in document order. */
export function descendantsOf(node: XPathNode): XPathNode[] {
  if (node.kind !== "root" && node.kind !== "element") return [];
  return node.children.flatMap((child) => [child, ...descendantsOf(child)]);
}
