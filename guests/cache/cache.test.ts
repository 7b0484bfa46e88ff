import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { withLock } from "./lock.ts";
import { cacheRoot, sourcePath } from "./paths.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-cache-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test.each([
  [{ TABVISOR_CACHE: "/c", XDG_CACHE_HOME: "/x" }, "linux", "/c"],
  [{ XDG_CACHE_HOME: "/x" }, "darwin", join("/x", "tabvisor")],
  [{}, "linux", join("/home/me", ".cache", "tabvisor")],
  [{}, "darwin", join("/home/me", "Library", "Caches", "tabvisor")],
  [{ LOCALAPPDATA: "/local" }, "win32", join("/local", "tabvisor", "Cache")],
])("the cache of %o on %s is %s", (env, platform, path) => {
  expect(cacheRoot(env, platform, "/home/me")).toBe(path);
});

test("the room's data files are found from its code", () => {
  expect(readdirSync(sourcePath())).toContain("lock.json");
});

test("work under one lock is done one after the other", async () => {
  const lock = join(root, "a.lock");
  const events: string[] = [];
  const work = (name: string) => async (): Promise<void> => {
    events.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 20));
    events.push(`${name} ends`);
  };
  // The second asks only when the first has it: which of two that ask at once wins is nobody's promise.
  let second = Promise.resolve();
  await withLock(lock, async () => {
    second = withLock(lock, work("two"), () => events.push("two waits"));
    await work("one")();
    await vi.waitUntil(() => events.includes("two waits"));
  });
  await second;
  expect(events.filter((event) => event !== "two waits")).toEqual([
    "one begins",
    "one ends",
    "two begins",
    "two ends",
  ]);
  expect(readdirSync(root)).toEqual([]);
});

test("a lock is given back when the work fails", async () => {
  const lock = join(root, "a.lock");
  await expect(withLock(lock, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  expect(readdirSync(root)).toEqual([]);
});

test("the lock of a process that is gone is taken over", async () => {
  const lock = join(root, "a.lock");
  mkdirSync(lock);
  // No system gives out process numbers as high as this.
  writeFileSync(join(lock, "holder.json"), JSON.stringify({ host: hostname(), pid: 2 ** 30 }));
  expect(await withLock(lock, async () => "done")).toBe("done");
});

test("the lock of another machine is taken over once nobody touches it", async () => {
  const lock = join(root, "a.lock");
  mkdirSync(lock);
  writeFileSync(join(lock, "holder.json"), JSON.stringify({ host: "elsewhere", pid: 1 }));
  const longAgo = new Date(Date.now() - 60_000);
  utimesSync(lock, longAgo, longAgo);
  expect(await withLock(lock, async () => "done")).toBe("done");
});
