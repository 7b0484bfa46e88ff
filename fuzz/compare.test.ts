import { expect, test } from "vitest";
import { makeBatch } from "./batch.ts";
import { compare, fieldAt } from "./compare.ts";
import { CONTEXT_MIDDLE, contextAt } from "./context.ts";
import type { Engine } from "./engine/engine.ts";
import { ALL_FEATURES } from "./engine/features.ts";
import { buildImage } from "./image.ts";
import type { Image } from "./image.ts";
import { isNop, minimise } from "./minimise.ts";
import { RAM_BASE, RAM_BYTES, regionBase } from "./region.ts";
import { seedFromText, seedToText } from "./seed-text.ts";
import { changedWords, replay } from "./seeds.ts";

function ramOf(image: Image): Uint8Array {
  const ram = new Uint8Array(RAM_BYTES);
  for (const { at, bytes } of image.pieces) ram.set(bytes, at);
  return ram.subarray(0, image.endAt);
}

/** An engine that only notes whether the code holds a given word. */
function detector(bits: number | undefined): Engine {
  return {
    run(image) {
      const ram = ramOf(image);
      for (const { code, slot } of image.programs) {
        if (!code.some((word) => word.bits === bits)) continue;
        ram[regionBase(slot) - RAM_BASE + CONTEXT_MIDDLE + contextAt.xOut(5)] = 1;
      }
      return Promise.resolve(ram);
    },
    close: () => {},
  };
}

const batch = makeBatch({ seed: 5, features: ALL_FEATURES, profiles: ["integer"] }, 0, 3);
const image = buildImage(batch, ALL_FEATURES);

test("words of the final state have names", () => {
  expect(fieldAt(CONTEXT_MIDDLE + contextAt.xOut(7))).toBe("out.x7");
  expect(fieldAt(CONTEXT_MIDDLE + contextAt.csrOut("satp"))).toBe("out.satp");
  expect(fieldAt(0x1048)).toBe("log[1].mepc");
  expect(fieldAt(0x4010)).toBe("data+0x10");
});

test("equal memories give no mismatch, a changed word one with its program", () => {
  const one = ramOf(image);
  const other = ramOf(image);
  expect(compare(image, one, other)).toEqual([]);
  other[regionBase(1) - RAM_BASE + CONTEXT_MIDDLE + contextAt.fOut(3)] = 9;
  const [found] = compare(image, one, other);
  expect(found?.program).toBe(batch[1]);
  expect(found?.differences).toEqual([{ field: "out.f3", ours: 0n, theirs: 9n }]);
});

test("minimising keeps the unit that matters and drops the others", async () => {
  const [program] = batch;
  const bits = program?.code.at(-5)?.bits;
  if (program === undefined) throw new Error("no program");
  const pair = { ours: detector(undefined), theirs: detector(bits), target: ALL_FEATURES };
  const small = await minimise(program, pair);
  const left = small?.program.code.filter((word) => !isNop(word)) ?? [];
  expect(left.some((word) => word.bits === bits)).toBe(true);
  expect(left.length).toBeLessThan(program.code.length / 2);
});

test("a program that differs in company only is not minimised", async () => {
  const pair = { ours: detector(1), theirs: detector(1), target: ALL_FEATURES };
  const [program = image.programs[0]] = batch;
  expect(program && (await minimise(program, pair))).toBeUndefined();
});

test("an engine that never ends is found out by halves", async () => {
  const { runPrograms } = await import("./batch.ts");
  const guilty = batch[2];
  const theirs: Engine = {
    run(one) {
      const hangs = one.programs.includes(guilty as (typeof batch)[number]);
      return hangs ? Promise.reject(new Error("timeout")) : Promise.resolve(ramOf(one));
    },
    close: () => {},
  };
  const found = await runPrograms(batch, { ours: detector(1), theirs, target: ALL_FEATURES });
  expect(found.map(({ program, reason }) => [program, reason])).toEqual([[guilty, "timeout"]]);
});

test("a seed survives its text and replays", async () => {
  const [program] = makeBatch({ seed: 6, features: ALL_FEATURES, profiles: ["pmp-paged"] }, 0, 1);
  if (program === undefined) throw new Error("no program");
  const engine = detector(program.code[0]?.bits);
  const ram = await engine.run(buildImage([program], ALL_FEATURES));
  const seed = { reason: "a test", listing: ["one"], program, after: changedWords(program, ram) };
  const copy = seedFromText(seedToText(seed));
  expect(copy).toEqual(seed);
  expect(await replay(copy, engine, ALL_FEATURES)).toEqual([]);
  expect(await replay(copy, detector(1), ALL_FEATURES)).toHaveLength(1);
});
