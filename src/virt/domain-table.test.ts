import { describe, expect, it } from "vitest";
import type { MachineState } from "../api/types.ts";
import { type VmError, ErrorCode } from "../protocol/vm-error.ts";
import { type DomainDefinition, type DomainDiff, uptimeMs } from "./domain.ts";
import { DomainTable } from "./domain-table.ts";
import { canDo, VERBS, type Verb } from "./verbs.ts";

function definition(name: string, uuid = `uuid-of-${name}`): DomainDefinition {
  const boot = { kind: "guest", guest: "shell", commandLine: { kind: "fast" } } as const;
  return { uuid, name, memoryBytes: 2 ** 28, vcpus: 1, boot };
}

function tableAt() {
  const clock = { nowMs: 1000 };
  const table = new DomainTable(() => clock.nowMs);
  const diffs: DomainDiff[] = [];
  table.subscribe((diff) => diffs.push(diff));
  return { clock, table, diffs };
}

const codeOf = async (work: Promise<unknown>): Promise<number | null> =>
  work.then(
    () => null,
    (error: VmError) => error.code,
  );

describe("a domain table", () => {
  it("tells listeners what was added, updated and removed", () => {
    const { table, diffs } = tableAt();
    table.define(definition("a"));
    table.define({ ...definition("a"), vcpus: 2 });
    table.remove("uuid-of-a");
    expect(
      diffs.map(({ added, updated, removed }) => [added.length, updated.length, removed]),
    ).toEqual([
      [1, 0, []],
      [0, 1, []],
      [0, 0, ["uuid-of-a"]],
    ]);
  });

  it("lists domains by name, in an array that changes only with its contents", () => {
    const { table } = tableAt();
    table.define(definition("b"));
    table.define(definition("a"));
    expect(table.list().map((each) => each.definition.name)).toEqual(["a", "b"]);
    expect(table.list()).toBe(table.list());
  });

  it("refuses a name that another domain has, in libvirt's words", () => {
    const { table } = tableAt();
    table.define(definition("a"));
    expect(() => table.define(definition("a", "other"))).toThrow(
      "domain 'a' already exists with uuid uuid-of-a",
    );
  });

  it("does not know a UUID that was never defined", () => {
    const { table } = tableAt();
    expect(() => table.get("x")).toThrow("Domain not found: no domain with matching uuid 'x'");
  });

  it("counts uptime without pauses, and stops it when the machine crashes", () => {
    const { clock, table } = tableAt();
    table.define(definition("a"));
    const at = (nowMs: number) => {
      clock.nowMs = nowMs;
      return uptimeMs(table.get("uuid-of-a"), nowMs);
    };
    const change = (nowMs: number, state: MachineState, reason: "booted" | "user" | "unpaused") => {
      clock.nowMs = nowMs;
      table.stateChanged("uuid-of-a", { state, reason });
    };
    expect(at(1000)).toBe(0);
    change(1000, "running", "booted");
    expect(at(4000)).toBe(3000);
    change(5000, "paused", "user");
    expect(at(9000)).toBe(4000);
    change(10_000, "running", "unpaused");
    expect(at(11_000)).toBe(5000);
    table.stateChanged("uuid-of-a", { state: "crashed", reason: "crashed", message: "why" });
    expect(at(20_000)).toBe(5000);
    expect(table.get("uuid-of-a").message).toBe("why");
  });

  it("shows the verb in progress, and refuses a second one but for destroy", async () => {
    const { table } = tableAt();
    table.define(definition("a"));
    let finish = () => {};
    const first = table.run(
      "uuid-of-a",
      "create",
      () => new Promise<void>((done) => (finish = done)),
    );
    expect(table.get("uuid-of-a").job).toBe("create");
    expect(await codeOf(table.run("uuid-of-a", "create", async () => {}))).toBe(
      ErrorCode.operationInvalid,
    );
    finish();
    await first;
    expect(table.get("uuid-of-a").job).toBeUndefined();
  });

  it("forgets the verb in progress when it fails", async () => {
    const { table } = tableAt();
    table.define(definition("a"));
    const failing = table.run("uuid-of-a", "create", () => Promise.reject(new Error("no")));
    await expect(failing).rejects.toThrow("no");
    expect(table.get("uuid-of-a").job).toBeUndefined();
  });
});

describe("verbs", () => {
  const states: readonly MachineState[] = ["shutoff", "running", "paused", "crashed"];
  const pairs = (Object.keys(VERBS) as Verb[]).flatMap((verb) =>
    states.map((state) => [verb, state] as const),
  );

  it.each(pairs)(
    "%s of a domain that is %s runs or is refused by the table",
    async (verb, state) => {
      const { table } = tableAt();
      table.define(definition("a"));
      if (state !== "shutoff") table.stateChanged("uuid-of-a", { state, reason: "booted" });
      const code = await codeOf(table.run("uuid-of-a", verb, async () => {}));
      expect(code).toBe(VERBS[verb][state] === true ? null : ErrorCode.operationInvalid);
    },
  );

  it.each(pairs)(
    "%s of a domain that is %s is never offered when it would be refused",
    (verb, state) => {
      expect(!canDo(verb, { state }) || VERBS[verb][state] === true).toBe(true);
    },
  );

  it("offers nothing but destroy while another verb is in progress", () => {
    const offered = (Object.keys(VERBS) as Verb[]).filter((verb) =>
      canDo(verb, { state: "running", job: "shutdown" }),
    );
    expect(offered).toEqual(["destroy"]);
  });
});
