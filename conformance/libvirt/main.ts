/**
 * Runs libvirt's XML tests against our parsers and formatters. libvirt's tests stay outside of the
 * project: the folder is an argument.
 */
import { readFileSync } from "node:fs";
import { VmError } from "../../src/protocol/vm-error.ts";
import { parseDomain } from "../../src/virt/conf/domain/parse.ts";
import { formatXml } from "../../src/virt/xml/format.ts";
import { casesOf, SUITES, type XmlCase } from "./suites.ts";

/** What libvirt's tests take as the host: hyperv's guests are 64-bit ones. */
function canonicalDomain(text: string): string {
  const defaultArch = text.includes("type='hyperv'") ? "x86_64" : "i686";
  const context = {
    virtTypes: [],
    defaultArch,
    newUuid: () => "00000000-0000-0000-0000-000000000000",
    newMac: () => "52:54:00:00:00:00",
  };
  return formatXml(parseDomain(text, context, { inactive: false }));
}

/** Null where the case went as expected, else what was wrong. */
function runCase({ input, expected }: XmlCase): string | null {
  try {
    const text = canonicalDomain(readFileSync(input, "utf8"));
    if (expected === null) return "was taken, should be refused";
    return text === readFileSync(expected, "utf8") ? null : `differs from ${expected}`;
  } catch (error) {
    if (!(error instanceof VmError)) throw error;
    return expected === null ? null : `was refused: ${error.message}`;
  }
}

function main(folder: string | undefined): number {
  if (folder === undefined) {
    console.error("usage: node dist/conformance/libvirt/main.js <libvirt's folder tests>");
    return 2;
  }
  let passed = 0;
  let failed = 0;
  for (const suite of SUITES) {
    const cases = casesOf(folder, suite);
    const wrong = cases.flatMap((each) => {
      const why = runCase(each);
      return why === null ? [] : [`${suite.name}/${each.name} ${why}`];
    });
    for (const line of wrong) console.log(line);
    console.log(`${suite.name}: ${cases.length - wrong.length} of ${cases.length}`);
    passed += cases.length - wrong.length;
    failed += wrong.length;
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

process.exitCode = main(process.argv[2]);
