import { describe, expect, test } from "vitest";
import { Disk, type DiskOptions } from "./disk.ts";
import type { Errno } from "./errors.ts";
import { checkQcow2 } from "./formats/qcow2/check.ts";
import { createQcow2 } from "./formats/qcow2/create.ts";
import { openQcow2 } from "./formats/qcow2/open.ts";
import { Qcow2Node } from "./formats/qcow2/qcow2-node.ts";
import { RawNode } from "./formats/raw/raw-node.ts";
import type { RequestError } from "./held-requests.ts";
import { MemoryNode } from "./protocol/memory-node.ts";
import { run } from "./task.ts";
import { FaultNode } from "./testing/fault-node.ts";

const block = (value: number, count = 1): readonly Uint8Array[] => [
  new Uint8Array(512 * count).fill(value),
];

/** A disk whose host fails while `errno` is set. */
function faulty(options: DiskOptions = {}, later = false) {
  const memory = new MemoryNode(8192);
  const node = new FaultNode(memory, later);
  const host: { errno: Errno | undefined } = { errno: "ENOSPC" };
  node.fail = () => host.errno;
  const disk = new Disk(node, options);
  const errors: RequestError[] = [];
  disk.requests.onError = (error) => errors.push(error);
  return { disk, host, errors, byteAt: (at: number) => memory.bytes()[at] };
}

/** How a request stands after all that was ready has run. */
async function stateOf(request: unknown): Promise<string> {
  let state = "open";
  Promise.resolve(request).then(
    () => (state = "done"),
    (error: Error) => (state = error.message),
  );
  for (let i = 0; i < 20; i++) await Promise.resolve();
  return state;
}

test("a disk is whole blocks of its image, and hears of its new length", async () => {
  const disk = new Disk(new RawNode(new MemoryNode(1000)));
  expect(disk.sizeBytes).toBe(512);
  let told = 0;
  disk.onResize(() => told++);
  await disk.resize(4096);
  expect([disk.sizeBytes, told]).toEqual([4096, 1]);
});

test("a failure has the code that devices know", () => {
  const disk = new Disk(new RawNode(new MemoryNode(new Uint8Array(512), true)));
  expect(() => disk.write(0, block(1))).toThrow(expect.objectContaining({ code: "EPERM" }));
});

describe.each([false, true])("requests of a host that fails (later: %s)", (later) => {
  test("for want of room wait until the machine goes on, and again", async () => {
    const { disk, host, errors, byteAt } = faulty({}, later);
    const [first, second] = [disk.write(0, block(1)), disk.write(512, block(2))];
    expect(await stateOf(first)).toBe("open");
    expect(errors).toHaveLength(2);
    expect(errors[0]).toEqual({
      operation: "write",
      action: "stop",
      nospace: true,
      reason: "No space left on device",
    });
    disk.requests.retry();
    expect([await stateOf(first), await stateOf(second)]).toEqual(["open", "open"]);
    expect(errors).toHaveLength(4);
    host.errno = undefined;
    disk.requests.retry();
    expect([await stateOf(first), await stateOf(second)]).toEqual(["done", "done"]);
    expect([byteAt(0), byteAt(512)]).toEqual([1, 2]);
  });

  test("are dropped when the machine is reset", async () => {
    const { disk, host, byteAt } = faulty({}, later);
    const request = disk.write(0, block(1));
    await stateOf(request);
    disk.requests.drop();
    host.errno = undefined;
    disk.requests.retry();
    await disk.requests.settled();
    expect(await stateOf(request)).toBe("No space left on device");
    expect(byteAt(0)).toBe(0);
  });

  test.each([
    [{}, "EIO", "write", "report"],
    [{}, "ENOSPC", "flush", "stop"],
    [{}, "EIO", "read", "report"],
    [{ writeError: "report" }, "ENOSPC", "write", "report"],
    [{ writeError: "stop" }, "EIO", "write", "stop"],
    [{ writeError: "ignore" }, "EIO", "write", "ignore"],
    [{ readError: "stop" }, "EIO", "read", "stop"],
    [{ readError: "ignore" }, "EIO", "read", "ignore"],
    [{ writeError: "stop" }, "EIO", "read", "report"],
  ] as const)("with %j: %s at %s is %s", async (options, errno, kind, action) => {
    const { disk, host, errors } = faulty(options, later);
    host.errno = errno;
    const request = (async () =>
      kind === "flush" ? disk.flush() : await disk[kind](0, block(1)))();
    const ends = { report: "Input/output error", ignore: "done", stop: "open" };
    const expected = errno === "ENOSPC" && action === "report" ? "No space left on device" : "";
    expect(await stateOf(request)).toBe(expected || ends[action]);
    expect(errors).toMatchObject([{ action, nospace: errno === "ENOSPC" }]);
  });
});

