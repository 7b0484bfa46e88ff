import { expect, test } from "vitest";
import { EscapeParser, type TerminalInput } from "./escape.ts";

const bytes = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

/** What comes out, with runs of bytes as text. */
function shown(items: readonly TerminalInput[]): string[] {
  return items.map((item) =>
    item.kind === "bytes" ? String.fromCharCode(...item.bytes) : `<${item.command}>`,
  );
}

const typed = (...pieces: string[]): string[] => {
  const parser = new EscapeParser();
  return pieces.flatMap((piece) => shown(parser.feed(bytes(piece))));
};

test("passes everything else on", () => {
  expect(typed("ls\r", "\x03\x1b[A\x00\xff")).toEqual(["ls\r", "\x03\x1b[A\x00\xff"]);
});

test("finds commands among text, in order", () => {
  expect(typed("ab\x01bcd\x01h\x01xe")).toEqual(["ab", "<break>", "cd", "<help>", "<exit>", "e"]);
});

test("finds a command that arrives in two pieces", () => {
  expect(typed("a\x01", "xb")).toEqual(["a", "<exit>", "b"]);
});

test("sends Ctrl-A for Ctrl-A a and for Ctrl-A twice", () => {
  expect(typed("\x01a\x01\x01")).toEqual(["\x01\x01"]);
});

test("drops an unknown letter", () => {
  expect(typed("a\x01zb")).toEqual(["ab"]);
});
