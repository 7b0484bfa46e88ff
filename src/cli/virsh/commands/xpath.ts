/** `--xpath`: the parts of XPath that select elements and attributes of libvirt's documents. */
import { childElements, textOf, type XmlElement } from "../../../virt/xml/element.ts";
import { escapeXml, formatXml } from "../../../virt/xml/format.ts";
import { CommandError } from "../shell/errors.ts";

type Found =
  | XmlElement
  | { readonly attribute: string; readonly value: string }
  | { readonly text: string };

/**
 * What the expression selects, each on a line of its own; `wrap` puts them into `<nodes>`.
 * Paths of names, `*`, `.`, `//`, `@name`, `text()` and predicates `[n]`, `[@a='v']`, `[name='v']`.
 *
 * @throws CommandError for other expressions, and where nothing is selected
 */
export function selectXml(root: XmlElement, expression: string, wrap: boolean): string {
  const found = evaluate(root, expression);
  if (found.length === 0) throw new CommandError(`XPath query '${expression}' found no nodes`);
  const lines = found.map((each) => `${shown(each)}\n`).join("");
  return wrap ? `<nodes>\n${lines}</nodes>\n` : lines;
}

function shown(found: Found): string {
  if ("kind" in found) return formatXml(found).trimEnd();
  return "text" in found ? found.text : ` ${found.attribute}="${escapeXml(found.value)}"`;
}

const STEP = /^(\/\/|\/|)(@?[\w:*.-]+|text\(\))((?:\[[^\]]*\])*)/;

function evaluate(root: XmlElement, expression: string): Found[] {
  // A root above the document's element, as XPath has it.
  const document: XmlElement = {
    kind: "element",
    name: "",
    attributes: new Map(),
    children: [root],
  };
  let rest = expression.trim();
  let at: Found[] = [rest.startsWith("/") ? document : root];
  while (rest !== "") {
    const step = STEP.exec(rest);
    if (!step) throw new CommandError(`Failed to parse XPath expression '${expression}'`);
    const [whole, axis = "", name = "", predicates = ""] = step;
    rest = rest.slice(whole.length);
    at = predicated(
      at.flatMap((each) => ("kind" in each ? take(each, name, axis === "//") : [])),
      predicates,
      expression,
    );
  }
  return at;
}

function take(from: XmlElement, name: string, deep: boolean): Found[] {
  const here = deep ? [from, ...descendants(from)] : [from];
  return here.flatMap((each): Found[] => {
    if (name === ".") return [each];
    if (name === "text()") {
      const text = each.children.flatMap((child) => (child.kind === "text" ? [child.text] : []));
      return text.map((value) => ({ text: value }));
    }
    if (name.startsWith("@")) {
      const wanted = name.slice(1);
      return [...each.attributes]
        .filter(([attribute]) => wanted === "*" || attribute === wanted)
        .map(([attribute, value]) => ({ attribute, value }));
    }
    return name === "*" ? childElements(each) : childElements(each, name);
  });
}

function descendants(from: XmlElement): XmlElement[] {
  return childElements(from).flatMap((child) => [child, ...descendants(child)]);
}

function predicated(found: Found[], predicates: string, expression: string): Found[] {
  let left = found;
  for (const [, inner = ""] of predicates.matchAll(/\[([^\]]*)\]/g)) {
    const index = /^\d+$/.test(inner) ? Number(inner) : null;
    const equals = /^(@?[\w:-]+)\s*=\s*(?:'([^']*)'|"([^"]*)")$/.exec(inner);
    if (index === null && !equals && !/^@?[\w:-]+$/.test(inner)) {
      throw new CommandError(`Failed to parse XPath expression '${expression}'`);
    }
    left =
      index === null
        ? left.filter((each) => "kind" in each && matches(each, inner, equals))
        : left.slice(index - 1, index);
  }
  return left;
}

function matches(each: XmlElement, inner: string, equals: RegExpExecArray | null): boolean {
  const name = equals?.[1] ?? inner;
  const wanted = equals ? (equals[2] ?? equals[3]) : undefined;
  const values = name.startsWith("@")
    ? [each.attributes.get(name.slice(1))].filter((value) => value !== undefined)
    : childElements(each, name).map(textOf);
  return wanted === undefined ? values.length > 0 : values.includes(wanted);
}
