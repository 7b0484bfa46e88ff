import { describe, expect, it } from "vitest";
import { BACKLOG_BYTES, ConsoleLog } from "./console.ts";

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const text = (all: Uint8Array) => String.fromCharCode(...all);

describe("a console log", () => {
  it("hands the kept output to a late listener, then what follows", async () => {
    const log = new ConsoleLog();
    await log.push(bytes("before "));
    let heard = "";
    log.attach((piece) => void (heard += text(piece)));
    await log.push(bytes("after"));
    expect(heard).toBe("before after");
  });

  it("waits for the slowest listener", async () => {
    const log = new ConsoleLog();
    let release = () => {};
    log.attach(() => new Promise<void>((done) => (release = done)));
    let pushed = false;
    const push = log.push(bytes("x")).then(() => (pushed = true));
    await Promise.resolve();
    expect(pushed).toBe(false);
    release();
    await push;
    expect(pushed).toBe(true);
  });

  it("stops telling a listener that left", async () => {
    const log = new ConsoleLog();
    let heard = 0;
    const leave = log.attach(() => void (heard += 1));
    leave();
    await log.push(bytes("x"));
    expect(heard).toBe(0);
  });

  it("keeps the newest output only, however it was cut", async () => {
    const log = new ConsoleLog();
    for (let i = 0; i < 40; i += 1) await log.push(new Uint8Array(100_000).fill(i));
    const kept = log.backlog();
    expect(kept.length).toBe(BACKLOG_BYTES);
    expect(kept.at(-1)).toBe(39);
    const big = new ConsoleLog();
    await big.push(new Uint8Array(BACKLOG_BYTES + 5).fill(7));
    expect(big.backlog().length).toBe(BACKLOG_BYTES);
  });
});
