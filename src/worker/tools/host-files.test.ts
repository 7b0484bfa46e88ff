import { beforeEach, expect, test } from "vitest";
import { MemoryHost } from "../../storage/memory-host.ts";
import { utf8Bytes, utf8Text } from "../../util/bytes.ts";
import { HostFiles } from "./host-files.ts";

let files: HostFiles;

beforeEach(async () => {
  const memory = new MemoryHost({ fill: (target) => void target.fill(1) });
  files = new HostFiles(memory, memory.directories);
  const file = await files.open("/a", "write");
  await files.write(file, utf8Bytes("0123456789"));
  await files.close(file);
});

test("a file is read in pieces, and from where one likes", async () => {
  const file = await files.open("/a", "read");
  expect(utf8Text(await files.readAt(file, 4, 3))).toBe("456");
  expect(utf8Text(await files.readAt(file, 8, 100))).toBe("89");
  expect(await files.readAt(file, 10, 1)).toHaveLength(0);
  // Reading on does not depend on it.
  expect(utf8Text((await files.read(file)) ?? new Uint8Array(0))).toBe("0123456789");
  expect(await files.read(file)).toBeNull();
  await files.close(file);
});

test("what is not there is told in the system's words", async () => {
  await expect(files.open("/b", "read")).rejects.toThrow("/b: No such file or directory");
});
