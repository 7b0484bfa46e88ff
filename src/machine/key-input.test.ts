import { describe, expect, it } from "vitest";
import { ManualClock } from "../device/testing/doubles.ts";
import type { InputEvent } from "../device/virtio/input/regs.ts";
import { KeyInput } from "./key-input.ts";

const MS = 1_000_000n;
const [CTRL, ALT, DELETE] = [29, 56, 111];

class RecordingKeyboard {
  readonly reports: string[] = [];

  report(events: readonly InputEvent[]): boolean {
    this.reports.push(
      events.map(({ code, value }) => `${value === 1 ? "+" : "-"}${code}`).join(" "),
    );
    return true;
  }
}

function make() {
  const clock = new ManualClock();
  const keys = new KeyInput(clock);
  const keyboard = new RecordingKeyboard();
  keys.listens(keyboard, true);
  return { clock, keys, keyboard };
}

describe("a press of keys", () => {
  it("goes down one after the other and up in the opposite order, 10 ms apart", () => {
    const { clock, keys, keyboard } = make();
    keys.send({ kind: "press", codes: [CTRL, ALT, DELETE] });
    expect(keyboard.reports).toEqual(["+29"]);
    clock.advance(9n * MS);
    expect(keyboard.reports).toHaveLength(1);
    clock.advance(1n * MS);
    expect(keyboard.reports).toEqual(["+29", "+56"]);
    for (let i = 0; i < 10; i++) clock.advance(10n * MS);
    expect(keyboard.reports).toEqual(["+29", "+56", "+111", "-111", "-56", "-29"]);
    expect(clock.pending).toBe(0);
  });

  it("is held as long as is said, and the next one waits for its end", () => {
    const { clock, keys, keyboard } = make();
    keys.send({ kind: "press", codes: [30], holdMs: 100 });
    keys.send({ kind: "press", codes: [31], holdMs: 1 });
    clock.advance(99n * MS);
    expect(keyboard.reports).toEqual(["+30"]);
    clock.advance(1n * MS);
    clock.advance(99n * MS);
    expect(keyboard.reports).toEqual(["+30", "-30"]);
    clock.advance(1n * MS);
    clock.advance(1n * MS);
    expect(keyboard.reports).toEqual(["+30", "-30", "+31", "-31"]);
  });

  it("that finds too many others waiting is lost from down to up", () => {
    const { clock, keys, keyboard } = make();
    for (let i = 0; i < 600; i++) keys.send({ kind: "press", codes: [30], holdMs: 1 });
    for (let i = 0; i < 1300; i++) clock.advance(1n * MS);
    expect(keyboard.reports.length).toBeGreaterThan(1000);
    expect(keyboard.reports.length).toBeLessThanOrEqual(1026);
    expect(keyboard.reports.filter((each) => each === "+30")).toHaveLength(
      keyboard.reports.length / 2,
    );
  });

  it("is forgotten at a reset", () => {
    const { clock, keys, keyboard } = make();
    keys.send({ kind: "press", codes: [CTRL, ALT, DELETE] });
    keys.reset();
    clock.advance(1000n * MS);
    expect(keyboard.reports).toEqual(["+29"]);
  });

  it("leaves out codes that no key has", () => {
    const { clock, keys, keyboard } = make();
    keys.send({ kind: "press", codes: [0, 240, 30, 100_000] });
    for (let i = 0; i < 20; i++) clock.advance(10n * MS);
    expect(keyboard.reports).toEqual(["+30", "-30"]);
  });
});

it("events come at once and together", () => {
  const { keys, keyboard } = make();
  const events = [30, 31, 0].map((code) => ({ code, isDown: true }));
  keys.send({ kind: "events", events: [...events, { code: 31, isDown: false }] });
  keys.send({ kind: "events", events: [{ code: 0, isDown: true }] });
  expect(keyboard.reports).toEqual(["+30 +31 -31"]);
});

it("of several keyboards the one that a driver opened last gets the keys", () => {
  const { keys, keyboard } = make();
  const second = new RecordingKeyboard();
  const send = (code: number): void =>
    keys.send({ kind: "events", events: [{ code, isDown: true }] });
  keys.listens(second, true);
  send(1);
  keys.listens(keyboard, true);
  send(2);
  keys.listens(keyboard, false);
  send(3);
  keys.listens(second, false);
  send(4);
  expect(keyboard.reports).toEqual(["+2"]);
  expect(second.reports).toEqual(["+1", "+3"]);
});
