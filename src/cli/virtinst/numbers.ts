/** Numbers and switches as options spell them. */

/** Decimal digits, or hexadecimal ones behind 0x. @throws Error in the real tool's words */
export function integer(text: string): string {
  const plain = text.trim().replaceAll("_", "");
  if (/^[+-]?0x[0-9a-f]+$/i.test(plain)) return BigInt(plain.replace("+", "")).toString();
  if (/^[+-]?\d+$/.test(plain)) return BigInt(plain.replace("+", "")).toString();
  const base = text.includes("0x") ? 16 : 10;
  throw new Error(`invalid literal for int() with base ${base}: '${text}'`);
}

const YES: ReadonlySet<string> = new Set(["y", "yes", "1", "true", "t", "on"]);
const NO: ReadonlySet<string> = new Set(["n", "no", "0", "false", "f", "off"]);

/** True, false, or undefined for what is neither. */
export function switchValue(text: string): boolean | undefined {
  const word = text.toLowerCase();
  if (YES.has(word)) return true;
  return NO.has(word) ? false : undefined;
}
