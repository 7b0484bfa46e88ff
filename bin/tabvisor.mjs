#!/usr/bin/env node
// The command line. Plain JavaScript that any Node can parse: it says what is missing.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const MAIN = new URL("../dist/src/entry/node/main.js", import.meta.url);
const CORE = new URL("../dist/core.wasm", import.meta.url);
const BUILD = new URL("../scripts/build.mjs", import.meta.url);

function isRecent(version) {
  const [major, minor] = version.split(".").map(Number);
  return major > 20 || (major === 20 && minor >= 19);
}

/** A clone has sources only: builds the code, with progress on stderr so that stdout stays the guest's. */
function buildOnce() {
  if (existsSync(MAIN) && existsSync(CORE)) return true;
  if (!existsSync(BUILD)) {
    process.stderr.write("tabvisor: this package is incomplete: dist/ is missing\n");
    return false;
  }
  const script = [fileURLToPath(BUILD), "--no-page"];
  const cwd = fileURLToPath(new URL("..", import.meta.url));
  const { status } = spawnSync(process.execPath, script, { cwd, stdio: ["ignore", 2, 2] });
  return status === 0;
}

if (!isRecent(process.versions.node)) {
  process.stderr.write(
    `tabvisor: Node 20.19 or later is needed, this is ${process.versions.node}\n`,
  );
  process.exitCode = 1;
} else if (buildOnce()) {
  const { main } = await import(MAIN.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.exitCode = 1;
}
