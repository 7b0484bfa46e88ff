/** A line of virsh's own language to words: quotes, escapes, `;` and comments as in the real tool. */
import { CommandError } from "./errors.ts";

/** One token: a word, or the end of a command. */
export type Token = { readonly word: string } | "end";

const BLANK = new Set([" ", "\t"]);
const ENDS = new Set([";", "\n"]);

/**
 * Splits `text`. Within apostrophes everything stands for itself; within quotation marks and
 * outside a backslash takes the next character as it is. A word that begins with `#` is a comment
 * up to the end of the line.
 *
 * @throws CommandError on a quotation mark without its pair, or a backslash at the end
 */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? "";
    if (BLANK.has(char)) at++;
    else if (char === "\\" && text[at + 1] === "\n") at += 2;
    else if (ENDS.has(char)) {
      tokens.push("end");
      at++;
    } else if (char === "#") {
      const line = text.indexOf("\n", at);
      at = line < 0 ? text.length : line;
    } else {
      const [word, next] = readWord(text, at);
      tokens.push({ word });
      at = next;
    }
  }
  return tokens;
}

/** The word at `at`, and where it ends. */
function readWord(text: string, from: number): [string, number] {
  let word = "";
  let quote = "";
  let at = from;
  for (; at < text.length; at++) {
    const char = text[at] ?? "";
    if (quote === "" && (BLANK.has(char) || ENDS.has(char))) break;
    if (char === "'" && quote !== '"') quote = quote === "" ? "'" : "";
    else if (char === '"' && quote !== "'") quote = quote === "" ? '"' : "";
    else if (char === "\\" && quote !== "'") {
      at++;
      if (at >= text.length) throw new CommandError("dangling \\");
      if (text[at] !== "\n") word += text[at];
    } else word += char;
  }
  if (quote === '"') throw new CommandError('missing "');
  return [word, at];
}
