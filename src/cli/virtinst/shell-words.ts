/** Text cut into words as a shell does, with its quotes. */

/** @throws Error where a quote is open */
export function shellWords(text: string): string[] {
  return cutAt(text, (char) => /\s/.test(char));
}

/**
 * Cuts at gaps outside of quotes, which are taken off; a backslash takes a meaning away, between double
 * quotes only that of itself and of the quote (Python's shlex).
 *
 * @throws Error where a quote is open
 */
export function cutAt(text: string, isGap: (char: string) => boolean): string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < text.length; at += 1) {
    const char = text.charAt(at);
    if (quote === "" && isGap(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (quote === "" && (char === '"' || char === "'")) {
      quote = char;
      word ??= "";
    } else if (char === quote) {
      quote = "";
    } else if (char === "\\" && quote !== "'" && at + 1 < text.length) {
      at += 1;
      const next = text.charAt(at);
      const isPlain = quote === '"' && next !== '"' && next !== "\\";
      word = `${word ?? ""}${isPlain ? "\\" : ""}${next}`;
    } else {
      word = `${word ?? ""}${char}`;
    }
  }
  if (quote !== "") throw new Error("No closing quotation");
  if (word !== undefined) words.push(word);
  return words;
}
