import { expect, test } from "vitest";
import { isMetBy, isProvidedBy, parseRelations, relationText } from "./relations.ts";
import { compareVersions, versionHolds } from "./version.ts";

/** Ascending, so that each is older than all after it. */
const ASCENDING = [
  "0~~",
  "0~",
  "0",
  "0a",
  "0+b1",
  "1.0~rc1-1",
  "1.0",
  "1.0-0.1",
  "1.0-1",
  "1.0-1+b2",
  "1.0-1+b10",
  "1.0-1+deb13u1",
  "1.0a-1",
  "1.0+dfsg-1",
  "1.2-1",
  "1.10-1",
  "99999999999999999998",
  "99999999999999999999",
  "1:0.1",
  "2:0",
];

test("versions are ordered as Debian orders them", () => {
  for (const [i, older] of ASCENDING.entries()) {
    expect(compareVersions(older, older)).toBe(0);
    for (const newer of ASCENDING.slice(i + 1)) {
      expect([older, newer, Math.sign(compareVersions(older, newer))]).toEqual([older, newer, -1]);
      expect(Math.sign(compareVersions(newer, older))).toBe(1);
    }
  }
});

test("what makes no difference makes none", () => {
  expect(compareVersions("1.01-1", "1.1-1")).toBe(0);
  expect(compareVersions("0:1.0", "1.0")).toBe(0);
  expect(compareVersions("1.0", "1.0-0")).toBe(0);
});

test("relations hold as their signs say", () => {
  const signs = ["<<", "<=", "=", ">=", ">>"];
  const holding = (version: string): string[] =>
    signs.filter((sign) => versionHolds(version, sign, "1.0-1"));
  expect(holding("1.0~")).toEqual(["<<", "<="]);
  expect(holding("1.0-1")).toEqual(["<=", "=", ">="]);
  expect(holding("1:0")).toEqual([">=", ">>"]);
  expect(versionHolds("1", "~", "1")).toBe(false);
});

test("relationship fields are read with alternatives, bounds and qualifiers", () => {
  const clauses = parseRelations("libc6 (>= 2.38), debconf (>= 0.5) | debconf-2.0,\n perl:any ,");
  expect(clauses.map((clause) => clause.map(relationText))).toEqual([
    ["libc6 (>= 2.38)"],
    ["debconf (>= 0.5)", "debconf-2.0"],
    ["perl"],
  ]);
  expect(parseRelations("")).toEqual([]);
  expect(parseRelations("tool (>= )")).toEqual([[{ name: "tool (>= )", sign: "", version: "" }]]);
});

test("a bound is met by a version, and by a provision only if it has one", () => {
  const [[bounded, free] = []] = parseRelations("awk (>= 2) | awk");
  const [[plain, versioned] = []] = parseRelations("awk | awk (= 3)");
  if (!bounded || !free || !plain || !versioned) throw new Error("cannot be");
  expect(isMetBy(bounded, "2.1")).toBe(true);
  expect(isMetBy(bounded, "1.9")).toBe(false);
  expect(isProvidedBy(free, plain)).toBe(true);
  expect(isProvidedBy(bounded, plain)).toBe(false);
  expect(isProvidedBy(bounded, versioned)).toBe(true);
});
