import { describe, expect, test } from "vitest";
import { memoryTools } from "../image/testing.ts";
import { qemuImg } from "../qemu-img/main.ts";
import { qemuIo } from "./main.ts";

async function image(size = "64M", options: readonly string[] = []): Promise<Shell> {
  const tools = memoryTools();
  await qemuImg(["create", "-q", "-f", "qcow2", ...options, "a", size], tools);
  return {
    async io(...args) {
      await qemuIo(
        args.flatMap((line) => (line.startsWith("-") ? [line] : ["-c", line])),
        tools,
      );
      return tools.take().replaceAll(/\d\d\.\d\d sec \(.*?\)/g, "X");
    },
    async img(line) {
      await qemuImg(line.split(" "), tools);
      return tools.take();
    },
  };
}

interface Shell {
  io(...lines: string[]): Promise<string>;
  img(line: string): Promise<string>;
}

describe("requests beside one that is held up", () => {
  test("go on in other clusters and wait in its own", async () => {
    const { io } = await image();
    const said = await io(
      "open blkdebug::a",
      "write -q -P 9 0 128k",
      "break write_aio A",
      "aio_write -P 1 1M 4k",
      "wait_break A",
      "write -q -P 2 2M 64k",
      "read -q -P 2 2M 64k",
      "read -q -P 9 0 128k",
      "aio_write -P 3 1028k 4k",
      "resume A",
      "aio_flush",
      "read -q -P 1 1M 4k",
      "read -q -P 3 1028k 4k",
      "read -q -P 0 1032k 56k",
    );
    expect(said).toBe(
      "blkdebug: Suspended request 'A'\nblkdebug: Resuming request 'A'\n" +
        "wrote 4096/4096 bytes at offset 1048576\n4 KiB, 1 ops; X\n" +
        "wrote 4096/4096 bytes at offset 1052672\n4 KiB, 1 ops; X\n",
    );
  });

  test("leave a sound image", async () => {
    const { io, img } = await image();
    await io(
      "open blkdebug::a",
      "break write_aio A",
      "aio_write 0 4k",
      "wait_break A",
      "aio_write -z 0 64k",
      "flush",
      "resume A",
    );
    expect(await img("check a")).toContain("No errors were found");
    expect(await io("open a", "read -P 0 0 64k")).toMatch(/^read 65536/);
  });
});

describe("breakpoints", () => {
  test.each([
    ["open a", "break write_aio A", "Could not set a breakpoint: Operation not supported\n"],
    ["open blkdebug::a", "break nope A", "Could not set a breakpoint: No such file or directory\n"],
    ["open blkdebug::a", "resume A", "Could not resume request: No such file or directory\n"],
  ])("'%s', '%s' says why not", async (open, line, words) => {
    const { io } = await image();
    expect(await io(open, line)).toBe(words);
  });
});

describe("errors that are injected", () => {
  const failing = "open -o driver=qcow2,file.inject-error.0.event=";

  test("fail the write and leave leaks at most", async () => {
    const { io, img } = await image("1G", ["-o", "cluster_size=512"]);
    for (const event of ["l1_update", "l2_alloc_write", "refblock_alloc_hookup", "write_aio"]) {
      const said = await io(`${failing}${event} blkdebug::a`, "write 0 1M");
      expect(said).toContain("write failed: Input/output error\n");
      expect(await img("check a")).not.toContain("errors were found on the image");
    }
  });

  test("are complained of when the image is closed", async () => {
    const { io } = await image();
    // The second one is about a longer L1 table, for what is behind the disk's end.
    for (const [event, write] of [
      ["l2_alloc_write", "write 0 64k"],
      ["l1_grow_activate_table", "write -b 0 64k"],
    ] as const)
      expect(await io(`${failing}${event} blkdebug::a`, write)).toBe(
        "write failed: Input/output error\n" +
          "qemu-io: Failed to flush the L2 table cache: Input/output error\n" +
          "qemu-io: Failed to flush the refcount block cache: Input/output error\n",
      );
  });

  test("a write that failed once leaks nothing", async () => {
    const { io, img } = await image();
    const once = "file.inject-error.0.once=on";
    const said = await io(`${failing}write_aio,${once} blkdebug::a`, "write 0 1M", "write -q 0 1M");
    expect(said).toBe("write failed: Input/output error\n");
    expect(await img("check a")).toContain("No errors were found");
  });
});

