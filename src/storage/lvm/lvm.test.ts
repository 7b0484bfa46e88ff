import { beforeEach, describe, expect, it } from "vitest";
import { asciiBytes } from "../../util/bytes.ts";
import { Xorshift } from "../../util/xorshift.ts";
import { MemoryHost } from "../memory-host.ts";
import type { FileHost, ImageFile } from "../ports.ts";
import { formatConfig, parseConfig } from "./config-text.ts";
import { formatGroup, parseGroup } from "./group-text.ts";
import { commitText, lvmCrc, readText, writeLabel } from "./label.ts";
import { VolumeGroups, withLogicalVolumes } from "./lvm-files.ts";

const MIB = 2 ** 20;
const EXTENT = 4 * MIB;
const DEVICES = ["/pv0", "/pv1"];

let memory: MemoryHost;
let groups: VolumeGroups;
let files: FileHost;

beforeEach(async () => {
  const random = new Xorshift(1);
  memory = new MemoryHost({
    fill: (target) => target.forEach((_, i) => void (target[i] = random.below(256))),
  });
  for (const device of DEVICES)
    void memory.open(device, { write: true, create: true }).truncate(41 * MIB);
  groups = new VolumeGroups(memory, () => 1_700_000_000_000);
  files = withLogicalVolumes(memory, groups);
  await groups.create("vg0", DEVICES);
  await memory.mkdir("/dev/vg0", { recursive: true });
  await groups.attach("/dev/vg0", DEVICES);
});

const change = (work: Parameters<typeof groups.use<void>>[2]) => groups.use(DEVICES, true, work);
const look = <T>(work: Parameters<typeof groups.use<T>>[2]) => groups.use(DEVICES, false, work);
const thick = (name: string, extents: number) => ({ name, bytes: extents * EXTENT, thin: false });

async function byteAt(name: string, offset: number): Promise<number | undefined> {
  const file = await files.open(`/dev/vg0/${name}`, { write: false });
  const bytes = new Uint8Array(1);
  await file.read(offset, bytes);
  await file.close();
  return bytes[0];
}

async function put(name: string, offset: number, value: number, length = 1): Promise<void> {
  const file = await files.open(`/dev/vg0/${name}`, { write: true });
  await file.write(offset, new Uint8Array(length).fill(value));
  await file.flush();
  await file.close();
}

describe("LVM2's text", () => {
  it("is read with comments, lists and nested sections, and written as it was", () => {
    const text =
      '# c\nvg {\n\tid = "a\\"b"\n\tlist = ["x", 3]\n\tempty = []\n\tin {\n\t\tn = 7\n\t}\n}\n';
    const parsed = parseConfig(text);
    expect(formatConfig(parsed)).toBe(text.slice(4));
  });

  it.each(["vg {", "a = ", "a = [1", "} x", "a = 1e99", "a b"])(
    "is refused when it is %s",
    (text) => {
      expect(() => parseConfig(text)).toThrow("Parse error near");
    },
  );

  it("has the checksum that LVM2 wants", () => {
    // Of nothing it is the start that LVM2 gives it.
    expect(lvmCrc(new Uint8Array(0))).toBe(0xf597a6cf);
    expect(lvmCrc(asciiBytes("a"))).not.toBe(lvmCrc(asciiBytes("b")));
  });

  it("keeps every kind of segment", async () => {
    await change(async (group) => {
      await group.add(thick("root", 3));
      await group.snapshot("snap", "root");
      await group.add({ ...thick("pool", 4), isPool: true });
      await group.add({ ...thick("thin", 5), thin: true, pool: "pool" });
    });
    await put("root", EXTENT, 1);
    await put("thin", 2 * EXTENT, 1);
    const text = (await readText(memory.open("/pv0", { write: false })))?.text ?? "";
    const group = parseGroup(text);
    expect(parseGroup(formatGroup(group, 5))).toEqual(group);
    expect([...text.matchAll(/type = "([^"]+)"/g)].map(([, type]) => type)).toEqual([
      ...["striped", "striped", "striped"],
      ...["tabvisor-shared", "striped", "tabvisor-shared"],
      "striped",
      ...["tabvisor-hole", "tabvisor-thin", "tabvisor-hole"],
    ]);
  });
});

describe("a metadata area", () => {
  it("keeps the old text until the new one is all there, wherever the computer stops", async () => {
    const file = memory.open("/area", { write: true, create: true });
    void file.truncate(2 * MIB);
    await writeLabel(file, "x".repeat(32));
    let committed = await commitText(file, "first", null);
    // Long texts make the ring go round.
    for (let i = 0; i < 8; i++) {
      const before = committed.text;
      const next = `text ${i} `.repeat(20_000 + i);
      for (let stop = 0; stop < 3; stop++) {
        await expect(commitText(stoppingAfter(file, stop), next, committed)).rejects.toThrow(
          "stop",
        );
        expect((await readText(file))?.text).toBe(before);
      }
      committed = await commitText(file, next, committed);
      expect((await readText(file))?.text).toBe(next);
    }
    await expect(commitText(file, "x".repeat(MIB), committed)).rejects.toThrow("too large");
  });

  it("that is damaged is refused", async () => {
    const file = memory.open("/pv0", { write: true });
    void file.write(4608, Uint8Array.of(1));
    await expect(readText(file)).rejects.toThrow("Checksum error in metadata");
    void file.write(4096 + 30, Uint8Array.of(1));
    await expect(readText(file)).rejects.toThrow("Incorrect checksum in metadata area header");
    void file.write(512, Uint8Array.of(1));
    await expect(readText(file)).rejects.toThrow("No physical volume label read");
  });
});