test("a qcow2 image whose file had no room for a while is sound and complete afterwards", async () => {
  const file = new MemoryNode(0);
  const options = { sizeBytes: 1 << 20, version: 3, clusterSize: 512, refcountBits: 16 } as const;
  await createQcow2(file, {
    ...options,
    lazyRefcounts: false,
    extendedL2: false,
    compression: "zlib",
    preallocation: "off",
    report: () => {},
  });
  const fault = new FaultNode(file);
  const node = new Qcow2Node(await openQcow2(fault, { readOnly: false, report: () => {} }));
  const disk = new Disk(node);
  let left = 0;
  fault.fail = (operation) =>
    (operation === "write" || operation === "truncate") && left-- <= 0 ? "ENOSPC" : undefined;
  let stops = 0;
  disk.requests.onError = () => stops++;
  for (let i = 0; i < 64; i++) {
    const done = disk.write(i * 5120, block(i + 1, 3));
    // Each time there is room for a little more.
    for (let room = 1; (await stateOf(done)) === "open"; room++) {
      left = room;
      disk.requests.retry();
    }
  }
  expect(stops).toBeGreaterThan(64);
  left = Infinity;
  await disk.close();
  const again = await openQcow2(file, { readOnly: true, report: () => {}, forCheck: true });
  expect(await run(checkQcow2(again, "none"))).toMatchObject({ corruptions: 0, checkErrors: 0 });
  const reader = new Qcow2Node(again);
  for (let i = 0; i < 64; i++) {
    const bytes = new Uint8Array(1536);
    await reader.read(i * 5120, [bytes]);
    expect(bytes.every((byte) => byte === i + 1)).toBe(true);
  }
});

test("zeroes that are written take no space where the drive says so", async () => {
  for (const detectZeroes of ["off", "on", "unmap"] as const) {
    const calls: string[] = [];
    const fault = new FaultNode(new MemoryNode(8192));
    fault.fail = (operation) => void calls.push(operation);
    const disk = new Disk(fault, { detectZeroes });
    await disk.write(0, [new Uint8Array(512), new Uint8Array(512)]);
    await disk.write(0, [new Uint8Array(512), new Uint8Array(512).fill(1)]);
    expect(calls).toEqual([detectZeroes === "off" ? "write" : "writeZeroes", "write"]);
  }
});

test("requests are counted by kind, with their time", async () => {
  let now = 0;
  const { disk, host } = faulty({ nowMs: () => (now += 2) });
  host.errno = undefined;
  await disk.write(0, block(1, 2));
  await disk.read(0, block(0));
  await disk.read(512, block(0));
  await disk.flush();
  await disk.discard(0, 1024);
  host.errno = "EIO";
  expect(() => disk.read(0, block(0))).toThrow();
  expect(disk.account.stats()).toEqual({
    rdReq: 2,
    rdBytes: 1024,
    wrReq: 1,
    wrBytes: 1024,
    flushReq: 1,
    unmapReq: 1,
    unmapBytes: 1024,
    rdTotalTimeNs: 4e6,
    wrTotalTimeNs: 2e6,
    flushTotalTimeNs: 2e6,
    errors: 1,
  });
});
