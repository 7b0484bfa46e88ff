import { describe, expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { BlkdebugNode } from "./blkdebug-node.ts";
import { parseConfig } from "./config-file.ts";
import { type Limits, demandSoundLimits, pieces } from "./limits.ts";
import { type Rule, RuleMachine } from "./rules.ts";

const NO_LIMITS: Limits = {
  align: 1,
  maxTransfer: 0,
  optWriteZero: 0,
  maxWriteZero: 0,
  optDiscard: 0,
  maxDiscard: 0,
};

const inject = (event: string, more: object = {}): Rule => ({
  kind: "inject",
  event,
  state: 0,
  errno: "EIO",
  types: ["read", "write", "write-zeroes", "discard", "flush"],
  offset: undefined,
  once: false,
  ...more,
});

function nodeWith(
  rules: readonly Rule[],
  limits: Limits = NO_LIMITS,
): { node: BlkdebugNode; below: MemoryNode; said: string[] } {
  const below = new MemoryNode(65_536);
  const said: string[] = [];
  const trace = (message: string): void => void said.push(message);
  return { node: new BlkdebugNode(below, new RuleMachine(rules), limits, trace), below, said };
}

const one = [new Uint8Array(1)];

describe("rules", () => {
  test("an event's error stays until it hit once, or for good", () => {
    const { node } = nodeWith([inject("l1_update", { once: true }), inject("l2_load")]);
    void node.write(0, one);
    void node.debug("l1_update");
    expect(() => node.write(0, one)).toThrow("Input/output error");
    void node.write(0, one);
    void node.debug("l2_load");
    void node.debug("write_aio");
    expect(() => node.read(0, one)).toThrow("Input/output error");
    expect(() => node.read(0, one)).toThrow("Input/output error");
  });

  test("only requests of the kind and place that are meant fail", () => {
    const { node } = nodeWith([inject("none", { types: ["write"], offset: 512, errno: "ENOSPC" })]);
    void node.read(512, one);
    void node.write(511, one);
    expect(() => node.write(510, [new Uint8Array(4)])).toThrow("No space left on device");
  });

  test("states lead from one rule to the next", () => {
    const { node } = nodeWith([
      { kind: "set-state", event: "write_aio", state: 1, newState: 2 },
      inject("write_aio", { state: 2 }),
    ]);
    void node.debug("write_aio");
    void node.write(0, one);
    void node.debug("write_aio");
    expect(() => node.write(0, one)).toThrow("Input/output error");
  });

  test("a flush fails only when there is something to flush", () => {
    const { node } = nodeWith([inject("none", { types: ["flush"] })]);
    void node.flush();
    void node.write(0, one);
    expect(() => node.flush()).toThrow("Input/output error");
  });
});

test("a breakpoint holds one request until it is resumed", async () => {
  const { node, said } = nodeWith([]);
  node.setBreakpoint("write_aio", "A");
  const held = node.debug("write_aio");
  expect(node.isSuspended("A")).toBe(true);
  expect(node.debug("write_aio")).toBeUndefined();
  expect(node.resume("B")).toBe(false);
  expect(node.resume("A")).toBe(true);
  await held;
  expect(said).toEqual(["blkdebug: Suspended request 'A'", "blkdebug: Resuming request 'A'"]);
  expect(node.removeBreakpoint("A")).toBe(false);
});

describe("limits", () => {
  test("requests are padded to the alignment", () => {
    const { node, below } = nodeWith([], { ...NO_LIMITS, align: 4096, maxTransfer: 8192 });
    below.write(4000, [new Uint8Array(200).fill(7)]);
    void node.write(4090, [new Uint8Array(12_000).fill(9)]);
    const bytes = new Uint8Array(12_200);
    void node.read(4000, [bytes]);
    expect([bytes[89], bytes[90], bytes[12_089], bytes[12_090]]).toEqual([7, 9, 9, 0]);
  });

  test("zeroes between the optimal units are written", () => {
    const { node, below } = nodeWith([], { ...NO_LIMITS, align: 512, optWriteZero: 4096 });
    below.write(0, [new Uint8Array(16_384).fill(1)]);
    void node.writeZeroes(1024, 8192);
    expect(below.bytes().indexOf(0)).toBe(1024);
    expect(below.bytes().indexOf(1, 1024)).toBe(9216);
  });

  test("ranges are cut at multiples of a unit", () => {
    expect([...pieces(5, 20, 10, 0)]).toEqual([
      { offset: 5, length: 5 },
      { offset: 10, length: 10 },
      { offset: 20, length: 5 },
    ]);
    expect([...pieces(0, 40, 10, 25)].map(({ length }) => length)).toEqual([20, 20]);
  });

  test.each([
    [{ align: 3 }, "align 3"],
    [{ align: 512, maxTransfer: 1000 }, "max-transfer 1000"],
    [{ optDiscard: 4096, maxDiscard: 6000 }, "max-discard 6000"],
  ])("contradictions are refused: %o", (limits, words) => {
    expect(() => demandSoundLimits({ ...NO_LIMITS, ...limits })).toThrow(
      `Cannot meet constraints with ${words}`,
    );
  });
});

test("a configuration file has sections of quoted values", () => {
  const text = '# a comment\n[inject-error]\nevent = "l1_update"\nonce ="on"\n\n[set-state]\n';
  expect(parseConfig(text, "conf")).toEqual([
    { name: "inject-error", values: { event: "l1_update", once: "on" } },
    { name: "set-state", values: {} },
  ]);
  expect(() => parseConfig('a = "b"', "conf")).toThrow("conf:1: no group defined");
  expect(() => parseConfig("[x]\n!", "conf")).toThrow("conf:2: parse error");
});
