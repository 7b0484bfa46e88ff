import { expect, test } from "vitest";
import { commandBalloon } from "./command-balloon.ts";

test("a command is carried out before the answer, and none changes nothing", () => {
  const balloon = {
    actualBytes: 5,
    stats: {},
    statsAtS: 9,
    pollIntervalS: 0,
    setTarget(bytes: number) {
      this.actualBytes = bytes;
    },
    setPollInterval(seconds: number) {
      this.pollIntervalS = seconds;
    },
  };
  const before = { actualBytes: 5, stats: {}, statsAtS: 9, pollIntervalS: 0 };
  expect(commandBalloon(balloon, null)).toEqual(before);
  expect(commandBalloon(balloon, { kind: "target", bytes: 3 })).toEqual({
    ...before,
    actualBytes: 3,
  });
  expect(commandBalloon(balloon, { kind: "poll", seconds: 2 }).pollIntervalS).toBe(2);
});

test("a machine without a balloon says so as QEMU does", () => {
  expect(() => commandBalloon(undefined, null)).toThrow("No balloon device has been activated");
});
