import { describe, expect, it } from "vitest";
import type { DriveSpec } from "../../protocol/drive-spec.ts";
import type { DirectoryHost, FileHost } from "../../storage/ports.ts";
import type { ThresholdPassed } from "../../protocol/write-threshold.ts";
import { createImage } from "../../storage/graph/creator.ts";
import { MemoryHost } from "../../storage/memory-host.ts";
import { openDrives } from "./open-drives.ts";

const host = {
  files: null,
  directories: null,
  web: null,
  warn: () => {},
  nowMs: () => 0,
  after: async () => {},
};
const bytes = Uint8Array.from({ length: 2048 }, (_, i) => i & 0xff);
const image = { kind: "bytes", name: "a.img", bytes, format: "raw" } as const;

/** Bytes at an offset, through the disk. */
function readAt(
  disk: { read(offset: number, to: readonly Uint8Array[]): unknown } | undefined,
  at: number,
) {
  const to = new Uint8Array(512);
  disk?.read(at, [to]);
  return to[0];
}

describe("openDrives", () => {
  it("opens images in memory, and leaves drives without one out", async () => {
    const drives = await openDrives([{ id: "a", image }, { id: "empty" }], host);
    const { disks } = drives;
    const disk = disks.get("a");
    expect(disk?.sizeBytes).toBe(2048);
    await disk?.write(512, [new Uint8Array(512).fill(9)]);
    expect(readAt(disk, 512)).toBe(9);
    expect(bytes[512]).toBe(0);
    expect(disks.has("empty")).toBe(false);
    await drives.close();
  });

  it("keeps a snapshot's writes from the image", async () => {
    const drives = [
      { id: "s", image, snapshot: true },
      { id: "r", image, readOnly: true },
    ];
    const { disks } = await openDrives(drives, host);
    await disks.get("s")?.write(0, [new Uint8Array(512).fill(7)]);
    expect(readAt(disks.get("s"), 0)).toBe(7);
    const rest = new Uint8Array(512);
    await disks.get("s")?.read(512, [rest]);
    expect(rest).toEqual(bytes.subarray(512, 1024));
    expect(disks.get("r")?.readOnly).toBe(true);
  });

  it("makes a file from its template once", async () => {
    const made = new Map<string, Uint8Array>();
    const directories = {
      mkdir: async () => {},
      rename: async (from: string, to: string) => {
        made.set(to, made.get(from) ?? new Uint8Array(0));
        made.delete(from);
      },
    } as unknown as DirectoryHost;
    const files: FileHost = {
      open: (path) => {
        const at = (): Uint8Array => made.get(path) ?? new Uint8Array(0);
        return {
          get sizeBytes() {
            return at().length;
          },
          allocatedBytes: () => at().length,
          read: (offset, to) => to.set(at().subarray(offset, offset + to.length)),
          write: (offset, from) => {
            const next = new Uint8Array(Math.max(at().length, offset + from.length));
            next.set(at());
            next.set(from, offset);
            made.set(path, next);
          },
          truncate: () => void made.set(path, new Uint8Array(0)),
          flush: () => {},
          close: () => {},
        };
      },
      exists: (path) => made.has(path),
      remove: () => {},
      identity: (path) => path,
      entropy: { fill: () => {} },
    };
    const template = { kind: "file", filename: "/nv/a_VARS.fd", format: "raw", template: bytes };
    const spec = { id: "n", image: template } as const;
    const where = { ...host, files, directories };
    const first = await openDrives([spec as DriveSpec], where);
    await first.disks.get("n")?.write(0, [new Uint8Array(512).fill(9)]);
    await first.close();
    expect([...made.keys()]).toEqual(["/nv/a_VARS.fd"]);
    const second = await openDrives([spec as DriveSpec], where);
    expect([readAt(second.disks.get("n"), 0), readAt(second.disks.get("n"), 513)]).toEqual([9, 1]);
    await second.close();
  });

  it("lets drives of a group share their limits", async () => {
    const group = { throttleGroup: "g", image };
    const specs = [
      { id: "a", ...group },
      { id: "b", ...group, throttle: { iopsTotal: 5 } },
      { id: "c", image },
    ];
    const drives = await openDrives(specs, host);
    const [a, b, c] = [...drives.disks.values()].map(({ throttle }) => throttle);
    expect(a).toBe(b);
    expect(c).toBeUndefined();
    drives.setThrottle("c", { iopsTotal: 1 });
    expect(drives.disks.get("c")?.throttle).toBeDefined();
    expect(() => drives.setThrottle("x", {})).toThrow("Device 'x' not found");
  });

  it("tells a device of a new size", async () => {
    const { disks } = await openDrives([{ id: "a", image }], host);
    let told = 0;
    disks.get("a")?.onResize(() => told++);
    await disks.get("a")?.resize(4096);
    expect([told, disks.get("a")?.sizeBytes]).toEqual([1, 4096]);
  });

  it.each([
    [{ id: "a", image: { kind: "file", filename: "x", format: "raw" } }, "a: Could not open 'x'"],
    [
      { id: "a", image: { ...image, format: "foo" }, option: "-drive z" },
      "-drive z: Unknown driver",
    ],
    [{ id: "a", image: { ...image, format: "qcow2" } }, "not in qcow2 format"],
  ] as const)("refuses %j", async (spec, message) => {
    await expect(openDrives([spec], host)).rejects.toThrow(message);
  });

  it("closes what is open when another image cannot be", async () => {
    let open = 0;
    const files: FileHost = {
      open: () => {
        open++;
        return {
          sizeBytes: 512,
          allocatedBytes: () => 512,
          read: () => {},
          write: () => {},
          truncate: () => {},
          flush: () => {},
          close: () => void open--,
        };
      },
      exists: () => true,
      remove: () => {},
      identity: (path) => path,
      entropy: { fill: () => {} },
    };
    const file = { kind: "file", filename: "a", format: "raw" } as const;
    const drives = [
      { id: "a", image: file },
      { id: "b", image: { ...image, format: "foo" } },
    ];
    await expect(openDrives(drives, { ...host, files })).rejects.toThrow("Unknown driver");
    expect(open).toBe(0);
    await expect(
      openDrives(
        [
          { id: "a", image: file },
          { id: "b", image: file },
        ],
        { ...host, files },
      ),
    ).rejects.toThrow("lock");
  });
});

