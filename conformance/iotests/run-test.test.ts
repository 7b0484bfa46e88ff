import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { installedTools, runTest } from "./run-test.ts";

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "tabvisor-run-test-"))));
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a test by a `check` that is this script. */
function runBy(script: string, limitMs: number): ReturnType<typeof runTest> {
  const path = join(folder, "check");
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  const tools = { QEMU_IMG_PROG: "/tools/qemu-img" };
  return runTest({ folder, format: "qed", work: join(folder, "work"), limitMs, tools }, "001");
}

test("a test is run in its format, with the tools and directories that the setting names", async () => {
  const isRight =
    '[ "$*" = "-qed -tap 001" ] && [ -d "$TEST_DIR" ] && [ "$QEMU_IMG_PROG" = /tools/qemu-img ]';
  expect(await runBy(`if ${isRight}; then echo ok qed 001; fi`, 60_000)).toBe("pass");
});

test("a test that tells nothing has failed", async () => {
  expect(await runBy("exit 1", 60_000)).toBe("fail");
});

test("a test that takes too long fails, and ends with its children", async () => {
  const started = performance.now();
  expect(await runBy("sleep 600 & sleep 600; echo ok qed 001", 300)).toBe("fail");
  expect(performance.now() - started).toBeLessThan(60_000);
});

test("the environment names programs first, then the path", () => {
  writeFileSync(join(folder, "qemu-io"), "");
  const tools = installedTools({ PATH: `/nowhere:${folder}`, QEMU_IMG_PROG: "/mine/qemu-img" });
  expect(tools).toMatchObject({
    QEMU_IMG_PROG: "/mine/qemu-img",
    QEMU_IO_PROG: join(folder, "qemu-io"),
    QEMU_NBD_PROG: "qemu-nbd",
  });
});
