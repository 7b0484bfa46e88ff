import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const STAMPS = "dist/.stamps";

/**
 * All files under the given files and directories, sorted.
 *
 * @param {readonly string[]} paths
 * @returns {string[]}
 */
function filesUnder(paths) {
  return paths
    .filter((path) => existsSync(path))
    .flatMap((path) => {
      if (!statSync(path).isDirectory()) return [path];
      return filesUnder(
        readdirSync(path)
          .filter((name) => name !== "node_modules")
          .map((name) => join(path, name)),
      );
    })
    .sort();
}

/**
 * @param {readonly string[]} inputs
 * @returns {string}
 */
function digest(inputs) {
  const hash = createHash("sha256");
  for (const file of filesUnder(inputs)) {
    if (file.endsWith(".test.ts") || file.endsWith(".test.tsx")) continue;
    hash.update(`${file}\0`).update(readFileSync(file));
  }
  return hash.digest("hex");
}

/**
 * Does `work` unless its outputs exist and were made from the inputs as they are now.
 *
 * @param {string} name of the stamp
 * @param {readonly string[]} inputs files and directories; tests in them do not count
 * @param {readonly string[]} outputs
 * @param {() => Promise<unknown>} work
 */
export async function unlessFresh(name, inputs, outputs, work) {
  const stamp = join(STAMPS, name);
  const now = digest(inputs);
  const fresh = outputs.every((path) => existsSync(path)) && existsSync(stamp);
  if (fresh && readFileSync(stamp, "utf8") === now) return;
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  // What the step read may include what it generated: the stamp is of the inputs before.
  writeFileSync(stamp, now);
}
