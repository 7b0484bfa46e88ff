import { describe, expect, test } from "vitest";
import { FileError, type PathKind } from "../virtinst/host.ts";
import { FakeToolHost, testConnection } from "../virtinst/testing.ts";
import type { CloneHost, LocalFile } from "./host.ts";
import { virtClone } from "./main.ts";

function domain(name: string, inside: string): string {
  return (
    "<domain type='test' xmlns:test='http://libvirt.org/schemas/domain/test/1.0'>" +
    `<name>${name}</name><memory>1024</memory><os><type>hvm</type></os>` +
    `<devices>${inside}</devices><test:runstate>5</test:runstate></domain>`
  );
}

function disk(path: string, target: string): string {
  return `<disk type='file'><source file='${path}'/><target dev='${target}' bus='virtio'/></disk>`;
}

const NODE = `<node>
  ${domain(
    "web",
    `${disk("/pool/web.img", "vda")}${disk("/pool/data.raw", "vdb")}
     <interface type='user'><mac address='00:16:3e:00:00:01'/></interface>
     <graphics type='vnc' port='5901'/>`,
  )}
  ${domain("web-clone", "")}
  ${domain("local", disk("/media/disk", "vda"))}
  <pool type='dir'><name>pool</name><target><path>/pool</path></target>
    <volume><name>web.img</name><capacity>4096</capacity><allocation>10</allocation></volume>
    <volume><name>data.raw</name><capacity>4096</capacity><allocation>10</allocation></volume>
  </pool>
</node>`;

const SIZE = 20_000;

/** Files of bytes, and the pieces that were written to them. */
class MemoryFiles {
  readonly bytes = new Map<string, Uint8Array>([["/media/disk", new Uint8Array(SIZE)]]);
  readonly writes: [at: number, length: number][] = [];

  async open(path: string, mode: "read" | "write"): Promise<LocalFile> {
    const old = this.bytes.get(path);
    if (!old && mode === "read") throw new FileError(2, "No such file or directory", path);
    if (!old) this.bytes.set(path, new Uint8Array());
    const contents = (): Uint8Array => this.bytes.get(path) ?? new Uint8Array();
    const resize = async (size: number): Promise<void> => {
      const grown = new Uint8Array(size);
      grown.set(contents().subarray(0, size));
      this.bytes.set(path, grown);
    };
    return {
      read: async (buffer, at) => {
        const found = contents().subarray(at, at + buffer.length);
        buffer.set(found);
        return found.length;
      },
      write: async (data, at) => {
        this.writes.push([at, data.length]);
        if (contents().length < at + data.length) await resize(at + data.length);
        contents().set(data, at);
      },
      resize,
      close: async () => undefined,
    };
  }
}

class FakeCloneHost extends FakeToolHost implements CloneHost {
  readonly #files: MemoryFiles;

  constructor(files: MemoryFiles) {
    super(() => testConnection("test:///node.xml", { "/node.xml": NODE }));
    this.#files = files;
  }

  override readonly pathKind = async (path: string): Promise<PathKind> =>
    this.#files.bytes.has(path) ? "file" : undefined;
  readonly openFile = (path: string, mode: "read" | "write"): Promise<LocalFile> =>
    this.#files.open(path, mode);
  readonly sizeOf = async (path: string): Promise<number> =>
    this.#files.bytes.get(path)?.length ?? 0;
  readonly freeBytes = async (): Promise<number> => 2 ** 30;
  readonly readText = async (path: string): Promise<string> => {
    throw new FileError(2, "No such file or directory", path);
  };
}

interface Run {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly files: MemoryFiles;
}

async function run(...args: readonly string[]): Promise<Run> {
  const files = new MemoryFiles();
  files.bytes.get("/media/disk")?.set([1, 2, 3], 9000);
  const host = new FakeCloneHost(files);
  const status = await virtClone(args, host);
  return { status, out: host.output, err: host.errors, files };
}

describe("virt-clone", () => {
  test("chooses names, paths, addresses and ports", async () => {
    const { status, out } = await run("-o", "web", "--auto-clone", "--print-xml");
    expect(status).toBe(0);
    expect(out).toContain("<name>web-clone1</name>");
    expect(out).toContain('<source file="/pool/web-clone1.img"/>');
    expect(out).toContain('<source file="/pool/data-clone.raw"/>');
    expect(out).toContain('<mac address="00:16:3e:01:02:03"/>');
    expect(out).toContain('<graphics type="vnc" port="-1">');
  });

  test("copies volumes and tells how far it is", async () => {
    const { status, out } = await run("-o", "web", "-n", "two", "-f", "/pool/a", "-f", "/pool/b");
    expect(out).toMatch(/\rAllocating 'a' +\| +0 B {2}00:00 ... \n\rAllocating 'b' /);
    expect(out).toContain("\nClone 'two' created successfully.\n");
    expect(status).toBe(0);
  });

  test("copies files itself where there is no volume, with holes", async () => {
    const { status, files } = await run("-o", "local", "--auto-clone");
    expect(status).toBe(0);
    expect(files.bytes.get("/media/disk-clone")).toEqual(files.bytes.get("/media/disk"));
    expect(files.writes).toEqual([[8192, 4096]]);
  });

  test("writes everything where holes are not wanted", async () => {
    const { files } = await run("-o", "local", "--auto-clone", "--nonsparse");
    expect(files.writes).toEqual([[0, SIZE]]);
  });

  test("leaves no guest behind whose disks cannot be made", async () => {
    const args = ["-o", "web", "-n", "two", "-f", "/pool/a", "-f", "/pool/a"];
    const { status, err } = await run(...args);
    expect(status).toBe(1);
    expect(err).toContain("ERROR    Couldn't create storage volume 'a': ");
  });

  test.each([
    [["-o", "web"], "Either --auto-clone or --file is required"],
    [["-o", "nosuch", "--auto-clone"], "Domain 'nosuch' was not found."],
    [["-o", "web", "-n", "web", "--auto-clone"], "Guest name 'web' is already in use."],
    [["-o", "web", "--auto-clone", "-m", "00:16:3E:00:00:01"], "is in use by another"],
    [["--original-xml", "x", "--auto-clone"], "[Errno 2] No such file or directory: 'x'"],
    [
      ["-o", "web", "-n", "two", "--auto-clone", "--preserve-data"],
      "Must specify storage creation parameters for non-existent path '/pool/two.img'",
    ],
  ])("refuses %j", async (args, words) => {
    const { status, err } = await run(...args);
    expect(status).toBe(1);
    expect(err).toContain(words);
  });

  test("lists its options", async () => {
    const { out } = await run("--help");
    expect(out).toContain("usage: virt-clone --original [NAME] ...\n");
    expect(out).toContain("\n  --skip-copy TARGET    share that disk with the original\n");
    expect(out).not.toContain("test-nodry");
  });
});
