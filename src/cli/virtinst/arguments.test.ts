import { describe, expect, test } from "vitest";
import { type Given, made, parseArguments } from "./arguments.ts";

const SWITCHES = [
  made("-h --help", "ends"),
  { name: "domain", spellings: [], kind: "one" as const },
  made("-n --name", "one"),
  made("--number", "one", { number: "int" }),
  made("--disk", "many"),
  made("--edit", "optional", { fixed: "" }),
  made("-q --quiet", "flag"),
  made("-d --debug", "flag"),
  made("--define", "flag", { excludes: "define" }),
  made("--no-define", "flag", { name: "define", fixed: "no", excludes: "define" }),
];

function parse(...args: readonly string[]): Given {
  return parseArguments(args, SWITCHES);
}

describe("a command line", () => {
  test("takes options in all their forms", () => {
    const given = parse("-qdn", "a", "--disk=x=1", "--disk", "y", "dom", "--numb", "-3");
    expect(given.text("name")).toBe("a");
    expect(given.all("disk")).toEqual(["x=1", "y"]);
    expect(given.text("domain")).toBe("dom");
    expect(given.text("number")).toBe("-3");
    expect(given.has("quiet") && given.has("debug")).toBe(true);
  });

  test("gives an option its value before the argument by place", () => {
    const given = parse("--edit", "a", "--disk", "b", "c");
    expect([given.text("edit"), given.text("domain")]).toEqual(["a", "c"]);
    expect(parse("--edit", "--disk", "b").has("edit")).toBe(true);
  });

  test("takes all behind -- as arguments", () => {
    expect(parse("--", "-q").text("domain")).toBe("-q");
  });

  test("ends at help, before what is wrong behind it", () => {
    expect(parse("-h", "--nosuch").has("help")).toBe(true);
  });

  test.each([
    [["--name"], "argument -n/--name: expected one argument"],
    [["--d", "x"], "ambiguous option: --d could match --disk, --debug, --define"],
    [["--nosuch", "a", "b"], "unrecognized arguments: --nosuch b"],
    [["--quiet=1"], "argument -q/--quiet: ignored explicit argument '1'"],
    [["-qx"], "argument -q/--quiet: ignored explicit argument 'x'"],
    [["--number", "one"], "argument --number: invalid int value: 'one'"],
    [["--no-define", "--define"], "argument --define: not allowed with argument --no-define"],
  ])("refuses %j", (args, words) => {
    expect(() => parse(...args)).toThrow(words);
  });
});
