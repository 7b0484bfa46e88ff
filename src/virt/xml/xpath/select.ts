/** Selecting nodes of a document by XPath. */
import type { XmlElement } from "../element.ts";
import { evaluate } from "./evaluate.ts";
import { documentOf, type XPathNode } from "./nodes.ts";
import { parseXPath } from "./parse.ts";
import { XPathSyntaxError } from "./tokens.ts";
import { XPathError } from "./values.ts";

/** The nodes; null where the result is something else; or what libvirt's XML library says of a mistake. */
export type Selection = readonly XPathNode[] | null | { readonly mistake: string };

/** Evaluates `expression` at the document's element. */
export function selectNodes(element: XmlElement, expression: string): Selection {
  const root = documentOf(element);
  const [node = root] = root.children;
  try {
    const value = evaluate(parseXPath(expression), { node, position: 1, size: 1 });
    return Array.isArray(value) ? value : null;
  } catch (error) {
    if (error instanceof XPathSyntaxError) {
      const caret = `${" ".repeat(error.at)}^`;
      return { mistake: `XPath error : ${error.message}\n${expression}\n${caret}\n` };
    }
    if (error instanceof XPathError) return { mistake: `XPath error : ${error.message}\n` };
    throw error;
  }
}
