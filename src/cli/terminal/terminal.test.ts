import { beforeEach, describe, expect, it } from "vitest";
import { type Command, Shell } from "./shell.ts";

/** What was written, without the line's redrawing. */
class FakeTty {
  written = "";
  #listener: (text: string) => void = () => {};

  write(text: string): void {
    this.written += text;
  }

  onData(listener: (text: string) => void): () => void {
    this.#listener = listener;
    return () => {};
  }

  size() {
    return { columns: 80, rows: 24 };
  }

  type(text: string): void {
    this.#listener(text);
  }
}

let tty: FakeTty;
let ran: string[][];
let saved: readonly string[];
let ended: Promise<void>;

const command = (run: Command["run"], more: Partial<Command> = {}): Command => ({
  summary: "",
  run,
  ...more,
});

beforeEach(() => {
  tty = new FakeTty();
  ran = [];
  saved = [];
  const note = command(async (args) => {
    ran.push([...args]);
    return 0;
  });
  const wait = command(async (_args, { interrupt }) => {
    await new Promise((_resolve, reject) => interrupt.onPress(() => reject(new Error("stopped"))));
    return 0;
  });
  const ask = command(async (_args, io) => {
    ran.push([(await io.readLine("name? ")) ?? "nothing"]);
    return 0;
  });
  const files = command(note.run, {
    complete: async (before) => {
      const word = before.split(/\s+/).at(-1) ?? "";
      const all = ["alpha.img", "alps.img", "beta/"];
      return { word, candidates: all.filter((each) => each.startsWith(word)) };
    },
  });
  ended = new Shell(tty, {
    commands: new Map([
      ["note", note],
      ["wait", wait],
      ["ask", ask],
      ["files", files],
    ]),
    history: { load: () => ["note old"], save: (lines) => void (saved = lines) },
    greeting: "hello\n",
    prompt: () => "$ ",
  }).run();
});

const LEFT = "\x1b[D";
const UP = "\x1b[A";

describe("a line", () => {
  it.each([
    ["note a 'b c'\r", ["a", "b c"]],
    [`note ac${LEFT}b\r`, ["abc"]],
    ["note xyz\x7f\x7fy\r", ["xy"]],
    ["note one two\x17three\r", ["one", "three"]],
    ["junk\x15note all\r", ["all"]],
    [`${UP}er\r`, ["older"]],
    ["\x12old\r", ["old"]],
    ["note ba\x14\r", ["ab"]],
    ["note a b\x01\x1bf\x1bd\r", ["b"]],
    ["note 字\r", ["字"]],
  ])("%j runs with %j", async (typed, args) => {
    tty.type(typed);
    await expect.poll(() => ran).toEqual([args]);
  });

  it("is remembered, but for blanks and repetitions", async () => {
    tty.type("note a\r\r  \rnote a\rnote b\r");
    await expect.poll(() => saved).toEqual(["note old", "note a", "note b"]);
  });

  it("is completed as far as it goes, and listed at the second Tab", async () => {
    tty.type("files a\t\t\t");
    await expect.poll(() => tty.written).toContain("alpha.img  alps.img");
    tty.type("s\t\r");
    await expect.poll(() => ran).toEqual([["alps.img"]]);
    tty.type("fil\tb\tx\r");
    await expect.poll(() => ran.at(-1)).toEqual(["beta/x"]);
  });

  it("is given up by Ctrl-C, and Ctrl-D ends the conversation", async () => {
    tty.type("note never\x03\x04");
    await ended;
    expect(ran).toEqual([]);
  });
});

describe("a command", () => {
  it("is stopped by Ctrl-C", async () => {
    tty.type("wait\r");
    await expect.poll(() => tty.written).toContain("wait");
    await new Promise((resolve) => setTimeout(resolve));
    tty.type("\x03note after\r");
    await expect.poll(() => ran).toEqual([["after"]]);
    tty.type("echo $?\r");
    await expect.poll(() => tty.written).toContain("\r\n0\r\n");
  });

  it("may ask, and takes what was typed ahead", async () => {
    tty.type("ask\rbert\rnote x\r");
    await expect.poll(() => ran).toEqual([["bert"], ["x"]]);
  });

  it("that is not there is told so", async () => {
    tty.type("ls\r");
    await expect.poll(() => tty.written).toContain("ls: command not found");
  });
});
