/** `--xpath`: what an expression selects of a document. */
import { wordedVmError } from "../../../protocol/vm-error.ts";
import { type XmlElement, type XmlNode, textOf } from "../../../virt/xml/element.ts";
import { escapeForeignXml, formatForeignXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { XPathNode } from "../../../virt/xml/xpath/nodes.ts";
import { selectNodes } from "../../../virt/xml/xpath/select.ts";
import type { Session } from "../shell/session.ts";

/** Prints a document as it is, or what `--xpath` selects of it. @throws VmError for what is no set of nodes */
export function printXml(
  session: Session,
  xml: string,
  xpath: string | undefined,
  wrap: boolean,
): void {
  if (xpath === undefined) return session.print(xml);
  const found = selectNodes(parseXml(xml, "virsh"), xpath);
  if (found === null) {
    throw wordedVmError("internalError", `internal error: Incorrect xpath '${xpath}'`);
  }
  // The real tool lets its XML library complain, and goes on with nothing.
  if ("mistake" in found) session.host.err(found.mistake);
  const nodes = "mistake" in found ? [] : found;
  session.print(wrap ? `${wrapped(nodes)}\n` : nodes.map((node) => `${shown(node)}\n`).join(""));
}

/** Each node as the library writes it by itself. */
function shown(node: XPathNode): string {
  switch (node.kind) {
    case "root":
      return `<?xml version="1.0" encoding="UTF-8"?>\n${node.children.map(shown).join("\n")}\n`;
    case "element":
      return formatForeignXml(node.element).trimEnd();
    case "attribute":
      return ` ${node.name}="${escapeForeignXml(node.value)}"`;
    case "text":
      return escapeForeignXml(node.value);
    case "comment":
      return `<!--${node.value}-->`;
  }
}

/** All nodes in one element, `nodes`; attributes become its own. */
function wrapped(nodes: readonly XPathNode[]): string {
  const attributes = new Map<string, string>();
  const children: XmlNode[] = [];
  for (const node of nodes) {
    if (node.kind === "attribute") attributes.set(node.name, node.value);
    else if (node.kind === "element") children.push(node.element);
    else if (node.kind === "text") children.push({ kind: "text", text: node.value });
    else if (node.kind === "comment") children.push({ kind: "comment", text: node.value });
  }
  const all: XmlElement = { kind: "element", name: "nodes", attributes, children };
  // Beside text there is no room for line feeds.
  const isMixed = children.some(({ kind }) => kind === "text");
  return isMixed ? inline(all) : formatForeignXml(all).trimEnd();
}

function inline(node: XmlNode): string {
  if (node.kind === "comment") return `<!--${node.text}-->`;
  if (node.kind !== "element") return escapeForeignXml(textOf(node));
  const attributes = [...node.attributes].map(
    ([name, value]) => ` ${name}="${escapeForeignXml(value)}"`,
  );
  const open = `<${node.name}${attributes.join("")}`;
  const inner = node.children.map(inline).join("");
  return inner === "" ? `${open}/>` : `${open}>${inner}</${node.name}>`;
}