describe("a threshold of a drive", () => {
  it("is of the image's file, whatever the format, and tells once", async () => {
    const files = new MemoryHost({ fill: () => {} });
    const filename = "/a.qcow2";
    await createImage(files, {
      ...{ filename, format: "qcow2", sizeBytes: 1 << 20 },
      ...{ options: new Map(), nowMs: 0, report: () => {} },
    });
    const file = { kind: "file", filename, format: "qcow2" } as const;
    const specs = [
      { id: "a", image: file },
      { id: "b", image },
    ];
    const drives = await openDrives(specs, { ...host, files });
    const seen: ThresholdPassed[] = [];
    drives.onThreshold = (passed) => seen.push(passed);
    const taken = files.open(filename, { write: false }).sizeBytes;
    drives.setWriteThreshold("a", taken);
    const disk = drives.disks.get("a");
    await disk?.write(0, [new Uint8Array(512).fill(1)]);
    await disk?.write(0x8_0000, [new Uint8Array(512).fill(1)]);
    await disk?.flush();
    expect(seen).toEqual([{ drive: "a", thresholdBytes: taken, excessBytes: expect.any(Number) }]);
    drives.setWriteThreshold("a", 512);
    drives.setWriteThreshold("a", 0);
    await disk?.write(0xf_0000, [new Uint8Array(512).fill(1)]);
    expect(seen).toHaveLength(1);
    drives.setWriteThreshold("b", 1);
    expect(() => drives.setWriteThreshold("c", 1)).toThrow("Device 'c' not found");
    await drives.close();
  });
});
