import { describe, expect, it } from "vitest";
import { choose, chooseAll, extend, keepOnly, NOTHING, toggle } from "./selection.ts";

const SHOWN = ["a", "b", "c", "d"];
const chosen = ({ chosen: set }: typeof NOTHING) => [...set].sort().join("");

describe("choosing", () => {
  it("is of one alone, or one more or less", () => {
    expect(chosen(choose("b"))).toBe("b");
    expect(chosen(toggle(choose("b"), "d"))).toBe("bd");
    expect(chosen(toggle(choose("b"), "b"))).toBe("");
  });

  it("extends from where it began, in both directions", () => {
    const from = choose("b");
    expect(chosen(extend(from, "d", SHOWN))).toBe("bcd");
    expect(chosen(extend(extend(from, "d", SHOWN), "a", SHOWN))).toBe("ab");
    expect(chosen(extend(NOTHING, "c", SHOWN))).toBe("c");
    // What it began with is not shown any more.
    expect(chosen(extend(choose("x"), "c", SHOWN))).toBe("c");
  });

  it("is of all, and of nothing once all are chosen", () => {
    const all = chooseAll(choose("b"), SHOWN);
    expect(chosen(all)).toBe("abcd");
    expect(chooseAll(all, SHOWN)).toBe(NOTHING);
  });

  it("forgets what is gone", () => {
    const both = toggle(choose("a"), "b");
    expect(chosen(keepOnly(both, new Set(["b", "c"])))).toBe("b");
    expect(keepOnly(both, new Set(["a", "b"]))).toBe(both);
  });
});
