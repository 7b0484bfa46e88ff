/** JSON of QEMU's monitor, read and written as the real tool does. */

/** The value, or undefined where the text is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** On one line, or with two spaces a level and a blank line in what is empty. */
export function jsonText(value: unknown, pretty: boolean): string {
  return pretty ? prettyText(value, "") : JSON.stringify(value);
}

function prettyText(value: unknown, indent: string): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const below = `${indent}  `;
  const isList = Array.isArray(value);
  const parts = isList
    ? value.map((each) => `${below}${prettyText(each, below)}`)
    : Object.entries(value).map(
        ([key, each]) => `${below}${JSON.stringify(key)}: ${prettyText(each, below)}`,
      );
  const [open, close] = isList ? ["[", "]"] : ["{", "}"];
  return `${open}\n${parts.join(",\n")}\n${indent}${close}`;
}
