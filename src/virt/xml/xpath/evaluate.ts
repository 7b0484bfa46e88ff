/** Evaluates XPath expressions (XPath 1.0 §2, §3). */
import { callFunction } from "./functions.ts";
import { descendantsOf, nameOf, stringValue, type XPathNode } from "./nodes.ts";
import type { Axis, Expression, NodeTest, Operator, Step } from "./parse.ts";
import { type Context, toBoolean, toNumber, toText, type Value, XPathError } from "./values.ts";

/** @throws XPathError */
export function evaluate(expression: Expression, context: Context): Value {
  switch (expression.kind) {
    case "number":
    case "literal":
      return expression.value;
    case "variable":
      throw new XPathError("Undefined variable");
    case "negative":
      return -toNumber(evaluate(expression.of, context));
    case "call": {
      const { name, args } = expression;
      return callFunction(
        name,
        args.map((each) => evaluate(each, context)),
        context,
      );
    }
    case "binary":
      return binary(expression.operator, expression.left, expression.right, context);
    case "filter":
      return filtered(nodesOf(evaluate(expression.of, context)), expression.predicates);
    case "path":
      return path(expression, context);
  }
}

function path(expression: Expression & { readonly kind: "path" }, context: Context): XPathNode[] {
  const { start, absolute, steps } = expression;
  let nodes: XPathNode[] = absolute
    ? [rootOf(context.node)]
    : start
      ? nodesOf(evaluate(start, context))
      : [context.node];
  for (const step of steps) nodes = inOrder(nodes.flatMap((node) => stepFrom(node, step)));
  return nodes;
}

function nodesOf(value: Value): XPathNode[] {
  if (Array.isArray(value)) return value;
  throw new XPathError("Invalid type");
}

function rootOf(node: XPathNode): XPathNode {
  let at = node;
  while (at.parent) at = at.parent;
  return at;
}

function inOrder(nodes: readonly XPathNode[]): XPathNode[] {
  return [...new Set(nodes)].toSorted((a, b) => a.order - b.order);
}

function stepFrom(node: XPathNode, { axis, test, predicates }: Step): XPathNode[] {
  const found = along(node, axis).filter((each) => fits(each, test, axis));
  return filtered(found, predicates);
}

/** Nodes in the order of the axis: those backwards have the nearest first. */
function along(node: XPathNode, axis: Axis): XPathNode[] {
  const children = (of: XPathNode): XPathNode[] =>
    of.kind === "root" || of.kind === "element" ? of.children : [];
  const siblings = node.parent && node.kind !== "attribute" ? children(node.parent) : [];
  const at = siblings.indexOf(node);
  switch (axis) {
    case "self":
      return [node];
    case "child":
      return children(node);
    case "attribute":
      return node.kind === "element" ? node.attributes : [];
    case "descendant":
      return descendantsOf(node);
    case "descendant-or-self":
      return [node, ...descendantsOf(node)];
    case "parent":
      return node.parent ? [node.parent] : [];
    case "ancestor":
      return ancestorsOf(node);
    case "ancestor-or-self":
      return [node, ...ancestorsOf(node)];
    case "following-sibling":
      return siblings.slice(at + 1);
    case "preceding-sibling":
      return siblings.slice(0, Math.max(at, 0)).toReversed();
    case "following":
    case "preceding":
      return beside(node, axis === "following");
  }
}

function ancestorsOf(node: XPathNode): XPathNode[] {
  return node.parent ? [node.parent, ...ancestorsOf(node.parent)] : [];
}

/** All after or before a node that are neither its ancestors nor its descendants. */
function beside(node: XPathNode, isAfter: boolean): XPathNode[] {
  const related = new Set([...ancestorsOf(node), ...descendantsOf(node)]);
  const all = descendantsOf(rootOf(node)).filter((each) => !related.has(each));
  return isAfter
    ? all.filter(({ order }) => order > node.order)
    : all.filter(({ order }) => order < node.order).toReversed();
}

function fits(node: XPathNode, { kind, value }: NodeTest, axis: Axis): boolean {
  if (kind === "type") return value === "node" || node.kind === value;
  const principal = axis === "attribute" ? "attribute" : "element";
  if (value !== "*" && value.includes(":")) throw new XPathError("Undefined namespace prefix");
  return node.kind === principal && (value === "*" || nameOf(node) === value);
}

function filtered(nodes: readonly XPathNode[], predicates: readonly Expression[]): XPathNode[] {
  let left = [...nodes];
  for (const predicate of predicates) {
    left = left.filter((node, at, all) => {
      const position = at + 1;
      const value = evaluate(predicate, { node, position, size: all.length });
      return typeof value === "number" ? value === position : toBoolean(value);
    });
  }
  return left;
}

function binary(operator: Operator, left: Expression, right: Expression, context: Context): Value {
  const first = evaluate(left, context);
  if (operator === "or") return toBoolean(first) || toBoolean(evaluate(right, context));
  if (operator === "and") return toBoolean(first) && toBoolean(evaluate(right, context));
  const second = evaluate(right, context);
  if (operator === "|") return inOrder([...nodesOf(first), ...nodesOf(second)]);
  if (COMPARISONS.has(operator)) return compare(operator, first, second);
  const [a, b] = [toNumber(first), toNumber(second)];
  switch (operator) {
    case "+":
      return a + b;
    case "-":
      return a - b;
    case "*":
      return a * b;
    case "div":
      return a / b;
    default:
      return a % b;
  }
}

const COMPARISONS: ReadonlySet<string> = new Set(["=", "!=", "<", "<=", ">", ">="]);

/** Of node sets, any pair that compares is enough (§3.4). */
function compare(operator: Operator, a: Value, b: Value): boolean {
  const choices = (value: Value, other: Value): Value[] => {
    if (!Array.isArray(value)) return [value];
    return typeof other === "boolean" ? [value.length > 0] : value.map(stringValue);
  };
  return choices(a, b).some((x) => choices(b, a).some((y) => compareOne(operator, x, y)));
}

function compareOne(operator: Operator, a: Value, b: Value): boolean {
  if (operator === "=" || operator === "!=") {
    return isEqual(a, b) === (operator === "=");
  }
  const [x, y] = [toNumber(a), toNumber(b)];
  if (operator === "<") return x < y;
  if (operator === "<=") return x <= y;
  return operator === ">" ? x > y : x >= y;
}

function isEqual(a: Value, b: Value): boolean {
  if (typeof a === "boolean" || typeof b === "boolean") return toBoolean(a) === toBoolean(b);
  if (typeof a === "number" || typeof b === "number") return toNumber(a) === toNumber(b);
  return toText(a) === toText(b);
}
