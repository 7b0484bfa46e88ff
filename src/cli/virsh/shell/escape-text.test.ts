import { expect, test } from "vitest";
import { escapeText } from "./escape-text.ts";

test("the key that leaves the console is told, and how it is typed", () => {
  expect(escapeText("^]")).toBe("Escape character is ^] (Ctrl + ])\n");
  expect(escapeText("q")).toBe("Escape character is q\n");
});
