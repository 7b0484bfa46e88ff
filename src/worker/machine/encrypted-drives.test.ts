import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { nodeDirectories } from "../../host/node/directories.ts";
import { nodeFiles } from "../../host/node/image-files.ts";
import { hostCrypto } from "../../host/web/crypto.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { openDrives } from "./open-drives.ts";

const keys = { crypto: hostCrypto, secrets: new Map([["s", Uint8Array.of(0x61)]]) };
const host = {
  files: nodeFiles,
  directories: nodeDirectories,
  web: null,
  keys,
  warn: () => {},
  nowMs: () => 0,
  after: async () => {},
};

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "tabvisor-encrypted-"));
});
afterEach(() => rmSync(root, { recursive: true }));

/** Makes an image, and @returns a drive that is unlocked by `secret`. */
async function drive(format: "luks" | "aes", secret: string) {
  const filename = join(root, "disk");
  const options = new Map<string, string | number>([
    ["encrypt.format", format],
    ["encrypt.key-secret", "s"],
  ]);
  if (format === "luks") options.set("encrypt.iter-time", 0);
  const made = { filename, format: "qcow2", sizeBytes: 1 << 20, options, keys, nowMs: 0 };
  await createImage(nodeFiles, { ...made, report: () => {} });
  const encrypt = { "key-secret": secret };
  return { id: "d", image: { kind: "file", filename, options: { encrypt } } } as const;
}

test("a drive is unlocked by a secret and holds what the guest writes", async () => {
  const spec = await drive("luks", "s");
  const first = await openDrives([spec], host);
  await first.disks.get("d")?.write(4096, [new Uint8Array(512).fill(7)]);
  await first.close();
  const second = await openDrives([spec], host);
  const block = new Uint8Array(512);
  await second.disks.get("d")?.read(4096, [block]);
  expect(block[511]).toBe(7);
  await second.close();
});

test("a secret that is not there, and legacy AES, are refused in QEMU's words", async () => {
  await expect(openDrives([await drive("luks", "t")], host)).rejects.toThrow(
    "No secret with id 't'",
  );
  await expect(openDrives([await drive("aes", "s")], host)).rejects.toThrow(
    "Use of AES-CBC encrypted qcow2 images is no longer supported in system emulators",
  );
});

test("a drive that is plugged in later brings its secret", async () => {
  const later = await drive("luks", "later");
  const drives = await openDrives([], host);
  await expect(drives.open(later)).rejects.toThrow("No secret with id 'later'");
  drives.learn([{ id: "later", bytes: Uint8Array.of(0x61) }]);
  await drives.open(later);
  expect(drives.disks.get("d")?.sizeBytes).toBe(1 << 20);
  await drives.close();
});
