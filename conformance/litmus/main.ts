/**
 * Litmus tests of the memory model between harts: every shape runs many times on a machine whose harts
 * are real workers, and each outcome must be one that RVWMO allows.
 */
import { allowedOutcomes } from "./model.ts";
import { USAGE, parseOptions } from "./options.ts";
import type { LitmusOptions } from "./options.ts";
import { runTests } from "./run.ts";
import type { Counts } from "./run.ts";
import { litmusTests } from "./shapes.ts";
import type { LitmusTest } from "./litmus-test.ts";

class Tally {
  passed = 0;
  failed = 0;
  races = 0;

  add(label: string, test: LitmusTest, counts: Counts): void {
    const allowed = allowedOutcomes(test);
    const forbidden = [...counts.keys()].filter((outcome) => !allowed.has(outcome));
    for (const count of counts.values()) this.races += count;
    if (forbidden.length === 0) this.passed++;
    else this.failed++;
    const seen = [...counts].map(([outcome, count]) => {
      const mark = allowed.has(outcome) ? "" : " FORBIDDEN";
      return `${outcome}: ${count}${mark}`;
    });
    const never = [...allowed].filter((outcome) => !counts.has(outcome));
    const rest = never.length > 0 ? `; allowed, not seen: ${never.join(", ")}` : "";
    const verdict = forbidden.length === 0 ? "ok" : "FAIL";
    console.log(`${verdict} ${label} ${test.name}  ${seen.toSorted().join(", ")}${rest}`);
  }
}

async function runAll(options: LitmusOptions): Promise<Tally> {
  const tally = new Tally();
  const tests = litmusTests().filter(({ name }) => options.filter?.test(name) ?? true);
  for (const accelerator of options.accelerators) {
    for (const harts of new Set(tests.map((test) => test.harts.length))) {
      const group = tests.filter((test) => test.harts.length === harts);
      const label = `${options.engine}, ${accelerator}, ${harts} harts:`;
      const reported = await runTests(group, { ...options, accelerator }, (test, counts) =>
        tally.add(label, test, counts),
      );
      if (reported !== group.length) throw new Error(`${label} some tests reported nothing`);
    }
  }
  return tally;
}

try {
  const { passed, failed, races } = await runAll(parseOptions(process.argv.slice(2)));
  console.log(`${races} races`);
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  console.error(USAGE);
  process.exitCode = 2;
}
