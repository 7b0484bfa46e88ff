/** Text to a tree, with libvirt's errors. */
import {
  parseXml as parseDocument,
  XmlComment,
  XmlDocumentType,
  XmlElement as ParsedElement,
  XmlError,
  type XmlNode as ParsedNode,
  XmlText,
} from "@rgrove/parse-xml";
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { XmlElement, XmlNode } from "./element.ts";

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
  try {
    const document = parseDocument(text, { preserveComments: true, preserveDocumentType: true });
    // A document type could only bring entities, of which libvirt's XML has none.
    if (document.children.some((child) => child instanceof XmlDocumentType)) {
      throw vmError("xmlDetail", `(${what}): a document type is not allowed`, {
        domain: ErrorDomain.xml,
      });
    }
    // A document without a root element is an error of the parser's.
    return elementOf(document.root as ParsedElement);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    // The first line says what is wrong; the others show where.
    const [complaint = ""] = error.message.replace(/ \(line \d+, column \d+\)/, "").split("\n");
    throw vmError("xmlDetail", `(${what}):${error.line}: ${complaint}`, {
      domain: ErrorDomain.xml,
      cause: error,
    });
  }
}

function elementOf(from: ParsedElement): XmlElement {
  return {
    kind: "element",
    name: from.name,
    attributes: new Map(Object.entries(from.attributes)),
    children: from.children.flatMap((child) => nodeOf(child) ?? []),
  };
}

/** Processing instructions mean nothing. */
function nodeOf(node: ParsedNode): XmlNode | null {
  if (node instanceof ParsedElement) return elementOf(node);
  if (node instanceof XmlText) return { kind: "text", text: node.text };
  return node instanceof XmlComment ? { kind: "comment", text: node.content } : null;
}
