/** An element's XML as if it stood alone. */

/** Takes the first line's indentation from all lines. */
export function unindented(xml: string): string {
  const width = /^ */.exec(xml)?.[0].length ?? 0;
  const lines = xml.replace(/\n$/, "").split("\n");
  if (xml === "") return "";
  const isIndented = new RegExp(`^ {${width},}<`);
  return lines.map((line) => `${isIndented.test(line) ? line.slice(width) : line}\n`).join("");
}
