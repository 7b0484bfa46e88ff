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
 * What makes a step's outputs its own: they may have been overwritten by hand since.
 *
 * @param {readonly string[]} outputs
 */
function digestOutputs(outputs) {
  return digest(outputs.filter((path) => statSync(path).isFile()));
}

/**
 * Does `work` unless its outputs exist and were made from the inputs as they are now.
 *
 * @param {string} name of the stamp
 * @param {readonly string[]} inputs files and directories; tests in them do not count
 * @param {readonly string[]} outputs files whose contents count, or directories that must exist
 * @param {() => Promise<unknown>} work
 */
export async function unlessFresh(name, inputs, outputs, work) {
  const stamp = join(STAMPS, name);
  // What a step reads may include what it generates: the digest of its inputs is taken before.
  const now = digest(inputs);
  if (existsSync(stamp) && outputs.every((path) => existsSync(path))) {
    if (readFileSync(stamp, "utf8") === `${now} ${digestOutputs(outputs)}`) return;
  }
  await work();
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, `${now} ${digestOutputs(outputs)}`);
}
