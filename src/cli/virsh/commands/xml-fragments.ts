/** A part of a definition as the XML library of the real tool prints it out of its document. */
import type { XmlElement, XmlNode } from "../../../virt/xml/element.ts";

const ESCAPES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (char) => ESCAPES[char] ?? char);
}

/**
 * An element that stands two levels deep, with its document's indentation and quotation marks.
 *
 * @param added a child that was put after the last one, which has no white space of its own
 */
export function fragmentText(element: XmlElement, added?: XmlElement): string {
  return nodeText(element, "    ", added);
}

function nodeText(node: XmlNode, indent: string, added?: XmlElement): string {
  if (node.kind === "text") return escape(node.text);
  if (node.kind !== "element") return node.kind === "comment" ? `<!--${node.text}-->` : "";
  const attributes = [...node.attributes].map(([name, value]) => ` ${name}="${escape(value)}"`);
  const open = `<${node.name}${attributes.join("")}`;
  const children = node.children.filter(
    (child) => child.kind !== "text" || child.text.trim() !== "",
  );
  const tail = added ? nodeText(added, `${indent}  `) : "";
  if (children.length === 0 && tail === "") return `${open}/>`;
  if (children.every((child) => child.kind === "text")) {
    return `${open}>${children.map((child) => nodeText(child, "")).join("")}${tail}</${node.name}>`;
  }
  const inner = children.map((child) => `\n${indent}  ${nodeText(child, `${indent}  `)}`).join("");
  return `${open}>${inner}\n${indent}${tail}</${node.name}>`;
}
