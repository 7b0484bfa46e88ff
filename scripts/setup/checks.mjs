/**
 * Everything that CI blocks on. A check runs one tool and counts: a tool that reports tests counts
 * each of them, any other counts as one.
 */
import { once } from "node:events";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { build } from "./build.mjs";
import { run } from "./command.mjs";
import { Failure } from "./failure.mjs";
import { step } from "./progress.mjs";

const REPORTS = "dist/.reports";

/** The end of a failed check's output, where tools sum up what failed. */
const SHOWN_LINES = 400;

/** What every check runs with: no colours in logs, and nobody else's servers. */
const ENVIRONMENT = { CI: "1", FORCE_COLOR: undefined, NO_COLOR: "1" };

/** A port that nobody listens on now. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return address !== null && typeof address === "object" ? address.port : 0;
}

/**
 * @typedef {{ passed: number, failed: number, skipped?: number }} Count
 *
 * @typedef {object} Check
 * @property {string} name
 * @property {readonly string[]} args of Node
 * @property {NodeJS.ProcessEnv} [env]
 * @property {string} [report] a file that the tool writes
 * @property {(text: string) => Count} [count] from the report, or from stdout without one
 */

/**
 * Vitest's JSON report.
 *
 * @param {string} text
 * @returns {Count}
 */
function countVitest(text) {
  const { numPassedTests, numFailedTests, numPendingTests, testResults } = JSON.parse(text);
  // A file that does not load has no test that could fail.
  const broken = testResults.filter(
    (/** @type {{ status: string, assertionResults: unknown[] }} */ file) =>
      file.status === "failed" && file.assertionResults.length === 0,
  ).length;
  return { passed: numPassedTests, failed: numFailedTests + broken, skipped: numPendingTests };
}

/**
 * Playwright's JSON report.
 *
 * @param {string} text
 * @returns {Count}
 */
function countPlaywright(text) {
  const { stats, errors } = JSON.parse(text);
  return {
    passed: stats.expected + stats.flaky,
    failed: stats.unexpected + (stats.unexpected === 0 ? errors.length : 0),
    skipped: stats.skipped,
  };
}

/**
 * The line that our own runners end with.
 *
 * @param {string} text
 * @returns {Count}
 */
function countLastLine(text) {
  const line = /(\d+) passed, (\d+) failed\s*$/.exec(text);
  if (line === null) return { passed: 0, failed: 1 };
  return { passed: Number(line[1]), failed: Number(line[2]) };
}

/** In the order of how soon they tell. @type {readonly Check[]} */
const CHECKS = [
  { name: "types", args: ["node_modules/typescript/bin/tsc", "-b"] },
  {
    name: "lint",
    args: ["node_modules/oxlint/bin/oxlint", "--type-aware", "--deny-warnings", "--format=unix"],
  },
  { name: "format", args: ["node_modules/oxfmt/bin/oxfmt", "--check"] },
  { name: "dead code", args: ["node_modules/knip/bin/knip.js"] },
  {
    name: "unit",
    args: [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${REPORTS}/unit.json`,
    ],
    report: `${REPORTS}/unit.json`,
    count: countVitest,
  },
  {
    name: "conformance",
    args: ["dist/conformance/main.js", "--directed"],
    count: countLastLine,
  },
  {
    name: "litmus",
    args: ["dist/conformance/litmus/main.js", "--races", "256"],
    count: countLastLine,
  },
  {
    name: "harts",
    args: ["dist/conformance/harts/main.js", "--accel", "jit"],
    count: countLastLine,
  },
  {
    name: "fuzz",
    args: ["dist/fuzz/main.js", "--seconds", "60"],
    count: countLastLine,
  },
  {
    name: "e2e",
    args: ["node_modules/@playwright/test/cli.js", "test", "--reporter=list,json"],
    env: { PLAYWRIGHT_JSON_OUTPUT_NAME: `${REPORTS}/e2e.json` },
    report: `${REPORTS}/e2e.json`,
    count: countPlaywright,
  },
];

/**
 * @param {Check} check
 * @param {number} status
 * @param {string} stdout
 * @returns {Count}
 */
function countResult(check, status, stdout) {
  if (check.count === undefined) {
    return status === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };
  }
  try {
    const count = check.count(
      check.report === undefined ? stdout : readFileSync(check.report, "utf8"),
    );
    return status !== 0 && count.failed === 0 ? { ...count, failed: 1 } : count;
  } catch {
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {Check} check
 * @returns {Promise<Count>}
 */
async function runCheck(check) {
  if (check.report !== undefined) rmSync(check.report, { force: true });
  const env = { ...ENVIRONMENT, TABVISOR_E2E_PORT: String(await freePort()), ...check.env };
  const result = await step(
    check.name,
    (note) => run(process.execPath, check.args, { env, onLine: note }),
    ({ status }) => status === 0,
  );
  const count = countResult(check, result.status, result.stdout);
  if (count.failed > 0) {
    console.log(result.output.trimEnd().split("\n").slice(-SHOWN_LINES).join("\n"));
  }
  const skipped = count.skipped ? `, ${count.skipped} skipped` : "";
  console.log(`    ${count.passed} passed, ${count.failed} failed${skipped}`);
  return count;
}

/**
 * The build is a check too: nothing after it can run without it.
 *
 * @returns {Promise<Count>}
 */
async function runBuild() {
  try {
    await build();
    return { passed: 1, failed: 0 };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    console.error(error.message);
    return { passed: 0, failed: 1 };
  }
}

/**
 * @param {readonly string[]} names
 * @returns {readonly Check[]} the named checks, or all
 */
export function chooseChecks(names) {
  const unknown = names.find((name) => CHECKS.every((check) => check.name !== name));
  if (unknown !== undefined) {
    const known = CHECKS.map(({ name }) => name).join(", ");
    throw new Failure(`There is no check "${unknown}"; there are ${known}.`);
  }
  return names.length === 0 ? CHECKS : CHECKS.filter((check) => names.includes(check.name));
}

/**
 * Builds, runs the checks, and prints the sum as the last line.
 *
 * @param {readonly Check[]} checks
 * @returns {Promise<number>} exit status
 */
export async function runChecks(checks) {
  const sum = await runBuild();
  mkdirSync(REPORTS, { recursive: true });
  for (const check of sum.failed > 0 ? [] : checks) {
    const count = await runCheck(check);
    sum.passed += count.passed;
    sum.failed += count.failed;
  }
  console.log(`${sum.passed} passed, ${sum.failed} failed`);
  return sum.failed === 0 ? 0 : 1;
}
