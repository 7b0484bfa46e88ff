import { expect, test } from "vitest";
import { refcountSize } from "./refcount-size.ts";

test("blocks and table count themselves", () => {
  expect(refcountSize(0, 256, 64)).toEqual({ blocks: 0, table: 0 });
  expect(refcountSize(254, 256, 64)).toEqual({ blocks: 1, table: 1 });
  expect(refcountSize(255, 256, 64)).toEqual({ blocks: 2, table: 1 });
});

// What qemu-io 7.2 makes where the 512 clusters of a table lead to 32,768 full blocks: 133 blocks more.
test("a structure that grows has blocks to spare", () => {
  expect(refcountSize(32_769 * 256, 256, 64, true)).toEqual({ blocks: 32_901, table: 515 });
});