/** Lets so many writes and flushes through; the one after them writes half of its bytes. */
function stoppingAfter(file: ImageFile, count: number): ImageFile {
  let left = count;
  const stop = (): never => {
    throw new Error("stop");
  };
  return {
    ...file,
    get sizeBytes() {
      return file.sizeBytes;
    },
    write(offset, bytes) {
      if (left-- > 0) return file.write(offset, bytes);
      // The header is one sector, which a disk writes as a whole.
      if (bytes.length > 512) void file.write(offset, bytes.subarray(0, bytes.length >> 1));
      return stop();
    },
    flush() {
      if (left-- > 0) return file.flush();
      return stop();
    },
  };
}

describe("logical volumes", () => {
  it("lie over all physical volumes, and are files with a length that stays", async () => {
    await change((group) => group.add(thick("root", 15)));
    const root = await files.open("/dev/vg0/root", { write: true });
    expect([root.sizeBytes, root.allocatedBytes()]).toEqual([15 * EXTENT, 15 * EXTENT]);
    await root.write(9 * EXTENT - 2, new Uint8Array(2 * EXTENT).fill(3));
    await root.truncate(0);
    expect(root.sizeBytes).toBe(15 * EXTENT);
    await expect((async () => root.truncate(16 * EXTENT))()).rejects.toMatchObject({
      errno: "ENOSPC",
    });
    await root.close();
    expect(await byteAt("root", 9 * EXTENT - 3)).toBe(0);
    expect(await byteAt("root", 11 * EXTENT - 3)).toBe(3);
    expect(await files.exists("/dev/vg0/root")).toBe(true);
    expect(await files.exists("/dev/vg0/none")).toBe(false);
  });

  it("that are new read as zeroes, whatever was there before", async () => {
    await change((group) => group.add(thick("old", 2)));
    await put("old", 0, 9, 2 * EXTENT);
    await change(async (group) => {
      await group.remove("old");
      await group.add(thick("new", 1));
      await group.resize("new", 2 * EXTENT);
    });
    expect([await byteAt("new", 5), await byteAt("new", EXTENT + 5)]).toEqual([0, 0]);
  });

  it("are refused when there is no room, and nothing has changed then", async () => {
    await change((group) => group.add(thick("a", 18)));
    await expect(change((group) => group.add(thick("b", 3)))).rejects.toMatchObject({
      errno: "ENOSPC",
    });
    expect(await look(async (group) => [group.freeBytes, group.volumes().length])).toEqual([
      2 * EXTENT,
      1,
    ]);
    for (const name of ["..", "a/b", "-x", "a"])
      await expect(change((group) => group.add(thick(name, 1)))).rejects.toThrow();
  });

  it("keep snapshots as they were, whichever of both is written to", async () => {
    await change((group) => group.add(thick("root", 2)));
    await put("root", 0, 1, 2 * EXTENT);
    await change((group) => group.snapshot("snap", "root"));
    expect(await look(async (group) => group.freeBytes)).toBe(18 * EXTENT);
    await put("root", 100, 2);
    await put("snap", EXTENT + 7, 3);
    expect([await byteAt("root", 100), await byteAt("snap", 100)]).toEqual([2, 1]);
    expect([await byteAt("root", EXTENT + 7), await byteAt("snap", EXTENT + 7)]).toEqual([1, 3]);
    expect(await look(async (group) => group.freeBytes)).toBe(16 * EXTENT);
    await change((group) => group.remove("snap"));
    expect(await look(async (group) => group.freeBytes)).toBe(18 * EXTENT);
  });

  it("take space when they are written to if they are thin, from their pool if they have one", async () => {
    await change(async (group) => {
      await group.add({ ...thick("pool", 3), isPool: true });
      await group.add({ ...thick("thin", 100), thin: true, pool: "pool" });
    });
    expect(await byteAt("thin", 50 * EXTENT)).toBe(0);
    // Two writes at once to an extent that is not there take one.
    const file = await files.open("/dev/vg0/thin", { write: true });
    await Promise.all([file.write(0, Uint8Array.of(1)), file.write(10, Uint8Array.of(2))]);
    await file.write(99 * EXTENT, Uint8Array.of(3));
    expect(file.allocatedBytes()).toBe(2 * EXTENT);
    await file.write(7 * EXTENT, Uint8Array.of(4));
    await expect(file.write(8 * EXTENT, Uint8Array.of(5))).rejects.toMatchObject({
      errno: "ENOSPC",
    });
    await file.close();
    expect([await byteAt("thin", 0), await byteAt("thin", 10)]).toEqual([1, 2]);
    await expect(change((group) => group.remove("pool"))).rejects.toMatchObject({ errno: "EBUSY" });
    await change((group) => group.resize("pool", 4 * EXTENT));
    await put("thin", 8 * EXTENT, 5);
  });

  it("are those of the newest text when a crash came between two physical volumes", async () => {
    const before = new Uint8Array(MIB);
    void memory.open("/pv1", { write: false }).read(0, before);
    await change((group) => group.add(thick("root", 2)));
    void memory.open("/pv1", { write: true }).write(0, before);
    expect(await look(async (group) => group.volumes().map(({ name }) => name))).toEqual(["root"]);
    await change((group) => group.add(thick("more", 1)));
    const texts = await Promise.all(
      DEVICES.map((path) => readText(memory.open(path, { write: false }))),
    );
    expect(texts[0]?.text).toBe(texts[1]?.text);
  });
});
