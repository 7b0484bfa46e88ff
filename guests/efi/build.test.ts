import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Archive } from "../deb/archive.ts";
import { silent } from "../fetch/progress.ts";
import { bytesOf, NO_WORKSHOP, SHELL_PACKAGES } from "../testing/forge-guest.ts";
import { forgeMirror } from "../testing/forge-mirror.ts";
import { efiFirmware } from "./build.ts";
import { CODE_FILE, EDK2, VARS_FILE } from "./recipe.ts";

let root = "";
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "guests-efi-"));
});
afterEach(() => rmSync(root, { recursive: true }));

test("both banks of flash as Debian has them, and OpenSBI", async () => {
  const mirror = forgeMirror(join(root, "mirror"), [
    ...SHELL_PACKAGES,
    {
      name: EDK2.name,
      version: "1",
      files: [
        { path: `./${CODE_FILE}`, contents: "code" },
        { path: `./${VARS_FILE}`, contents: "vars" },
      ],
    },
  ]);
  const fetcher = { env: {}, progress: silent };
  const where = { mirror: mirror.url, keys: mirror.keys, cache: join(root, "cache"), fetcher };
  const archive = await Archive.open({ ...where, suite: "trixie", architecture: "riscv64" });
  const contents = await efiFirmware.make(archive, null, silent, NO_WORKSHOP);
  expect(bytesOf(contents, "code").toString()).toBe("code");
  expect(bytesOf(contents, "vars").toString()).toBe("vars");
  expect(contents.packages.map(({ entry }) => entry.name)).toEqual(["opensbi", EDK2.name]);
});
