/** `--help`, from the options' groups. */
import type { Switch, SwitchGroup } from "./arguments.ts";

/** Where the explanations begin. */
const COLUMN = 24;
const WIDTH = 78;

/** `ends` are lines below the options. */
export function helpText(
  usage: string,
  purpose: string,
  groups: readonly SwitchGroup[],
  ends: readonly string[],
): string {
  const shown = groups.map(({ title = "options", switches }) => {
    const lines = switches.filter(({ help }) => help !== undefined).map(optionText);
    return `${title}:\n${lines.join("")}\n`;
  });
  return `${usage}\n\n${purpose}\n\n${shown.join("")}${ends.map((line) => `${line}\n`).join("")}`;
}

function optionText(option: Switch): string {
  const begin = `  ${spelled(option)}`;
  const [first = "", ...rest] = (option.help ?? "").split("\n").flatMap(wrapped);
  const indent = " ".repeat(COLUMN);
  const head = begin.length > COLUMN - 2 ? `${begin}\n${indent}` : begin.padEnd(COLUMN);
  return `${head}${first}\n${rest.map((line) => `${indent}${line}\n`).join("")}`;
}

function spelled({ name, spellings, kind, value = name.toUpperCase() }: Switch): string {
  if (spellings.length === 0) return name;
  if (kind === "flag" || kind === "ends") return spellings.join(", ");
  const isOptional = kind === "optional" || kind === "manyOptional";
  const word = isOptional ? `[${value}]` : value;
  return spellings.map((spelling) => `${spelling} ${word}`).join(", ");
}

/** Lines of words that fit beside the options. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1) ?? "";
    if (line === "") lines[lines.length - 1] = word;
    else if (line.length + 1 + word.length > WIDTH - COLUMN) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
