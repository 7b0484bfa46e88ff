import { describe, expect, it } from "vitest";
import { Status, statusMove } from "./status.ts";

const { acknowledge: A, driver: D, featuresOk: F, driverOk: OK, needsReset: N, failed: X } = Status;

describe("device status", () => {
  it("takes the steps of initialization in order", () => {
    let current = 0;
    for (const [value, action] of [
      [A, "none"],
      [A | D, "none"],
      [A | D | F, "checkFeatures"],
      [A | D | F | OK, "activate"],
    ] as const) {
      const move = statusMove(current, value);
      expect(move).toMatchObject({ kind: "steps", steps: [{ action }] });
      current = value;
    }
  });

  it("takes several bits of one write in their order", () => {
    const move = statusMove(0, A | D | F | OK);
    const bits = move.kind === "steps" ? move.steps.map(({ bit }) => bit) : [];
    expect(bits).toEqual([A, D, F, OK]);
  });

  it("lets 0 reset from anywhere", () => {
    for (let current = 0; current < 256; current++) {
      expect(statusMove(current, 0)).toEqual({ kind: "reset" });
    }
  });

  it("refuses to skip or clear bits", () => {
    expect(statusMove(0, D)).toEqual({ kind: "refused", why: "skips status bits" });
    expect(statusMove(A | D, A | D | OK)).toEqual({ kind: "refused", why: "skips status bits" });
    expect(statusMove(A | D, A)).toEqual({ kind: "refused", why: "clears status bits" });
  });

  it("lets the driver write back or leave out needs-reset", () => {
    const running = A | D | F | OK | N;
    expect(statusMove(running, running)).toEqual({ kind: "steps", steps: [] });
    expect(statusMove(running, (running & ~N) | X)).toMatchObject({ kind: "steps" });
  });

  it("never lets a driver claim to run without the steps before", () => {
    const running = Array.from({ length: 256 }, (_, value) => value).filter((value) => {
      const move = statusMove(A | D, value);
      return move.kind === "steps" && move.steps.some(({ bit }) => bit === OK);
    });
    expect(running.length).toBeGreaterThan(0);
    expect(running.every((value) => (value & (F | OK)) === (F | OK))).toBe(true);
  });
});
