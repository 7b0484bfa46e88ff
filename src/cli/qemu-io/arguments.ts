import { parseSize } from "../../storage/parse-size.ts";
import { getopt } from "../image/getopt.ts";

/** A command is refused: the text goes to standard output, as qemu-io prints its complaints. */
export class Refusal extends Error {}

/** Words after the options, and the options by letter. */
export interface Arguments {
  readonly words: readonly string[];
  has(letter: string): boolean;
  value(letter: string): string | undefined;
}

/** @param command its name, for getopt's complaint */
export function parseArguments(
  command: string,
  words: readonly string[],
  short: string,
  usage: string,
): Arguments {
  const complain = (text: string): Refusal => new Refusal(`${text}\n${usage}\n`);
  const { options, words: rest } = getopt(
    words,
    { short, long: {} },
    {
      unknown: (word) => complain(`${command}: invalid option -- '${unknownLetter(word, short)}'`),
      missing: (word) =>
        complain(`${command}: option requires an argument -- '${word.at(-1) ?? ""}'`),
    },
  );
  return {
    words: rest,
    has: (letter) => options.some(({ name }) => name === letter),
    value: (letter) => options.findLast(({ name }) => name === letter)?.value,
  };
}

function unknownLetter(word: string, short: string): string {
  return Array.from(word.slice(1)).find((letter) => !short.includes(letter)) ?? "-";
}

/** `64k`: a number of bytes. */
export function numberOf(text: string): number {
  const value = parseSize(text);
  if (value === undefined) {
    throw new Refusal(
      `Parsing error: non-numeric argument, or extraneous/unrecognized suffix -- ${text}\n`,
    );
  }
  if (value >= 2 ** 63) throw new Refusal(`Parsing error: argument too large -- ${text}\n`);
  return value;
}

/** The longest request that the block layer takes. */
const MAX_REQUEST = 0x7fff_fe00;

export function lengthOf(text: string): number {
  const value = numberOf(text);
  if (value > MAX_REQUEST)
    throw new Refusal(`length cannot exceed ${MAX_REQUEST}, given ${text}\n`);
  return value;
}

/** A byte to fill or compare with: decimal or 0x hexadecimal. */
export function patternOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = /^(?:0x[0-9a-f]+|\d+)$/i.test(text) ? Number(text) : Number.NaN;
  if (!(value >= 0 && value <= 255)) throw new Refusal(`${text} is not a valid pattern byte\n`);
  return value;
}
