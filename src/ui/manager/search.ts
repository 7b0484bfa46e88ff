/** What users type to find machines: words, and `tag:web state:running -group:old "two words"`. */
import { labelsOf } from "../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { type StateWord, stateWord } from "../common/domain-state.ts";

const KEYS = ["name", "title", "description", "tag", "group", "state"] as const;
type Key = (typeof KEYS)[number];

interface Term {
  /** Null looks everywhere but at the state. */
  readonly key: Key | null;
  /** In lower case. */
  readonly text: string;
  readonly negated: boolean;
}

/** Terms are separated by white space; one in quotation marks may contain it. */
export function parseSearch(text: string): readonly Term[] {
  const words = text.match(/-?(?:\w+:)?"[^"]*"?|\S+/g) ?? [];
  return words.flatMap((word) => {
    const negated = word.startsWith("-") && word.length > 1;
    const bare = negated ? word.slice(1) : word;
    const [, named, value] = /^(\w+):(.*)$/.exec(bare) ?? [];
    const key = KEYS.find((each) => each === named?.toLowerCase()) ?? null;
    const wanted = (key === null ? bare : (value ?? "")).replaceAll('"', "").toLocaleLowerCase();
    return wanted === "" ? [] : [{ key, text: wanted, negated }];
  });
}

/**
 * Whether the domain matches every term.
 *
 * @param stateText the state in the user's language, which `state:` takes as well
 */
export function matches(
  domain: ManagedDomain,
  terms: readonly Term[],
  stateText: (state: StateWord) => string,
): boolean {
  return terms.every(({ key, text, negated }) => {
    const found = textsOf(domain, key, stateText).some((each) =>
      each.toLocaleLowerCase().includes(text),
    );
    return found !== negated;
  });
}

function textsOf(
  { name, definition, ...domain }: ManagedDomain,
  key: Key | null,
  stateText: (state: StateWord) => string,
): readonly string[] {
  const { title, description, tags, group } = labelsOf(definition);
  switch (key) {
    case null:
      return [name, title, description, group, ...tags];
    case "name":
      return [name];
    case "title":
      return [title];
    case "description":
      return [description];
    case "tag":
      return tags;
    case "group":
      return [group];
    case "state": {
      const word = stateWord(domain);
      return [word, stateText(word)];
    }
  }
}
