import { describe, expect, test } from "vitest";
import { identify } from "../src/isa/encoding.ts";
import { BATCH, makeBatch } from "./batch.ts";
import { ALL_FEATURES } from "./engine/features.ts";
import { PROFILE_NAMES, generate } from "./gen/generate.ts";
import { buildImage } from "./image.ts";
import { listing } from "./listing.ts";
import type { Program } from "./program.ts";
import { CODE_BYTES, RAM_BASE, RAM_BYTES, regionBase } from "./region.ts";

function programs(profile: string, count: number): Program[] {
  const options = { seed: 9, features: ALL_FEATURES, profiles: [profile] };
  return makeBatch(options, 0, count);
}

test("a seed decides a program", () => {
  const options = {
    seed: 123,
    slot: 4,
    harnessRegister: 7,
    has: ALL_FEATURES.has,
    profiles: [],
  };
  expect(generate(options)).toEqual(generate(options));
  expect(generate({ ...options, seed: 124 }).x).not.toEqual(generate(options).x);
});

test("a batch leaves the end of RAM to QEMU's device tree", () => {
  expect(regionBase(BATCH)).toBeLessThanOrEqual(RAM_BASE + RAM_BYTES - 0x20_0000);
});

describe.each(PROFILE_NAMES)("profile %s", (profile) => {
  const batch = programs(profile, 40);

  test("makes programs of its kind that fit", () => {
    const image = buildImage(batch, ALL_FEATURES);
    expect(image.endAt).toBeLessThan(RAM_BYTES);
    for (const { profile: name, end } of batch) {
      expect(name).toBe(profile);
      expect(end + 8).toBeLessThanOrEqual(CODE_BYTES);
    }
  });

  test("leaves the harness's register alone", () => {
    const destinations = batch.flatMap(({ code, harnessRegister }) =>
      code
        .filter(({ bits, bytes }) => bytes === 4 && identify(bits) && (bits & 0x7f) === 0x33)
        .map(({ bits }) => ((bits >>> 7) & 31) === harnessRegister),
    );
    expect(destinations).not.toContain(true);
  });

  test("lists every program", () => {
    for (const program of batch.slice(0, 5)) {
      expect(listing({ program, differences: [] }).length).toBeGreaterThan(20);
    }
  });
});

test("every instruction of the table comes up", () => {
  const seen = new Set<string>();
  for (const { code } of PROFILE_NAMES.flatMap((profile) => programs(profile, 60))) {
    for (const { bits } of code) seen.add(identify(bits)?.name ?? "illegal");
  }
  const options = ["add", "c.add", "fmadd.s", "amocas.q", "lr.d", "cbo.zero", "mret", "czero.nez"];
  for (const name of [...options, "illegal", "fcvtmod.w.d", "sfence.vma", "c.fldsp"]) {
    expect(seen).toContain(name);
  }
  expect(seen.size).toBeGreaterThan(250);
});
