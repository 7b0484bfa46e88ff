/**
 * Runs QEMU's own tests of qemu-img and qemu-io twice, with the installed tools and with ours, and
 * tells where the two differ: `node dist/conformance/iotests/main.js [--format NAME] FOLDER TEST…`, FOLDER
 * being `tests/qemu-iotests` of QEMU's sources.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { differences, parseTap } from "./tap.ts";

const PROGRAM = fileURLToPath(new URL("../../../bin/tabvisor.mjs", import.meta.url));

/** Programs under the names that the tests call, in a folder. */
function ourTools(folder: string): Record<string, string> {
  const make = (name: string): string => {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\nexec "${process.execPath}" "${PROGRAM}" ${name} "$@"\n`);
    chmodSync(path, 0o755);
    return path;
  };
  return { QEMU_IMG_PROG: make("qemu-img"), QEMU_IO_PROG: make("qemu-io") };
}

function runTests(
  folder: string,
  format: string,
  tests: readonly string[],
  work: string,
  tools: Record<string, string>,
): ReturnType<typeof parseTap> {
  const directories = { TEST_DIR: "scratch", SOCK_DIR: "sock", OUTPUT_DIR: "out" };
  const env: Record<string, string | undefined> = { ...process.env, ...tools };
  for (const [name, directory] of Object.entries(directories)) {
    env[name] = join(work, directory);
    mkdirSync(join(work, directory), { recursive: true });
  }
  const { stdout } = spawnSync(join(folder, "check"), [`-${format}`, "-tap", ...tests], {
    cwd: folder,
    env,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  return parseTap(stdout);
}

function main(args: readonly string[]): number {
  const [format = "", folder, ...tests] =
    args[0] === "--format" ? args.slice(1) : ["qcow2", ...args];
  if (folder === undefined || tests.length === 0) {
    process.stderr.write("usage: main.js [--format NAME] FOLDER TEST...\n");
    return 2;
  }
  const work = mkdtempSync(join(tmpdir(), "tabvisor-iotests-"));
  try {
    const stock = runTests(resolve(folder), format, tests, join(work, "stock"), {});
    const ours = runTests(resolve(folder), format, tests, join(work, "ours"), ourTools(work));
    const { lines, isWorse } = differences(stock, ours);
    process.stdout.write(lines.map((line) => `${line}\n`).join(""));
    return isWorse ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true });
  }
}

process.exitCode = main(process.argv.slice(2));
