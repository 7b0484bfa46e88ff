import { expect, test } from "vitest";
import { parseKeyed } from "./values.ts";

test.each([
  ["virt", "virt", []],
  ["type=virt", undefined, [["type", "virt"]]],
  [
    "virt,a=1,b",
    "virt",
    [
      ["a", "1"],
      ["b", "on"],
    ],
  ],
  ["x,path=a,,b", "x", [["path", "a,b"]]],
  ["x,v=a=b", "x", [["v", "a=b"]]],
] as const)("%s", (text, head, keys) => {
  const list = parseKeyed(text);
  expect(list.head).toBe(head);
  expect([...list.keys]).toEqual(keys);
});
