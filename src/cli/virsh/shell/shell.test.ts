import { describe, expect, it } from "vitest";
import { Command } from "./command.ts";
import { CommandError } from "./errors.ts";
import { commandHelp } from "./help.ts";
import { capacityText, parseScaled, parseWhole } from "./numbers.ts";
import { parseCommands } from "./parse.ts";
import type { CommandGroup, CommandSpec } from "./spec.ts";
import { formatTable } from "./table.ts";
import { tokenize } from "./tokenize.ts";

const SPEC = {
  summary: "set things",
  description: "Set a thing.",
  options: {
    domain: { kind: "data", required: true, help: "domain name" },
    size: { kind: "int", help: "size" },
    live: { kind: "bool", help: "now" },
    old_size: { kind: "alias", of: "size" },
    tiny: { kind: "alias", of: "size=1" },
    only: { kind: "string", named: true, help: "by name" },
    key: { kind: "argv", help: "the keys" },
  },
} as const satisfies CommandSpec;

const GROUPS: readonly CommandGroup[] = [
  { title: "G", keyword: "g", commands: { set: SPEC, put: { alias: "set" } } },
];

function parsed(line: string): [string, string | true][] {
  return parseCommands(tokenize(line), GROUPS)
    .flatMap(({ options }) => options)
    .map(({ name, value }) => [name, value]);
}

describe("virsh's language", () => {
  it("has quotes, escapes, comments and several commands a line", () => {
    const words = tokenize(`a 'b c' "d \\" e" f\\ g; h#i # j ; k\nl`).map((token) =>
      token === "end" ? ";" : token.word,
    );
    expect(words).toEqual(["a", "b c", 'd " e', "f g", ";", "h#i", ";", "l"]);
    expect(() => tokenize('a "b')).toThrow('missing "');
    expect(() => tokenize("a \\")).toThrow("dangling \\");
  });

  it("fills options by place and by name", () => {
    expect(parsed("set --live d 5 k1 --only o k2")).toEqual([
      ["live", true],
      ["domain", "d"],
      ["size", "5"],
      ["key", "k1"],
      ["only", "o"],
      ["key", "k2"],
    ]);
    expect(parsed("put --domain=d -- --live")).toEqual([
      ["domain", "d"],
      ["size", "--live"],
    ]);
    expect(parsed("set d --old_size 3; set e --tiny")).toEqual([
      ["domain", "d"],
      ["size", "3"],
      ["domain", "e"],
      ["size", "1"],
    ]);
  });

  it("complains in the real tool's words", () => {
    const complaints: [string, string][] = [
      ["nope", "unknown command: 'nope'"],
      ["set", "command 'set' requires <domain> option"],
      ["set d --what", "command 'set' doesn't support option --what"],
      ["set d --live=1", "invalid '=' after option --live"],
      ["set d --size", "expected syntax: --size <number>"],
      ["set d --domain e", "option --domain already seen"],
      ["set d --tiny=2", "invalid '=' after option --tiny"],
    ];
    for (const [line, words] of complaints) {
      expect(() => parsed(line)).toThrow(words);
    }
    expect(() => parsed("set d --constructor x")).toThrow("doesn't support option --constructor");
    expect(() => parsed("toString")).toThrow("unknown command: 'toString'");
  });

  it("describes a command", () => {
    expect(commandHelp("set", SPEC)).toBe(
      [
        "  NAME",
        "    set - set things",
        "",
        "  SYNOPSIS",
        "    set <domain> [--size <number>] [--live] [--only <string>] [[--key] <string>]...",
        "",
        "  DESCRIPTION",
        "    Set a thing.",
        "",
        "  OPTIONS",
        "    [--domain] <string>  domain name",
        "    --size <number>  size",
        "    --live           now",
        "    --only <string>  by name",
        "    [--key] <string>  the keys",
        "",
        "",
      ].join("\n"),
    );
  });

  it("checks values", () => {
    const command = (line: string): Command<typeof SPEC> => {
      const [first] = parseCommands(tokenize(line), GROUPS);
      if (!first) throw new Error("no command");
      return new Command(first, SPEC);
    };
    expect(command("set d 7").whole("size")).toBe(7);
    expect(command("set d 2KiB").scaled("size", 1n, 4096n)).toBe(2048n);
    expect(() => command("set d x").whole("size")).toThrow(
      "Numeric value 'x' for <size> option is malformed or out of range",
    );
    expect(() => command("set d 12x").scaled("size", 1n, 4096n)).toThrow("unknown suffix 'x'");
    expect(() => command("set ''").text("domain")).toThrow(CommandError);
    expect(() => command("set d 1 --live").exclusive("size", "live")).toThrow(
      "Options --size and --live are mutually exclusive",
    );
  });
});

describe("numbers", () => {
  it("are read within their range", () => {
    expect(parseWhole("-1", "int")).toBe(-1n);
    expect(parseWhole("-1", "uint")).toBeNull();
    expect(parseWhole("18446744073709551615", "ulonglong")).toBe(2n ** 64n - 1n);
    expect(parseWhole("18446744073709551616", "ulonglong")).toBeNull();
    expect(parseScaled("1KB", 1n, 2n ** 64n)).toBe(1000n);
    expect(parseScaled("3", 1024n, 2n ** 64n)).toBe(3072n);
  });

  it("are shown with two digits", () => {
    expect(capacityText(0n)).toBe("0.00 B");
    expect(capacityText(100n * 2n ** 30n)).toBe("100.00 GiB");
    expect(capacityText(1536n)).toBe("1.50 KiB");
  });
});

describe("tables", () => {
  it("are as wide as their widest cells", () => {
    expect(
      formatTable(
        ["Id", "Name", "State"],
        [
          ["1", "虚拟机", "running"],
          ["-", "a\n", "x"],
        ],
      ),
    ).toBe(
      [
        " Id   Name     State",
        "------------------------",
        " 1    虚拟机   running",
        " -    a\\x0a    x",
        "",
      ].join("\n"),
    );
    expect(formatTable(["Id", "N"], [["1", "a"]], false)).toBe(" 1   a\n");
  });

  it("are as narrow as their cells without a header, and empty without rows", () => {
    const titles = ["Interface", "Type", "Source"];
    expect(formatTable(titles, [["-", "x", "y"]], false)).toBe(" -   x   y\n");
    expect(formatTable(titles, [], false)).toBe("");
  });
});
