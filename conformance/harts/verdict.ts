/** Reads what a program of several harts printed at its end. */
import type { Scenario } from "./hart-program.ts";

export interface Verdict {
  readonly passed: boolean;
  readonly text: string;
}

function numbers(text: string): bigint[] {
  return (text.match(/[\da-f]{16}/g) ?? []).map((digits) => BigInt(`0x${digits}`));
}

function failure(checks: readonly string[], values: readonly bigint[]): string {
  const [hart = 0n, check = 0n, left = 0n, right = 0n] = values;
  const [a, b] = [left.toString(16), right.toString(16)];
  if (check === 0n) return `hart ${hart}: unexpected trap, mcause ${a}, mepc ${b}`;
  return `hart ${hart}: not so: ${checks[Number(check) - 1] ?? `check ${check}`} (${a}, ${b})`;
}

/**
 * @param output "OK" and the notes, or "NO", hart, check and the two values that were compared
 * @param translated which part of all instructions translated code executed
 */
export function judge(
  { notes = [] }: Pick<Scenario, "notes">,
  checks: readonly string[],
  output: string,
  translated: number,
): Verdict {
  const bad = /NO( [\da-f]{16}){4}/.exec(output);
  if (bad !== null) return { passed: false, text: failure(checks, numbers(bad[0])) };
  const good = /OK( [\da-f]{16}){8}/.exec(output);
  if (good === null) return { passed: false, text: `it printed ${JSON.stringify(output)}` };
  const values = numbers(good[0]);
  const noted = notes.map((name, i) => `${name}: ${values[i] ?? 0n}`);
  const share = `${(translated * 100).toFixed(0)} % translated`;
  return { passed: true, text: [share, ...noted].join(", ") };
}
