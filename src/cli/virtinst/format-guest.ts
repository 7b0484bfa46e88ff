/** The guest's XML as virt-install prints it: two spaces a level, attributes in quotation marks. */
import { type Draft, type DraftNode, childrenOf } from "../../virt/xml/draft.ts";

export function formatGuest(root: Draft, indent = ""): string {
  const attributes = [...root.attributes]
    .map(([name, value]) => ` ${name}="${escapeText(value).replaceAll('"', "&quot;")}"`)
    .join("");
  const open = `${indent}<${root.name}${attributes}`;
  if (root.children.every((child) => child.kind === "text" && child.text === "")) {
    return `${open}/>\n`;
  }
  if (childrenOf(root).length === 0) {
    const text = root.children.map(textOfNode).join("");
    return `${open}>${escapeText(text)}</${root.name}>\n`;
  }
  const lines = root.children.map((child) => formatNode(child, `${indent}  `)).join("");
  return `${open}>\n${lines}${indent}</${root.name}>\n`;
}

function formatNode(node: DraftNode, indent: string): string {
  if (node.kind === "element") return formatGuest(node, indent);
  if (node.kind === "comment") return `${indent}<!--${node.text}-->\n`;
  const text = textOfNode(node).trim();
  return text === "" ? "" : `${indent}${escapeText(text)}\n`;
}

function textOfNode(node: DraftNode): string {
  return node.kind === "text" ? node.text : "";
}

function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
