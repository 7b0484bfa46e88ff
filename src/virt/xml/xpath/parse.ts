/** XPath expressions to trees (XPath 1.0 §2, §3). */
import { type Token, tokenize, XPathSyntaxError } from "./tokens.ts";

export const AXES = [
  "ancestor",
  "ancestor-or-self",
  "attribute",
  "child",
  "descendant",
  "descendant-or-self",
  "following",
  "following-sibling",
  "parent",
  "preceding",
  "preceding-sibling",
  "self",
] as const;
export type Axis = (typeof AXES)[number];

/** A name, `*`, `prefix:*`, or the type of a node: `text()`. */
export interface NodeTest {
  readonly kind: "name" | "type";
  readonly value: string;
}

export interface Step {
  readonly axis: Axis;
  readonly test: NodeTest;
  readonly predicates: readonly Expression[];
}

export type Operator =
  | "or"
  | "and"
  | "="
  | "!="
  | "<"
  | "<="
  | ">"
  | ">="
  | "+"
  | "-"
  | "*"
  | "div"
  | "mod"
  | "|";

export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "literal"; readonly value: string }
  | { readonly kind: "variable"; readonly name: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: "negative"; readonly of: Expression }
  | {
      readonly kind: "binary";
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    }
  /** `start` null: the context node, or with `absolute` the root. */
  | {
      readonly kind: "path";
      readonly start: Expression | null;
      readonly absolute: boolean;
      readonly steps: readonly Step[];
    }
  | {
      readonly kind: "filter";
      readonly of: Expression;
      readonly predicates: readonly Expression[];
    };

/** From the loosest to the tightest. */
const LEVELS: readonly (readonly Operator[])[] = [
  ["or"],
  ["and"],
  ["=", "!="],
  ["<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "div", "mod"],
];

const NODE_TYPES = new Set(["comment", "text", "node", "processing-instruction"]);

const ANY_BELOW: Step = {
  axis: "descendant-or-self",
  test: { kind: "type", value: "node" },
  predicates: [],
};

/** @throws XPathSyntaxError */
export function parseXPath(text: string): Expression {
  return new Parser(tokenize(text), text.length).whole();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #end: number;
  #at = 0;

  constructor(tokens: readonly Token[], end: number) {
    this.#tokens = tokens;
    this.#end = end;
  }

  whole(): Expression {
    const found = this.#binary(0);
    if (this.#peek()) this.#fail();
    return found;
  }

  #binary(level: number): Expression {
    const operators = LEVELS[level];
    if (!operators) return this.#unary();
    let left = this.#binary(level + 1);
    for (;;) {
      const token = this.#peek();
      const operator =
        token && (token.kind === "symbol" || token.kind === "name")
          ? operators.find((each) => each === token.value)
          : undefined;
      if (operator === undefined) return left;
      this.#at++;
      left = { kind: "binary", operator, left, right: this.#binary(level + 1) };
    }
  }

  #unary(): Expression {
    if (this.#take("-")) return { kind: "negative", of: this.#unary() };
    let left = this.#path();
    while (this.#take("|")) left = { kind: "binary", operator: "|", left, right: this.#path() };
    return left;
  }

  #path(): Expression {
    if (!this.#startsPrimary()) return this.#locationPath();
    const predicates: Expression[] = [];
    let start = this.#primary();
    while (this.#take("[")) predicates.push(this.#predicate());
    if (predicates.length > 0) start = { kind: "filter", of: start, predicates };
    const steps = this.#relativeSteps();
    return steps.length === 0 ? start : { kind: "path", start, absolute: false, steps };
  }

  #startsPrimary(): boolean {
    const token = this.#peek();
    if (!token) return false;
    if (token.kind === "number" || token.kind === "literal") return true;
    if (token.kind === "symbol") return token.value === "(" || token.value === "$";
    return this.#isSymbol("(", 1) && !NODE_TYPES.has(token.value);
  }

  #primary(): Expression {
    const token = this.#next();
    if (token.kind === "number") return { kind: "number", value: token.value };
    if (token.kind === "literal") return { kind: "literal", value: token.value };
    if (token.value === "$") return { kind: "variable", name: this.#name() };
    if (token.value === "(") {
      const inner = this.#binary(0);
      this.#expect(")");
      return inner;
    }
    this.#expect("(");
    const args: Expression[] = [];
    if (this.#take(")")) return { kind: "call", name: token.value, args };
    do args.push(this.#binary(0));
    while (this.#take(","));
    this.#expect(")");
    return { kind: "call", name: token.value, args };
  }

  #locationPath(): Expression {
    const steps: Step[] = [];
    const isDeep = this.#take("//");
    const absolute = isDeep || this.#take("/");
    if (isDeep) steps.push(ANY_BELOW);
    if (!absolute || isDeep || this.#startsStep()) steps.push(this.#step());
    steps.push(...this.#relativeSteps());
    return { kind: "path", start: null, absolute, steps };
  }

  /** `/step//step…` after a start. */
  #relativeSteps(): Step[] {
    const steps: Step[] = [];
    for (;;) {
      if (this.#take("//")) steps.push(ANY_BELOW, this.#step());
      else if (this.#take("/")) steps.push(this.#step());
      else return steps;
    }
  }

  #startsStep(): boolean {
    const token = this.#peek();
    if (token?.kind === "name") return true;
    return token?.kind === "symbol" && [".", "..", "@", "*"].includes(token.value);
  }

  #step(): Step {
    const node: NodeTest = { kind: "type", value: "node" };
    if (this.#take(".")) return { axis: "self", test: node, predicates: [] };
    if (this.#take("..")) return { axis: "parent", test: node, predicates: [] };
    const axis = this.#axis();
    const test = this.#nodeTest();
    const predicates: Expression[] = [];
    while (this.#take("[")) predicates.push(this.#predicate());
    return { axis, test, predicates };
  }

  #axis(): Axis {
    if (this.#take("@")) return "attribute";
    if (!this.#isSymbol("::", 1)) return "child";
    const name = this.#name();
    const axis = AXES.find((each) => each === name);
    if (!axis) this.#fail();
    this.#at++;
    return axis ?? "child";
  }

  #nodeTest(): NodeTest {
    if (this.#take("*")) return { kind: "name", value: "*" };
    const name = this.#name();
    if (!NODE_TYPES.has(name) || !this.#take("(")) return { kind: "name", value: name };
    this.#expect(")");
    return { kind: "type", value: name };
  }

  #predicate(): Expression {
    const inner = this.#binary(0);
    this.#expect("]");
    return inner;
  }

  #name(): string {
    const token = this.#next();
    if (token.kind !== "name") this.#fail(-1);
    return token.value;
  }

  #peek(ahead = 0): Token | undefined {
    return this.#tokens[this.#at + ahead];
  }

  #isSymbol(value: string, ahead = 0): boolean {
    const token = this.#peek(ahead);
    return token?.kind === "symbol" && token.value === value;
  }

  #take(value: string): boolean {
    if (!this.#isSymbol(value)) return false;
    this.#at++;
    return true;
  }

  #expect(value: string): void {
    if (!this.#take(value)) this.#fail();
  }

  #next(): Token {
    const token = this.#peek() ?? this.#fail();
    this.#at++;
    return token;
  }

  #fail(ahead = 0): never {
    throw new XPathSyntaxError("Invalid expression", this.#peek(ahead)?.at ?? this.#end);
  }
}
