/** Values as Python writes them in messages. */

/** Text in quotation marks: single ones, unless the text has only such. */
export function quoted(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text
    .replaceAll("\\", "\\\\")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replaceAll("\r", "\\r");
  return `${mark}${mark === "'" ? escaped.replaceAll("'", "\\'") : escaped}${mark}`;
}

export function quotedList(words: readonly string[]): string {
  return `[${words.map(quoted).join(", ")}]`;
}