test("data, preallocated zeroes and data are overwritten by one write", async () => {
  const { io, img } = await image("192k");
  await io("open a", "write -q 0 192k", "write -q -z 64k 64k");
  const rules = "file.set-state.0.event=write_aio,file.set-state.0.new_state=2";
  const failure = "file.inject-error.0.event=write_aio,file.inject-error.0.state=2";
  expect(await io(`open -o driver=qcow2,${rules},${failure} blkdebug::a`, "write -q 0 192k")).toBe(
    "",
  );
  expect(await img("map --output=json a")).toBe(
    '[{ "start": 0, "length": 196608, "depth": 0, "present": true, "zero": false, "data": true, "offset": 327680}]\n',
  );
});

describe("filters", () => {
  test("copy-on-read keeps what it reads, whole clusters of it", async () => {
    const { io, img } = await image();
    await io("open a", "write -q -P 5 1M 4k");
    await img("create -q -f qcow2 -b a -F qcow2 top");
    await io("open -o driver=copy-on-read,file.driver=qcow2 top", "read -q 0 1");
    await io("open -C top", "read -q 1M 1");
    expect(await io("open top", "map")).toBe(
      "64 KiB (0x10000) bytes     allocated at offset 0 bytes (0x0)\n" +
        "960 KiB (0xf0000) bytes not allocated at offset 64 KiB (0x10000)\n" +
        "64 KiB (0x10000) bytes     allocated at offset 1 MiB (0x100000)\n" +
        "62.938 MiB (0x3ef0000) bytes not allocated at offset 1.062 MiB (0x110000)\n",
    );
    expect(await io("open -r -C top")).toContain("Can't use copy-on-read on read-only device");
  });

  test("compress packs clusters that are written in part", async () => {
    const { io, img } = await image("1M");
    const said = await io("open -o driver=compress,file.driver=qcow2 a", "write -q -P 7 1k 100k");
    expect(said).toBe("");
    expect(await img("check a")).toContain("100.00% compressed");
    expect(await io("open a", "read -q -P 7 1k 100k", "read -q -P 0 0 1k")).toBe("");
  });
});

test("an option that nobody knows is refused", async () => {
  const { io } = await image();
  expect(await io("open -o frob=1 a")).toContain(
    "can't open device a: Block format 'qcow2' does not support the option 'frob'",
  );
  expect(await io("open -o driver=qcow2,file.frob=1 a")).toContain(
    "Block protocol 'file' doesn't support the option 'frob'",
  );
});

describe("reopen", () => {
  test.each([
    ["reopen -o node-name=foo", "Cannot change the option 'node-name'"],
    ["reopen -o file.driver=qcow2", "Cannot change the option 'driver'"],
    ["reopen -r -o read-only=on", "Cannot set both -r/-w and 'read-only'"],
    ["reopen -c none -o cache.direct=on", "Cannot set both -c and the cache options"],
    ["reopen -o cache.no-flush=bar", "Parameter 'cache.no-flush' expects 'on' or 'off'"],
    ["reopen -o cache-size=1M,l2-cache-size=2M", "l2-cache-size may not exceed cache-size"],
  ])("'%s' is refused, and the image stays open", async (line, words) => {
    const { io } = await image();
    expect(await io("open a", line, "write -q 0 64k")).toBe(`qemu-io: ${words}\n`);
  });

  test("changes what may be written and how", async () => {
    const { io } = await image();
    const said = await io("open a", "reopen -r", "write 0 1k", "reopen -w", "write -q 0 1k");
    expect(said).toBe("qemu-io: Block node is read-only\n");
  });
});

test.each([
  ["cached", "qcow2: Marking image as corrupt: Preventing invalid write on metadata"],
  ["none", "wrote 1024/1024"],
])("with overlap-check=%s, a write that an entry leads to the L1 table …", async (mode, words) => {
  const { io } = await image("64M");
  await io("open a", "write -q 0 64k");
  // The first L2 entry is at 0x40000, the L1 table at 0x30000.
  await io("open -o driver=raw a", "write -q -P 3 0x40005 1");
  expect(await io(`open -o overlap-check=${mode} a`, "write 0 1k")).toContain(words);
});

test("errors are injected below a raw node as well", async () => {
  const { io } = await image();
  const rule = "file.inject-error.0.event=write_aio,file.inject-error.0.once=on";
  expect(await io(`open -o driver=raw,${rule} blkdebug::a`, "write 0 1k", "write -q 0 1k")).toBe(
    "write failed: Input/output error\n",
  );
});

test("zeroes across a border of clusters are two parts: one of them may be a flag", async () => {
  const { io, img } = await image("128k");
  await io("open a", "write -q -P 1 0 1k", "write -q -z 60k 8k");
  expect(await img("map --output=json a")).toContain(
    '"start": 65536, "length": 65536, "depth": 0, "present": true, "zero": true, "data": false',
  );
});
