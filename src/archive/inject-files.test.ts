import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { utf8Bytes } from "../util/bytes.ts";
import { injectFiles } from "./inject-files.ts";

const FILES = [
  { name: "preseed.cfg", bytes: utf8Bytes("d-i a/b string c\n") },
  { name: "empty", bytes: new Uint8Array(0) },
];

test("files stand behind the RAM disk, at a multiple of 4", () => {
  const initrd = new Uint8Array(gzipSync("anything", { level: 1 }));
  const whole = injectFiles(initrd, FILES, 1);
  expect(whole.subarray(0, initrd.length)).toEqual(initrd);
  const start = Math.ceil(initrd.length / 4) * 4;
  expect(Buffer.from(whole.subarray(start, start + 6)).toString()).toBe("070701");
});

test.skipIf(spawnSync("cpio", ["--version"]).status !== 0)("cpio lists them", () => {
  const { stdout, stderr } = spawnSync("cpio", ["-itv", "--quiet"], {
    input: injectFiles(new Uint8Array(0), FILES, 0),
    encoding: "utf8",
  });
  expect(stderr).toBe("");
  expect(stdout).toMatch(/-rw-r--r-- +1 root +root +17 .*preseed\.cfg\n.* 0 .*empty\n/);
});
