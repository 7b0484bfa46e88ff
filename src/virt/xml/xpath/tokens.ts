/** XPath's lexical structure (XPath 1.0 §3.7). */

export type Token =
  | { readonly kind: "number"; readonly value: number; readonly at: number }
  | { readonly kind: "literal" | "name" | "symbol"; readonly value: string; readonly at: number };

/** An expression that is none; `at` is where. */
export class XPathSyntaxError extends Error {
  override readonly name = "XPathSyntaxError";
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

const PATTERNS = [
  ["number", /(?:\d+(?:\.\d*)?|\.\d+)/y],
  ["literal", /"[^"]*"|'[^']*'/y],
  ["symbol", /\/\/|::|\.\.|!=|<=|>=|[()[\].@,/|+\-=<>*$]/y],
  ["name", /[A-Za-z_][\w.-]*(?::(?:[A-Za-z_][\w.-]*|\*))?/y],
] as const;

/** @throws XPathSyntaxError */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (/\s/.test(text[at] ?? "")) at++;
    if (at >= text.length) return tokens;
    const [token, end] = tokenAt(text, at);
    tokens.push(token);
    at = end;
  }
}

function tokenAt(text: string, at: number): [Token, number] {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const value = pattern.exec(text)?.[0];
    if (value === undefined) continue;
    const end = at + value.length;
    if (kind === "number") return [{ kind, value: Number(value), at }, end];

    if (kind === "literal") return [{ kind, value: value.slice(1, -1), at }, end];
    return [{ kind, value, at }, end];
  }
  throw new XPathSyntaxError("Invalid expression", at);
}
