/** Constant expressions of the assembler: 64-bit integers, symbols and C's operators. */

/** Gives a symbol's value; `.` is the current address. Undefined when nothing defines it. */
export type Resolve = (symbol: string) => bigint | undefined;

const TOKEN =
  /\s*(?:(0[xX][0-9a-fA-F_]+|0[bB][01_]+|\d[\d_]*(?![\w.])|'(?:\\.|[^\\])')|(%\w+|\d+[bf]|[A-Za-z_.$][\w.$]*)|(<<|>>|[-+*/%&|^~()]))/y;

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  "0": "\0",
  e: "\x1b",
};

/** Replaces backslash escapes as in C: \n, \t, \r, \0, \e, \xHH; others stand for themselves. */
export function unescape(text: string): string {
  return text.replaceAll(/\\(?:x([0-9a-fA-F]{1,2})|(.))/g, (_, hex?: string, char?: string) =>
    hex === undefined
      ? (ESCAPES[char ?? ""] ?? char ?? "")
      : String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

function literal(text: string): bigint {
  if (text.startsWith("'")) return BigInt(unescape(text.slice(1, -1)).charCodeAt(0));
  return BigInt(text.replaceAll("_", ""));
}

function tokenize(text: string): string[] {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const start = TOKEN.lastIndex;
    const match = TOKEN.exec(text);
    if (match === null) throw new SyntaxError(`cannot read "${text.slice(start).trim()}"`);
    tokens.push(match[0].trim());
  }
  return tokens;
}

/** Precedence of the binary operators, lowest first. */
const LEVELS: readonly (readonly string[])[] = [
  ["|"],
  ["^"],
  ["&"],
  ["<<", ">>"],
  ["+", "-"],
  ["*", "/", "%"],
];

function divide(a: bigint, b: bigint): bigint {
  if (b === 0n) throw new RangeError("division by zero");
  return a / b;
}

const OPERATORS: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  "|": (a, b) => a | b,
  "^": (a, b) => a ^ b,
  "&": (a, b) => a & b,
  "<<": (a, b) => a << (b & 63n),
  ">>": (a, b) => BigInt.asUintN(64, a) >> (b & 63n),
  "+": (a, b) => a + b,
  "-": (a, b) => a - b,
  "*": (a, b) => a * b,
  "/": divide,
  "%": (a, b) => a - b * divide(a, b),
};

/** Relocation functions, as numbers: the assembler knows every address. */
const FUNCTIONS: Readonly<Record<string, (value: bigint, here: bigint) => bigint>> = {
  "%hi": (value) => (BigInt.asUintN(32, value + 0x800n) >> 12n) & 0xfffffn,
  "%lo": (value) => BigInt.asIntN(12, value),
  "%pcrel_hi": (value, here) => (BigInt.asUintN(32, value - here + 0x800n) >> 12n) & 0xfffffn,
};

class Parser {
  readonly #tokens: string[];
  readonly #resolve: Resolve;
  #at = 0;

  constructor(tokens: string[], resolve: Resolve) {
    this.#tokens = tokens;
    this.#resolve = resolve;
  }

  #accept(token: string): boolean {
    if (this.#tokens[this.#at] !== token) return false;
    this.#at++;
    return true;
  }

  #symbol(name: string): bigint {
    const value = this.#resolve(name);
    if (value === undefined) throw new ReferenceError(`"${name}" is not defined`);
    return value;
  }

  #primary(): bigint {
    const token = this.#tokens[this.#at++];
    if (token === undefined) throw new SyntaxError("an operand is missing");
    if (token === "-") return -this.#primary();
    if (token === "~") return ~this.#primary();
    if (token === "+") return this.#primary();
    if (token === "(") return this.#parenthesis();
    const apply = FUNCTIONS[token];
    if (apply !== undefined) return apply(this.#primary(), this.#resolve(".") ?? 0n);
    if (/^(?:\d+[bf]$|[A-Za-z_.$])/.test(token)) return this.#symbol(token);
    if (/^['\d]/.test(token)) return literal(token);
    throw new SyntaxError(`unexpected "${token}"`);
  }

  #parenthesis(): bigint {
    const value = this.#binary(0);
    if (!this.#accept(")")) throw new SyntaxError("a closing parenthesis is missing");
    return value;
  }

  #binary(level: number): bigint {
    const operators = LEVELS[level];
    if (operators === undefined) return this.#primary();
    let value = this.#binary(level + 1);
    for (;;) {
      const token = this.#tokens[this.#at] ?? "";
      const operate = operators.includes(token) ? OPERATORS[token] : undefined;
      if (operate === undefined) return value;
      this.#at++;
      value = operate(value, this.#binary(level + 1));
    }
  }

  parse(): bigint {
    const value = this.#binary(0);
    const rest = this.#tokens[this.#at];
    if (rest !== undefined) throw new SyntaxError(`unexpected "${rest}"`);
    return value;
  }
}

/**
 * The value of an expression; it may exceed 64 bits, the caller narrows it.
 *
 * @throws SyntaxError for text that is no expression, ReferenceError for an undefined symbol,
 *   RangeError for a division by zero
 */
export function evaluate(text: string, resolve: Resolve): bigint {
  return new Parser(tokenize(text), resolve).parse();
}
