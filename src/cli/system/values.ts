/** QEMU's forms of option arguments. */
import { UsageError } from "./usage-error.ts";

/** `first,key=value,…`; a doubled comma is a comma of the value. */
export interface KeyedList {
  /** The leading word without a key, if any. */
  readonly head: string | undefined;
  readonly keys: ReadonlyMap<string, string>;
}

export function parseKeyed(text: string): KeyedList {
  const parts = text.split(/(?<!,),(?!,)/).map((part) => part.replaceAll(",,", ","));
  const keys = new Map<string, string>();
  let head: string | undefined;
  for (const [index, part] of parts.entries()) {
    const equals = part.indexOf("=");
    if (equals < 0 && index === 0) head = part;
    else if (equals < 0) keys.set(part, "on");
    else keys.set(part.slice(0, equals), part.slice(equals + 1));
  }
  return { head, keys };
}

const SUFFIXES: Readonly<Record<string, number>> = {
  b: 1,
  k: 2 ** 10,
  m: 2 ** 20,
  g: 2 ** 30,
  t: 2 ** 40,
};

/**
 * A size as in `-m`: a number, by default of MiB, or with a suffix.
 *
 * @returns bytes
 * @throws UsageError naming `option`
 */
export function parseSize(option: string, text: string): number {
  const match = /^(\d+(?:\.\d+)?)([bkmgt]?)$/i.exec(text);
  const bytes = Number(match?.[1]) * (SUFFIXES[(match?.[2] || "m").toLowerCase()] ?? NaN);
  if (!Number.isSafeInteger(bytes)) {
    throw new UsageError(
      `${option} ${text}: a size is a number with one of the suffixes K, M and G, such as 256M`,
    );
  }
  return bytes;
}

/** @throws UsageError naming `option` */
export function parseCount(option: string, text: string, least: number, most: number): number {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(count >= least && count <= most)) {
    throw new UsageError(`${option} ${text}: a number from ${least} to ${most} is wanted`);
  }
  return count;
}

/** Refuses properties that are not in `known`. @throws UsageError naming the first of them */
export function onlyKeys(option: string, given: KeyedList, known: readonly string[]): void {
  for (const key of given.keys.keys()) {
    if (known.includes(key)) continue;
    throw new UsageError(`${option}: Property '${key}' not found`);
  }
}
