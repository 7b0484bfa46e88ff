import { expect, test } from "vitest";
import { complete, completions, type Names } from "./completion.ts";
import type { CommandGroup } from "./spec.ts";

const GROUPS: readonly CommandGroup[] = [
  {
    title: "G",
    keyword: "g",
    commands: {
      start: {
        summary: "",
        description: "",
        options: {
          domain: { kind: "data", required: true, completes: "domain-name", help: "" },
          paused: { kind: "bool", help: "" },
        },
      },
      stat: {
        summary: "",
        description: "",
        options: {
          domain: { kind: "data", completes: "domain-name", help: "" },
          device: { kind: "string", completes: "domain-disk-target", help: "" },
        },
      },
      help: {
        summary: "",
        description: "",
        options: { command: { kind: "string", completes: "vsh-complete-help-command", help: "" } },
      },
      secret: { summary: "", description: "", hidden: true, options: {} },
    },
  },
];

const names: Names = async ({ kind, given }) =>
  kind === "domain-name"
    ? ["vm1", "vm2", "web"]
    : given.get("domain") === "vm1"
      ? ["vda", "vdb"]
      : [];

async function offered(line: string): Promise<readonly string[]> {
  return (await complete(line, GROUPS, names)).candidates;
}

test("the Tab key offers commands, options and names", async () => {
  expect(await offered("st")).toEqual(["start", "stat"]);
  expect(await offered("")).toEqual(["help", "start", "stat"]);
  expect(await offered("start v")).toEqual(["vm1", "vm2"]);
  expect(await offered("start --p")).toEqual(["--paused"]);
  expect(await offered("start --paused ")).toEqual(["vm1", "vm2", "web"]);
  expect(await offered("start vm1 ")).toEqual(["--paused"]);
  expect(await offered("stat vm1 vd")).toEqual(["vda", "vdb"]);
  expect(await offered("stat --domain vm1 --device ")).toEqual(["vda", "vdb"]);
  expect(await offered("help s")).toEqual(["start", "stat"]);
  expect(await offered("start vm1; stat w")).toEqual(["web"]);
  expect(await offered("nope x")).toEqual([]);
});

test("`complete` offers options where a word is to begin, in the table's order", async () => {
  const of = async (line: string) => (await completions(line, GROUPS, names, "options")).candidates;
  expect(await of("start ")).toEqual(["--domain", "--paused"]);
  expect(await of("start vm1 ")).toEqual(["--paused"]);
  expect(await of("stat vm1 --device ")).toEqual(["vda", "vdb"]);
  expect(await of("start w")).toEqual(["web"]);
  expect(await of("nope s")).toEqual(["start", "stat"]);
});
