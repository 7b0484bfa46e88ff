/** A tree to text, as libvirt writes it. */
import type { XmlElement, XmlNode } from "./element.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text as libvirt escapes it in elements and attributes (virBufferEscapeString). */
export function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ESCAPES[char] ?? char);
}

/**
 * Formats the element with a line for each child, two spaces a level, attributes in apostrophes.
 * White space between elements is libvirt's, not the document's. Ends with a line feed.
 */
export function formatXml(root: XmlElement, indent = ""): string {
  const children = root.children.filter(isContent);
  const open = `${indent}<${root.name}${attributesText(root)}`;
  if (children.length === 0) return `${open}/>\n`;
  if (children.every((child) => child.kind === "text")) {
    const text = children.map((child) => child.text).join("");
    return `${open}>${escapeXml(text)}</${root.name}>\n`;
  }
  const inner = children.map((child) => formatNode(child, `${indent}  `)).join("");
  return `${open}>\n${inner}${indent}</${root.name}>\n`;
}

function formatNode(node: XmlNode, indent: string): string {
  if (node.kind === "element") return formatXml(node, indent);
  if (node.kind === "open") return "";
  if (node.kind === "comment") return `${indent}<!--${node.text}-->\n`;
  return `${indent}${escapeXml(node.text)}\n`;
}

function attributesText({ attributes }: XmlElement): string {
  return [...attributes].map(([name, value]) => ` ${name}='${escapeXml(value)}'`).join("");
}

/** White space between elements is layout; elsewhere it is text. */
function isContent(node: XmlNode, _at: number, siblings: readonly XmlNode[]): boolean {
  if (node.kind !== "text") return true;
  if (node.text === "") return false;
  return node.text.trim() !== "" || siblings.every((each) => each.kind === "text");
}
