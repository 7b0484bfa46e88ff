import { describe, expect, it } from "vitest";
import type { DomainDefinition } from "./domain.ts";
import { checkDefinition, problems } from "./validate.ts";

const MIB = 2 ** 20;
const capabilities = {
  minMemoryBytes: 64 * MIB,
  maxMemoryBytes: 3072 * MIB,
  memoryStepBytes: 2 * MIB,
  maxVcpus: 16,
  imagesPersist: true,
};
const good: DomainDefinition = {
  uuid: "u",
  name: "Debian shell",
  memoryBytes: 256 * MIB,
  vcpus: 1,
  boot: { kind: "guest", guest: "shell", commandLine: { kind: "fast" } },
};

describe("a definition", () => {
  it("has no problems when it is good", () => {
    expect(problems(good, capabilities)).toEqual([]);
  });

  it.each<[Partial<DomainDefinition>, string, string]>([
    [{ name: " " }, "name", "empty"],
    [{ name: "a/b" }, "name", "slash"],
    [{ name: "a\nb" }, "name", "lineBreak"],
    [{ name: "a".repeat(251) }, "name", "tooLong"],
    [{ memoryBytes: 32 * MIB }, "memory", "range"],
    [{ memoryBytes: Number.NaN }, "memory", "range"],
    [{ memoryBytes: 65 * MIB }, "memory", "step"],
    [{ vcpus: 0 }, "vcpus", "range"],
    [{ vcpus: 1.5 }, "vcpus", "range"],
    [{ vcpus: 17 }, "vcpus", "range"],
    [{ boot: { kind: "files", append: "" } }, "boot", "nothing"],
  ])("with %j has a problem in its %s: %s", (change, field, kind) => {
    expect(problems({ ...good, ...change }, capabilities)).toEqual([{ field, kind }]);
    expect(() => checkDefinition({ ...good, ...change }, capabilities)).toThrow(
      /^invalid argument/,
    );
  });
});
