/** XML as a tree of plain objects: what libvirt's objects are parsed from and formatted to. */

export interface XmlText {
  readonly kind: "text";
  readonly text: string;
}

export interface XmlComment {
  readonly kind: "comment";
  readonly text: string;
}

export interface XmlElement {
  readonly kind: "element";
  /** With its prefix: `qemu:commandline`. */
  readonly name: string;
  /** In document order, `xmlns` declarations among them. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlNode[];
}

/** Nothing, but its parent gets an end tag on a line of its own, as libvirt writes some lists. */
export interface XmlOpen {
  readonly kind: "open";
}

export type XmlNode = XmlElement | XmlText | XmlComment | XmlOpen;

/** What `element` takes as attributes: those that are undefined are left out. */
export type Attributes = Readonly<Record<string, string | number | bigint | undefined>>;

/** Makes an element; a string among the children is text. */
export function element(
  name: string,
  attributes: Attributes = {},
  children: readonly (XmlNode | string)[] = [],
): XmlElement {
  return {
    kind: "element",
    name,
    attributes: attributeMap(attributes),
    children: children.map((child) => nodeOf(child)),
  };
}

/** The attributes that are given, as texts. */
export function attributeMap(attributes: Attributes): Map<string, string> {
  return new Map(
    Object.entries(attributes).flatMap(([key, value]): [string, string][] =>
      value === undefined ? [] : [[key, String(value)]],
    ),
  );
}

/** A string as a text, else the node itself. */
export function nodeOf<N>(child: N | string): N | XmlText {
  return typeof child === "string" ? { kind: "text", text: child } : child;
}

/** `<name>text</name>`. */
export function textElement(name: string, text: string | number | bigint): XmlElement {
  return element(name, {}, [String(text)]);
}

/** The child elements of that name, or all of them. */
export function childElements(parent: XmlElement, name?: string): XmlElement[] {
  return parent.children.filter(
    (child): child is XmlElement =>
      child.kind === "element" && (name === undefined || child.name === name),
  );
}

/** The first element at a path of names below `parent`, or undefined. */
export function find(parent: XmlElement, ...path: readonly string[]): XmlElement | undefined {
  let at: XmlElement | undefined = parent;
  for (const name of path) at = at && childElements(at, name)[0];
  return at;
}

/** All text below the element, as XPath's `string()`. */
export function textOf(node: XmlNode): string {
  if (node.kind === "text") return node.text;
  return node.kind === "element" ? node.children.map(textOf).join("") : "";
}

/** The text of the element at that path, or undefined where it is missing or empty (virXPathString). */
export function textAt(parent: XmlElement, ...path: readonly string[]): string | undefined {
  const found = find(parent, ...path);
  const text = found && textOf(found);
  return text === "" ? undefined : text;
}
