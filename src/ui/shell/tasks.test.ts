import { describe, expect, it } from "vitest";
import { Tasks } from "./tasks.ts";

const options = { title: "Work", errorText: (error: unknown) => `${String(error)}.` };
const states = (tasks: Tasks) => tasks.get().map(({ state }) => state);

describe("tasks", () => {
  it("run, tell how far they are, and end", async () => {
    const tasks = new Tasks();
    const seen: unknown[] = [];
    const result = await tasks.run({ ...options, subject: "a" }, async ({ progress }) => {
      seen.push(tasks.get()[0]?.progress ?? null);
      progress(1, 2);
      seen.push(tasks.get()[0]?.progress ?? null);
      return 7;
    });
    expect(result).toBe(7);
    expect(seen).toEqual([null, { doneBytes: 1, totalBytes: 2 }]);
    expect(tasks.get()[0]).toMatchObject({ subject: "a", state: "done", error: null });
  });

  it("fail with a sentence, and pass the error on", async () => {
    const tasks = new Tasks();
    await expect(tasks.run(options, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
    expect(tasks.get()[0]).toMatchObject({ state: "failed", error: "Error: no." });
  });

  it("are given up where that can be", async () => {
    const tasks = new Tasks();
    const work = tasks.run({ ...options, canCancel: true }, async ({ signal }) => {
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
    });
    tasks.get()[0]?.cancel?.();
    await expect(work).rejects.toThrow("aborted");
    expect(tasks.get()[0]).toMatchObject({ state: "cancelled", error: null });
    void tasks.run(options, () => new Promise(() => {}));
    expect(tasks.get()[0]?.cancel).toBeUndefined();
  });

  it("are cleared once they ended, and kept in a bounded number", async () => {
    const tasks = new Tasks();
    void tasks.run(options, () => new Promise(() => {}));
    for (let each = 0; each < 60; each += 1) await tasks.run(options, async () => {});
    expect(states(tasks).filter((state) => state === "done")).toHaveLength(50);
    tasks.clear();
    expect(states(tasks)).toEqual(["running"]);
  });
});
