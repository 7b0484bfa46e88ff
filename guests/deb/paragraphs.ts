/** Fields of a control paragraph by name; continuation lines are kept, separated by line feeds. */
export type Paragraph = ReadonlyMap<string, string>;

/** Parses one paragraph of a Debian control file (Debian Policy §5.1). */
export function parseParagraph(text: string): Paragraph {
  const fields = new Map<string, string>();
  let name = "";
  for (const line of text.split("\n")) {
    const field = /^([^\s:#][^\s:]*):[ \t]*(.*)$/.exec(line);
    if (field !== null) {
      name = field[1] ?? "";
      fields.set(name, (field[2] ?? "").trimEnd());
    } else if (/^[ \t]/.test(line) && name !== "") {
      fields.set(name, `${fields.get(name) ?? ""}\n${line.trimEnd()}`);
    }
  }
  return fields;
}
