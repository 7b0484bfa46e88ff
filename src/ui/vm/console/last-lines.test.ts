import { describe, expect, it } from "vitest";
import { keyAction } from "./keys.ts";
import { lastLines } from "./last-lines.ts";

const lines = (text: string, count = 3) => lastLines(new TextEncoder().encode(text), count);

describe("the last lines", () => {
  it("are the last that say something", () => {
    expect(lines("a\r\nb\r\n\r\nc\r\n  \r\nd\r\n")).toEqual(["b", "c", "d"]);
  });

  it("hold no colours, titles or cursor movements", () => {
    expect(lines("\x1b[1;31mred\x1b[m\r\n\x1b]0;title\x07x\x1b(B\x1b[?25l\x08")).toEqual([
      "red",
      "x",
    ]);
  });

  it("survive output that is cut in a character", () => {
    expect(lastLines(new Uint8Array([0xe4, 0xb8, 0x0a, 0x61]), 1)).toEqual(["a"]);
  });
});

describe("keys", () => {
  const key = (name: string, modifiers: Partial<KeyboardEvent> = {}) =>
    keyAction({
      type: "keydown",
      key: name,
      ctrlKey: false,
      shiftKey: false,
      altKey: false,
      metaKey: false,
      ...modifiers,
    });
  const ctrlShift = { ctrlKey: true, shiftKey: true };

  it("that terminal emulators keep stay with the page", () => {
    expect(key("C", ctrlShift)).toBe("copy");
    expect(key("V", ctrlShift)).toBe("paste");
    expect(key("F", ctrlShift)).toBe("find");
    expect(key("F6", { shiftKey: true })).toBe("leave");
  });

  it("go to the guest otherwise", () => {
    expect(key("c", { ctrlKey: true })).toBeNull();
    expect(key("F6")).toBeNull();
    expect(key("Tab")).toBeNull();
    expect(key("C", { ...ctrlShift, type: "keyup" })).toBeNull();
  });
});
