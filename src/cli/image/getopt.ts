/** Command lines in the way of GNU's getopt_long: options anywhere, `--` ends them. */

export interface OptionTable {
  /** Single letters, each with a colon when it takes an argument: `hf:qU`. */
  readonly short: string;
  /** Long names, with the letter or name that they stand for; a colon at the end of the name. */
  readonly long: Readonly<Record<string, string>>;
}

export interface Scanned {
  readonly options: readonly { readonly name: string; readonly value: string }[];
  readonly words: readonly string[];
}

/** How a command line is refused; each program has its own words. */
export interface GetoptComplaints {
  unknown(word: string): Error;
  missing(word: string): Error;
}

export function getopt(
  args: readonly string[],
  table: OptionTable,
  complaints: GetoptComplaints,
): Scanned {
  const options: { name: string; value: string }[] = [];
  const words: string[] = [];
  const queue = [...args];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    if (word === "--") {
      words.push(...queue);
      break;
    }
    if (word.startsWith("--")) options.push(longOption(word, queue, table, complaints));
    else if (word.startsWith("-") && word.length > 1)
      options.push(...shortOptions(word, queue, table, complaints));
    else words.push(word);
  }
  return { options, words };
}

function longOption(
  word: string,
  queue: string[],
  { long }: OptionTable,
  complaints: GetoptComplaints,
): { name: string; value: string } {
  const equals = word.indexOf("=");
  const given = word.slice(2, equals < 0 ? undefined : equals);
  const names = Object.keys(long).map((name) => name.replace(/:$/, ""));
  const starts = names.filter((name) => name.startsWith(given));
  const name = names.includes(given) ? given : starts.length === 1 ? starts[0] : undefined;
  if (name === undefined) throw complaints.unknown(word);
  const takes = `${name}:` in long;
  const target = long[takes ? `${name}:` : name] as string;
  if (!takes) {
    if (equals >= 0) throw complaints.unknown(word);
    return { name: target, value: "" };
  }
  const value = equals < 0 ? queue.shift() : word.slice(equals + 1);
  if (value === undefined) throw complaints.missing(word);
  return { name: target, value };
}

function shortOptions(
  word: string,
  queue: string[],
  { short }: OptionTable,
  complaints: GetoptComplaints,
): { name: string; value: string }[] {
  const out: { name: string; value: string }[] = [];
  for (let i = 1; i < word.length; i++) {
    const letter = word[i] as string;
    const at = letter === ":" ? -1 : short.indexOf(letter);
    if (at < 0) throw complaints.unknown(word);
    if (short[at + 1] !== ":") {
      out.push({ name: letter, value: "" });
      continue;
    }
    const rest = word.slice(i + 1);
    const value = rest === "" ? queue.shift() : rest;
    if (value === undefined) throw complaints.missing(word);
    return [...out, { name: letter, value }];
  }
  return out;
}
