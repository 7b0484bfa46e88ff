/** `clearxml=` and `xpath.set=`: an element as a whole, and its finished XML by hand. */
import type { Rule } from "./rules.ts";

const KINDS = ["delete", "set", "create"] as const;

export const xmlRules: Readonly<Record<string, Rule>> = {
  clearXml: ({ part, table, whole, value }) => {
    if (table.part === undefined) throw new Error(`Don't know how to clearxml for ${table.flag}`);
    // Where more follows, the element is to stay in its place.
    if (value === true) part.clear(table.many === true || whole.includes(","));
  },
  xpath: ({ part, key, text }) => {
    const [, digits, word] = /^xpath(\d*)\.(.+)$/.exec(key) ?? [];
    while (part.actions.length <= Number(digits)) part.actions.push({});
    const action = part.actions[Number(digits)] ?? {};
    const kind = KINDS.find((each) => each === word);
    if (kind) Object.assign(action, { kind, path: text });
    else action.value = text;
  },
};
