/**
 * Reads the cases out of libvirt's `virshtest.c`: which words virsh gets, and what it has to print. It
 * knows as much of C as that file needs: macros without arguments, strings in pieces, lists of them.
 */

export interface Case {
  readonly title: string;
  /** Without the program; `custom_uri` is `uri` of `parseCases`. */
  readonly args: readonly string[];
  readonly expected: string;
  /** Of what is printed, what begins so up to the line's end is left out; it has to be there. */
  readonly without?: string;
}

type Token =
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "name" | "other"; readonly value: string };

const TOKEN = /\/\*[^]*?\*\/|"((?:[^"\\]|\\[^])*)"|([A-Za-z_]\w*)|\d+|\S/g;

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t" };

function tokenize(text: string): Token[] {
  return [...text.matchAll(TOKEN)].flatMap(([all, string, name]): Token[] => {
    if (string !== undefined) {
      const value = string.replace(/\\([^])/g, (_, char: string) => ESCAPES[char] ?? char);
      return [{ kind: "string", value }];
    }
    if (all.startsWith("/*")) return [];
    return [{ kind: name === undefined ? "other" : "name", value: all }];
  });
}

/** The names that stand for text: macros, and constants with the value of an expression. */
class Names {
  readonly #meanings = new Map<string, readonly Token[]>();

  define(name: string, meaning: readonly Token[]): void {
    this.#meanings.set(name, meaning);
  }

  /** The tokens with nothing left to replace. */
  expand(tokens: readonly Token[]): Token[] {
    return tokens.flatMap((token) => {
      const meaning = token.kind === "name" ? this.#meanings.get(token.value) : undefined;
      return meaning ? this.expand(meaning) : [token];
    });
  }

  /** Strings between commas, each in one piece; names that mean nothing are none. */
  list(tokens: readonly Token[]): string[] {
    const found: string[][] = [[]];
    for (const { kind, value } of this.expand(tokens)) {
      if (kind === "other" && value === ",") found.push([]);
      else if (kind === "string") found.at(-1)?.push(value);
    }
    return found.flatMap((pieces) => (pieces.length === 0 ? [] : [pieces.join("")]));
  }
}

/** The tokens between `from` and the first `end` at the same depth of brackets. */
function until(tokens: readonly Token[], from: number, end: string): Token[] {
  let depth = 0;
  const rest = tokens.slice(from);
  const at = rest.findIndex(({ kind, value }) => {
    if (kind !== "other") return false;
    if (depth === 0 && value === end) return true;
    if ("({[".includes(value)) depth++;
    if (")}]".includes(value)) depth--;
    return false;
  });
  return rest.slice(0, at < 0 ? undefined : at);
}

function matches(tokens: readonly Token[], at: number, ...words: readonly string[]): boolean {
  return words.every((word, ahead) => {
    const token = tokens[at + ahead];
    return token !== undefined && token.kind !== "string" && token.value === word;
  });
}

/** Takes the macros out of the text. */
function macrosOf(text: string, names: Names): string {
  return text.replace(
    /^#\s*(\w+)(?:\s+(\w+)(\([^)]*\))?(.*))?$/gm,
    (_, directive: string, name = "", parameters: string | undefined, body = "") => {
      if (directive === "define" && parameters === undefined) {
        names.define(String(name), tokenize(String(body)));
      }
      return "";
    },
  );
}

/** What `name = …;` says in these tokens. */
function assigned(tokens: readonly Token[], name: string): readonly Token[] {
  const at = tokens.findIndex((token) => token.kind === "name" && token.value === name);
  const start = tokens.findIndex((_, each) => each > at && matches(tokens, each, "="));
  return at < 0 || start < 0 ? [] : until(tokens, start + 1, ";");
}

export function parseCases(text: string, uri: string): Case[] {
  const names = new Names();
  // Lines that end with a backslash go on, whatever they are in.
  const tokens = tokenize(macrosOf(text.replaceAll("\\\n", ""), names));
  names.define("custom_uri", [{ kind: "string", value: uri }]);
  const bodies = new Map<string, readonly Token[]>();
  const cases: Case[] = [];
  const add = (
    title: string,
    words: readonly string[],
    expected: readonly Token[],
    without?: string,
  ): void => {
    // The first word is the program.
    const args = words.slice(1);
    cases.push({
      title,
      args,
      expected: names.list(expected).join(""),
      ...(without === undefined ? {} : { without }),
    });
  };
  for (const [at, { value }] of tokens.entries()) {
    if (matches(tokens, at, "static", "const", "char", "*")) {
      const name = tokens[at + 4]?.value ?? "";
      names.define(name, assigned(tokens.slice(at + 4), name));
    } else if (matches(tokens, at, "static", "int")) {
      const body = tokens.findIndex((_, each) => each > at && matches(tokens, each, "{"));
      bodies.set(tokens[at + 2]?.value ?? "", until(tokens, body + 1, "}"));
    } else if (matches(tokens, at, "virTestRun", "(")) {
      const [title = { value: "" }, , tested = { value: "" }] = until(tokens, at + 2, ")");
      const body = bodies.get(tested.value) ?? [];
      const compared = body.findIndex((_, each) =>
        matches(body, each, "testCompareOutputLit", "("),
      );
      const [without] = names.list(until(body, compared + 2, ")"));
      add(title.value, names.list(assigned(body, "argv")), assigned(body, "exp"), without);
    } else if (matches(tokens, at, "DO_TEST", "(")) {
      const given = until(tokens, at + 2, ")");
      const result = until(given, 2, ",");
      const program: Token = { kind: "name", value: "VIRSH_DEFAULT" };
      const comma: Token = { kind: "other", value: "," };
      const words = names.list([program, comma, ...given.slice(3 + result.length)]);
      add(`virsh echo ${given[0]?.value ?? value}`, words, result);
    }
  }
  return cases;
}
