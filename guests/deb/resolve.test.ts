import { expect, test } from "vitest";
import { PackageIndex } from "./package-index.ts";
import { resolvePackages } from "./resolve.ts";

/** An index of paragraphs, given as "name version" and further fields. */
function indexOf(packages: Readonly<Record<string, Readonly<Record<string, string>>>>) {
  const paragraphs = Object.entries(packages).map(([title, fields]) => {
    const [name = "", version = "1"] = title.split(" ");
    const lines = Object.entries(fields).map(([field, value]) => `${field}: ${value}`);
    const file = [`Filename: pool/${name}.deb`, "Size: 1", `SHA256: ${"0".repeat(64)}`];
    return [`Package: ${name}`, `Version: ${version}`, ...lines, ...file].join("\n");
  });
  return new PackageIndex(Buffer.from(`${paragraphs.join("\n\n")}\n`));
}

function names(
  packages: Parameters<typeof indexOf>[0],
  wanted: readonly string[],
  omitted: readonly string[] = [],
): string[] {
  const found = resolvePackages(indexOf(packages), wanted, new Set(omitted));
  return found.map(({ name, version }) => (version === "1" ? name : `${name} ${version}`));
}

test("dependencies come along, before what needs them", () => {
  const packages = {
    shell: { "Pre-Depends": "libc (>= 1)", Depends: "base" },
    base: { Depends: "libc" },
    libc: {},
    other: {},
  };
  expect(names(packages, ["shell"])).toEqual(["libc", "base", "shell"]);
});

test("packages that need each other are no obstacle", () => {
  expect(names({ libc: { Depends: "libgcc" }, libgcc: { Depends: "libc" } }, ["libc"])).toEqual([
    "libgcc",
    "libc",
  ]);
});

test("of alternatives the first that can be had is taken, or one that is there", () => {
  const packages = {
    tool: { Depends: "absent | old (>= 2) | second | third" },
    old: {},
    second: {},
    third: {},
  };
  expect(names(packages, ["tool"])).toEqual(["second", "tool"]);
  expect(names(packages, ["third", "tool"])).toEqual(["third", "tool"]);
});

test("a virtual package is what provides it, with a version if one is asked for", () => {
  const packages = {
    base: { "Pre-Depends": "awk" },
    mawk: { Provides: "awk" },
    gawk: { Provides: "awk (= 5), other" },
    strict: { Depends: "awk (>= 4)" },
  };
  expect(names(packages, ["base"])).toEqual(["mawk", "base"]);
  expect(names(packages, ["strict"])).toEqual(["gawk", "strict"]);
});

test("a choice that leads to a conflict is taken back", () => {
  const packages = {
    tool: { Depends: "front | back" },
    front: { Depends: "engine" },
    engine: { Conflicts: "base" },
    back: {},
    base: {},
  };
  expect(names(packages, ["base", "tool"])).toEqual(["base", "back", "tool"]);
});

test("conflicts and breaks count in both directions, with versions and provisions, not with oneself", () => {
  const conflict = { a: { Conflicts: "b" }, b: {} };
  expect(() => names(conflict, ["a", "b"])).toThrow("b conflicts with a");
  expect(() => names(conflict, ["b", "a"])).toThrow("a conflicts with b");
  expect(names({ "a 1": { Breaks: "b (<< 2)" }, "b 2": {} }, ["a", "b"])).toEqual(["a", "b 2"]);
  const mail = { Provides: "mail", Conflicts: "mail" };
  expect(names({ exim: mail }, ["exim"])).toEqual(["exim"]);
  expect(() => names({ exim: mail, postfix: mail }, ["exim", "postfix"])).toThrow("conflicts");
});

test("what is omitted is taken for present, whatever the version", () => {
  const packages = { tool: { Depends: "drivers (= 7), lib" }, lib: {} };
  expect(names(packages, ["tool"], ["drivers"])).toEqual(["lib", "tool"]);
});

test("what cannot be had is named with who needs it", () => {
  expect(() => names({}, ["tool"])).toThrow("has no package tool.");
  const packages = { tool: { Depends: "lib (>= 2) | other" }, lib: {} };
  expect(() => names(packages, ["tool"])).toThrow(
    "has no package lib (>= 2) | other, which tool needs,",
  );
});

test("the newest of several versions is taken", () => {
  expect(names({ "kernel 1": {}, "kernel 2": {} }, ["kernel"])).toEqual(["kernel 2"]);
});
