/**
 * Runs libvirt's XML tests against our parsers and formatters. libvirt's tests stay outside of the
 * project: the folder is an argument.
 */
import { readFileSync } from "node:fs";
import { VmError } from "../../src/protocol/vm-error.ts";
import { canonicalQemu, foreignCases, riscvCases } from "./qemu-suite.ts";
import { casesOf, type Suite, SUITES, snapshotCases, type XmlCase } from "./suites.ts";

/** Null where the case went as expected, else what was wrong. */
function runCase(suite: Suite, each: XmlCase): string | null {
  const { input, expected } = each;
  return outcome(expected, () => suite.canonical(readFileSync(input, "utf8"), each));
}

/** `expected` is the file that has what `make` should make, or null where it should refuse. */
function outcome(expected: string | null, make: () => string): string | null {
  try {
    const text = make();
    if (expected === null) return "was taken, should be refused";
    return text === readFileSync(expected, "utf8") ? null : `differs from ${expected}`;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return expected === null ? null : `was refused: ${error.message}`;
  }
}

/** As `outcome`, where the text and not its file is known. */
function compare(expected: string, make: () => string): string | null {
  try {
    return make() === expected ? null : "differs";
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return `was refused: ${error.message}`;
  }
}

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error("usage: node dist/conformance/libvirt/main.js <libvirt's folder tests>");
    return 2;
  }
  let passed = 0;
  let failed = 0;
  const tell = (suite: string, outcomes: readonly (readonly [string, string | null])[]): void => {
    const wrong = outcomes.filter(([, why]) => why !== null);
    for (const [name, why] of wrong) console.log(`${suite}/${name} ${why}`);
    console.log(`${suite}: ${outcomes.length - wrong.length} of ${outcomes.length}`);
    passed += outcomes.length - wrong.length;
    failed += wrong.length;
  };
  for (const suite of SUITES) {
    const cases = casesOf(folder, suite);
    tell(
      suite.name,
      cases.map((each) => [each.name, runCase(suite, each)]),
    );
  }
  tell(
    "snapshot",
    snapshotCases(folder).map(({ name, expected, canonical }) => [
      name,
      canonical === readFileSync(expected ?? "", "utf8") ? null : `differs from ${expected}`,
    ]),
  );
  tell(
    "qemuxml2xml riscv64",
    riscvCases(folder).map(({ name, input, expected, board }) => [
      name,
      outcome(expected, () => canonicalQemu(readFileSync(input, "utf8"), board)),
    ]),
  );
  tell(
    "qemuxml2xml of other machines",
    foreignCases(folder).map(({ name, expected, canonical }) => [
      name,
      compare(expected, canonical),
    ]),
  );
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
