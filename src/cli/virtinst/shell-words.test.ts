import { expect, test } from "vitest";
import { cutAt, shellWords } from "./shell-words.ts";

test("words are cut as Python's shlex does", () => {
  expect(shellWords(` a  'b c' "d"e ""`)).toEqual(["a", "b c", "de", ""]);
  expect(shellWords(String.raw`a\ b \"c`)).toEqual(["a b", '"c']);
  expect(() => shellWords("a 'b")).toThrow("No closing quotation");
});

test("between quotes a backslash stands for itself, but before what it must hide", () => {
  expect(shellWords(String.raw`"a\nb" "a\"b" "a\\b"`)).toEqual([
    String.raw`a\nb`,
    'a"b',
    String.raw`a\b`,
  ]);
  expect(shellWords(String.raw`'a\b\'`)).toEqual([String.raw`a\b` + "\\"]);
});

test("other gaps leave spaces alone", () => {
  expect(cutAt(`a b,"c,d",,e`, (char) => char === ",")).toEqual(["a b", "c,d", "e"]);
});
