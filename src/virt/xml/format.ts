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

/** How attributes and text are written: by libvirt itself, or by the XML library for what is foreign. */
interface Style {
  readonly quote: string;
  escape(text: string): string;
}

const OWN: Style = { quote: "'", escape: escapeXml };

/** Below `metadata` stands what others put there: libvirt has its library write it. */
const FOREIGN: Style = {
  quote: '"',
  escape: escapeForeignXml,
};

/** Text as the XML library escapes it. */
export function escapeForeignXml(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

/**
 * Formats the element with a line for each child, two spaces a level, attributes in apostrophes.
 * White space between elements is libvirt's, not the document's. Ends with a line feed.
 */
export function formatXml(root: XmlElement, indent = ""): string {
  return formatElement(root, indent, OWN);
}

/** As `formatXml`, for what others put into a definition: attributes in quotation marks. */
export function formatForeignXml(root: XmlElement): string {
  return formatElement(root, "", FOREIGN);
}

function formatElement(root: XmlElement, indent: string, style: Style): string {
  const children = root.children.filter(isContent);
  const open = `${indent}<${root.name}${attributesText(root, style)}`;
  if (children.length === 0) return `${open}/>\n`;
  if (children.every((child) => child.kind === "text")) {
    const text = children.map((child) => child.text).join("");
    return `${open}>${style.escape(text)}</${root.name}>\n`;
  }
  const below = root.name === "metadata" ? FOREIGN : style;
  const inner = children.map((child) => formatNode(child, `${indent}  `, below)).join("");
  return `${open}>\n${inner}${indent}</${root.name}>\n`;
}

function formatNode(node: XmlNode, indent: string, style: Style): string {
  if (node.kind === "element") return formatElement(node, indent, style);
  if (node.kind === "open") return "";
  if (node.kind === "comment") return `${indent}<!--${node.text}-->\n`;
  return `${indent}${style.escape(node.text)}\n`;
}

function attributesText({ attributes }: XmlElement, { quote, escape }: Style): string {
  return [...attributes]
    .map(([name, value]) => ` ${name}=${quote}${escape(value)}${quote}`)
    .join("");
}

/** White space between elements is layout; elsewhere it is text. */
function isContent(node: XmlNode, _at: number, siblings: readonly XmlNode[]): boolean {
  if (node.kind !== "text") return true;
  if (node.text === "") return false;
  return node.text.trim() !== "" || siblings.every((each) => each.kind === "text");
}
