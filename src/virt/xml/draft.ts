/** A tree that may still be changed: what definitions are while libvirt's defaults are filled in. */
import {
  attributeMap,
  type Attributes,
  nodeOf,
  type XmlComment,
  type XmlElement,
  type XmlNode,
  type XmlOpen,
  type XmlText,
} from "./element.ts";

export interface Draft {
  readonly kind: "element";
  readonly name: string;
  attributes: Map<string, string>;
  children: DraftNode[];
}

export type DraftNode = Draft | XmlText | XmlComment | XmlOpen;

/** A copy that may be changed. */
export function draftOf(from: XmlElement): Draft {
  return {
    kind: "element",
    name: from.name,
    attributes: new Map(from.attributes),
    children: from.children.map((child: XmlNode) =>
      child.kind === "element" ? draftOf(child) : child,
    ),
  };
}

/** A new element; a string is its text. */
export function draft(
  name: string,
  attributes: Attributes = {},
  ...children: readonly (DraftNode | string)[]
): Draft {
  return {
    kind: "element",
    name,
    attributes: attributeMap(attributes),
    children: children.map((child) => nodeOf(child)),
  };
}

/** The child elements of one of the names; all without any. */
export function childrenOf(parent: Draft, ...names: readonly string[]): Draft[] {
  return parent.children.filter(
    (child): child is Draft =>
      child.kind === "element" && (names.length === 0 || names.includes(child.name)),
  );
}

/** The first element at a path of names, or undefined. */
export function childAt(parent: Draft, ...path: readonly string[]): Draft | undefined {
  let at: Draft | undefined = parent;
  for (const name of path) at = at && childrenOf(at, name)[0];
  return at;
}

/** The child of that name, made where it is missing. */
export function ensureChild(parent: Draft, name: string): Draft {
  const old = childAt(parent, name);
  if (old) return old;
  const made = draft(name);
  parent.children.push(made);
  return made;
}

/** Takes children out: those of the name, or those that `drop` picks. */
export function removeChildren(parent: Draft, drop: string | ((child: Draft) => boolean)): void {
  const drops = typeof drop === "string" ? (child: Draft): boolean => child.name === drop : drop;
  parent.children = parent.children.filter((child) => child.kind !== "element" || !drops(child));
}

/** All text below. */
export function draftText(node: DraftNode): string {
  if (node.kind === "text") return node.text;
  return node.kind === "element" ? node.children.map(draftText).join("") : "";
}

/** Replaces all children by a text. */
export function setText(node: Draft, text: string | number | bigint): void {
  node.children = [{ kind: "text", text: String(text) }];
}

/** Sets an attribute unless it is there. */
export function defaultAttribute(node: Draft, name: string, value: string): void {
  if (!node.attributes.has(name)) node.attributes.set(name, value);
}
