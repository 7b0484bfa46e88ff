/** XPath's core functions (XPath 1.0 §4). */
import { nameOf, type XPathNode } from "./nodes.ts";
import { type Context, toBoolean, toNumber, toText, type Value, XPathError } from "./values.ts";

interface Row {
  readonly min: number;
  readonly max: number;
  run(args: readonly Value[], context: Context): Value;
}

const text = (args: readonly Value[], at: number): string => toText(args[at] ?? "");
const number = (args: readonly Value[], at: number): number => toNumber(args[at] ?? "");

/** The first node of the argument, or the context's; undefined for an empty set. */
function nodeOf([first]: readonly Value[], { node }: Context): XPathNode | undefined {
  if (first === undefined) return node;
  return nodeSet(first)[0];
}

function nodeSet(value: Value | undefined): XPathNode[] {
  if (Array.isArray(value)) return value;
  throw new XPathError("Invalid type");
}

function localName(node: XPathNode | undefined): string {
  return node ? (nameOf(node).split(":").at(-1) ?? "") : "";
}

const FUNCTIONS: Readonly<Record<string, Row>> = {
  last: { min: 0, max: 0, run: (_args, { size }) => size },
  position: { min: 0, max: 0, run: (_args, { position }) => position },
  count: { min: 1, max: 1, run: ([set]) => nodeSet(set).length },
  "local-name": { min: 0, max: 1, run: (args, context) => localName(nodeOf(args, context)) },
  name: {
    min: 0,
    max: 1,
    run: (args, context) => {
      const node = nodeOf(args, context);
      return node ? nameOf(node) : "";
    },
  },
  string: { min: 0, max: 1, run: ([value], { node }) => toText(value ?? [node]) },
  concat: { min: 2, max: Number.POSITIVE_INFINITY, run: (args) => args.map(toText).join("") },
  "starts-with": { min: 2, max: 2, run: (args) => text(args, 0).startsWith(text(args, 1)) },
  contains: { min: 2, max: 2, run: (args) => text(args, 0).includes(text(args, 1)) },
  "substring-before": {
    min: 2,
    max: 2,
    run: (args) => text(args, 0).slice(0, Math.max(0, text(args, 0).indexOf(text(args, 1)))),
  },
  "substring-after": {
    min: 2,
    max: 2,
    run: (args) => {
      const at = text(args, 0).indexOf(text(args, 1));
      return at < 0 ? "" : text(args, 0).slice(at + text(args, 1).length);
    },
  },
  substring: {
    min: 2,
    max: 3,
    run: (args) => {
      const from = Math.round(number(args, 1));
      const to = args.length > 2 ? from + Math.round(number(args, 2)) : Number.POSITIVE_INFINITY;
      return characters(text(args, 0))
        .filter((_char, at) => at + 1 >= from && at + 1 < to)
        .join("");
    },
  },
  "string-length": {
    min: 0,
    max: 1,
    run: ([value], { node }) => characters(toText(value ?? [node])).length,
  },
  "normalize-space": {
    min: 0,
    max: 1,
    run: ([value], { node }) =>
      toText(value ?? [node])
        .trim()
        .replace(/\s+/g, " "),
  },
  translate: {
    min: 3,
    max: 3,
    run: (args) => {
      const [from, to] = [characters(text(args, 1)), characters(text(args, 2))];
      return characters(text(args, 0))
        .map((char) => (from.includes(char) ? (to[from.indexOf(char)] ?? "") : char))
        .join("");
    },
  },
  boolean: { min: 1, max: 1, run: ([value]) => toBoolean(value ?? "") },
  not: { min: 1, max: 1, run: ([value]) => !toBoolean(value ?? "") },
  true: { min: 0, max: 0, run: () => true },
  false: { min: 0, max: 0, run: () => false },
  number: { min: 0, max: 1, run: ([value], { node }) => toNumber(value ?? [node]) },
  sum: {
    min: 1,
    max: 1,
    run: ([set]) => nodeSet(set).reduce((sum, node) => sum + toNumber([node]), 0),
  },
  floor: { min: 1, max: 1, run: (args) => Math.floor(number(args, 0)) },
  ceiling: { min: 1, max: 1, run: (args) => Math.ceil(number(args, 0)) },
  round: { min: 1, max: 1, run: (args) => Math.round(number(args, 0)) },
};

/** XPath counts code points, where JavaScript counts UTF-16 units. */
function characters(from: string): string[] {
  return Array.from(from);
}

/** @throws XPathError */
export function callFunction(name: string, args: readonly Value[], context: Context): Value {
  const row = Object.hasOwn(FUNCTIONS, name) ? FUNCTIONS[name] : undefined;
  if (!row) throw new XPathError("Unregistered function");
  if (args.length < row.min || args.length > row.max) {
    throw new XPathError("Invalid number of arguments");
  }
  return row.run(args, context);
}
