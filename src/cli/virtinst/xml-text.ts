/** XML as it stands in the tree, white space and all; attributes in quotation marks. */
import type { Draft, DraftNode } from "../../virt/xml/draft.ts";

/** The element with all that is in it. */
export function xmlText(element: Draft): string {
  const open = `<${element.name}${namespacesFirst(element).map(attributeText).join("")}`;
  const inner = element.children.map(nodeText).join("");
  return inner === "" ? `${open}/>` : `${open}>${inner}</${element.name}>`;
}

/** `xmlText`, its first line moved to where its last line stands, and the line ended. */
export function xmlLines(element: Draft): string {
  const text = xmlText(element);
  const last = text.slice(text.lastIndexOf("\n") + 1);
  return `${last === text ? "" : (/^ */.exec(last)?.[0] ?? "")}${text}\n`;
}

function namespacesFirst({ attributes }: Draft): [string, string][] {
  const isNamespace = ([name]: [string, string]): boolean => name.startsWith("xmlns");
  const all = [...attributes];
  return [...all.filter(isNamespace), ...all.filter((each) => !isNamespace(each))];
}

function attributeText([name, value]: [string, string]): string {
  const escaped = escapeText(value)
    .replaceAll('"', "&quot;")
    .replaceAll("\n", "&#10;")
    .replaceAll("\t", "&#9;");
  return ` ${name}="${escaped}"`;
}

function nodeText(node: DraftNode): string {
  if (node.kind === "element") return xmlText(node);
  if (node.kind === "comment") return `<!--${node.text}-->`;
  return node.kind === "text" ? escapeText(node.text) : "";
}

function escapeText(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}
