import { expect, test } from "vitest";
import { differences, parseTap } from "./tap.ts";

const TAP =
  "1..3\n# running qcow2 001\nok qcow2 001\nnot ok qcow2 026\n--- a\nok qcow2 092 # SKIP\n";

test("outcomes are read line by line", () => {
  expect([...parseTap(TAP)]).toEqual([
    ["001", "pass"],
    ["026", "fail"],
    ["092", "skip"],
  ]);
});

test("only what the stock tools pass makes us worse", () => {
  const stock = parseTap("ok q 1\nok q 2\nnot ok q 3\n");
  expect(differences(stock, parseTap("ok q 1\nok q 2\nok q 3\n"))).toEqual({
    lines: [
      "3: fail with the stock tools, pass with ours",
      "2 of 2 that pass with the stock tools pass with ours",
    ],
    isWorse: false,
  });
  expect(differences(stock, parseTap("ok q 1\nnot ok q 2\n"))).toMatchObject({ isWorse: true });
});
