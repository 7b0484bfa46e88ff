/** libvirt's own XML tests: which files a suite has, and what is expected of each. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** One file of a suite. */
export interface XmlCase {
  readonly name: string;
  readonly input: string;
  /** Null where the input must be refused. */
  readonly expected: string | null;
}

interface Suite {
  readonly name: string;
  /** The program of libvirt that lists the cases. */
  readonly list: string;
  readonly inputs: string;
  readonly outputs: string;
}

export const SUITES: readonly Suite[] = [
  {
    name: "genericxml2xml",
    list: "genericxml2xmltest.c",
    inputs: "genericxml2xmlindata",
    outputs: "genericxml2xmloutdata",
  },
];

const CASE = /^\s*DO_TEST(\w*)\("([\w.+-]+)"/gm;

/** The cases of a suite in a folder of libvirt's tests. */
export function casesOf(folder: string, suite: Suite): XmlCase[] {
  const list = readFileSync(join(folder, suite.list), "utf8");
  return [...list.matchAll(CASE)].flatMap(([, kind = "", name = ""]) => {
    const input = join(folder, suite.inputs, `${name}.xml`);
    if (!existsSync(input)) return [];
    const other = join(folder, suite.outputs, `${name}.xml`);
    const fails = kind.includes("FAIL") || kind.includes("INVALID");
    return [{ name, input, expected: fails ? null : existsSync(other) ? other : input }];
  });
}
