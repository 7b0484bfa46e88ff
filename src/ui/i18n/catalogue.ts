/** The message catalogue's types: a missing key or argument is a compile error. */
import type { en } from "./en.ts";

export type MessageKey = keyof typeof en;

/** Every language has every key; placeholders are compared by a test. */
export type Catalogue = Readonly<Record<MessageKey, string>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

/** The arguments that the English text of a key asks for. */
export type Arguments<Key extends MessageKey> = [Placeholders<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholders<(typeof en)[Key]>, string | number>>];

/** Keys whose text takes no arguments: what tables can name. */
export type PlainKey = {
  [Key in MessageKey]: Arguments<Key> extends [] ? Key : never;
}[MessageKey];

/** Translates a key, with its arguments in the places the language puts them. */
export type Translate = <Key extends MessageKey>(key: Key, ...values: Arguments<Key>) => string;

/** A translator into the language of `catalogue`. */
export function translator(catalogue: Catalogue): Translate {
  return (key, ...[values]) => {
    const text = catalogue[key];
    if (!values) return text;
    const byName = values as Readonly<Record<string, string | number>>;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(byName[name] ?? whole));
  };
}
