import { expect, it } from "vitest";
import { controlOf } from "./control-of.ts";

it.each([
  ["c", "\x03"],
  ["C", "\x03"],
  ["[", "\x1b"],
  ["@", "\x00"],
  ["1", "1"],
  ["ab", "ab"],
  ["", ""],
])("Ctrl and %j send %j", (typed, sent) => expect(controlOf(typed)).toBe(sent));
