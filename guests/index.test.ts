import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readLockFile } from "./deb/lockfile.ts";
import { isCurrent, listGuests } from "./index.ts";
import { publish, recipeHash } from "./publish.ts";
import { shellGuest } from "./shell/build.ts";

let cache = "";
beforeEach(() => {
  cache = mkdtempSync(join(tmpdir(), "guests-index-"));
});
afterEach(() => rmSync(cache, { recursive: true }));

const NOTHING = { kernelRelease: "6", files: {}, boot: {}, packages: [] };

test("a guest is current as long as recipe and locked packages are those that it was built by", async () => {
  const env = { TABVISOR_CACHE: cache };
  expect(isCurrent("shell", env)).toBe(false);
  await publish(cache, shellGuest, "trixie", NOTHING, { recipe: "an earlier one", quality: 5 });
  expect(isCurrent("shell", env)).toBe(false);
  const recipe = recipeHash(shellGuest, readLockFile("shell"));
  await publish(cache, shellGuest, "trixie", NOTHING, { recipe, quality: 0 });
  expect(isCurrent("shell", env)).toBe(true);
  expect(listGuests(env)[0]).toMatchObject({ name: "shell", isCurrent: true });
  expect(listGuests(env)[1]).toMatchObject({ name: "tools", directory: null, isCurrent: false });
});
