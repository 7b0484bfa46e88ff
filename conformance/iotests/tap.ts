/** Results of a run in the Test Anything Protocol, as QEMU's `check -tap` writes them. */

export type Outcome = "pass" | "fail" | "skip";

/** By the tests' names. */
export function parseTap(text: string): ReadonlyMap<string, Outcome> {
  const out = new Map<string, Outcome>();
  for (const line of text.split("\n")) {
    const match = /^(not )?ok \S+ (\S+)( # SKIP)?/.exec(line);
    if (match === null) continue;
    const outcome = match[1] !== undefined ? "fail" : match[3] !== undefined ? "skip" : "pass";
    out.set(match[2] as string, outcome);
  }
  return out;
}

/** Where the two differ, line by line, and the sums; worse is what passes with the stock tools only. */
export function differences(
  stock: ReadonlyMap<string, Outcome>,
  ours: ReadonlyMap<string, Outcome>,
): { readonly lines: readonly string[]; readonly isWorse: boolean } {
  const lines: string[] = [];
  let isWorse = false;
  for (const [test, outcome] of stock) {
    const own = ours.get(test);
    if (own === undefined || own === outcome) continue;
    lines.push(`${test}: ${outcome} with the stock tools, ${own} with ours`);
    isWorse ||= outcome === "pass";
  }
  const passed = [...stock].filter(([, outcome]) => outcome === "pass").map(([test]) => test);
  const both = passed.filter((test) => ours.get(test) === "pass");
  lines.push(`${both.length} of ${passed.length} that pass with the stock tools pass with ours`);
  return { lines, isWorse };
}
