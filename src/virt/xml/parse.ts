/** Text to a tree, with libvirt's errors. */
import { DOMParser, type Element, type Node, ParseError } from "@xmldom/xmldom";
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { XmlElement, XmlNode } from "./element.ts";

/** DOM's node types. */
const ELEMENT = 1;
const TEXT = 3;
const CDATA = 4;
const COMMENT = 8;

/**
 * Parses a document.
 *
 * @param what what libvirt calls the text in errors: `domain_definition`, or a file's name
 * @param root the name that the root element must have; any without it
 * @throws VmError xmlDetail where the text is not well formed, xmlError for another root element
 */
export function parseXml(text: string, what: string, root?: string): XmlElement {
  const parsed = parsedRoot(text, what);
  if (root !== undefined && parsed.name !== root) {
    throw vmError("xmlError", `unexpected root element <${parsed.name}>, expecting <${root}>`, {
      domain: ErrorDomain.none,
    });
  }
  return parsed;
}

function parsedRoot(text: string, what: string): XmlElement {
  const [first = ""] = text.split("\n");
  if (!text.trimStart().startsWith("<")) {
    throw vmError("xmlDetail", `(${what}):1: Start tag expected, '<' not found\n${first}\n^`, {
      domain: ErrorDomain.xml,
    });
  }
  let complaint: string | undefined;
  const onError = (_level: unknown, message: string): never => {
    complaint ??= message;
    // The parser wraps it in words of its own.
    throw new Error(message);
  };
  try {
    const document = new DOMParser({ onError }).parseFromString(text, "text/xml");
    // A document type could only bring entities, of which libvirt's XML has none.
    if (document.doctype) {
      throw vmError("xmlDetail", `(${what}): a document type is not allowed`, {
        domain: ErrorDomain.xml,
      });
    }
    return elementOf(document.documentElement as Element);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const line = (error.locator as { lineNumber?: number } | undefined)?.lineNumber ?? 1;
    throw vmError("xmlDetail", `(${what}):${line}: ${complaint ?? error.message}`, {
      domain: ErrorDomain.xml,
      cause: error,
    });
  }
}

function elementOf(from: Element): XmlElement {
  const attributes = new Map<string, string>();
  for (let i = 0; i < from.attributes.length; i++) {
    const attribute = from.attributes.item(i);
    if (attribute) attributes.set(attribute.name, attribute.value);
  }
  const children: XmlNode[] = [];
  for (let child = from.firstChild; child; child = child.nextSibling) {
    const node = nodeOf(child);
    if (node) children.push(node);
  }
  return { kind: "element", name: from.nodeName, attributes, children };
}

function nodeOf(node: Node): XmlNode | null {
  switch (node.nodeType) {
    case ELEMENT:
      return elementOf(node as Element);
    case TEXT:
    case CDATA:
      return { kind: "text", text: node.nodeValue ?? "" };
    case COMMENT:
      return { kind: "comment", text: node.nodeValue ?? "" };
    default:
      return null;
  }
}
