import { expect, it } from "vitest";
import { singly } from "./singly.ts";

it("takes clicks and keys, but no second click of a double click", () => {
  let done = 0;
  const click = singly(() => void (done += 1));
  // A key's click has no count.
  for (const detail of [0, 1, 2, 3]) click({ detail });
  expect(done).toBe(2);
});
