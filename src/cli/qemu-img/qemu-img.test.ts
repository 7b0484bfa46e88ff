import { describe, expect, test } from "vitest";
import { memoryTools } from "../image/testing.ts";
import { qemuIo } from "../qemu-io/main.ts";
import { qemuImg } from "./main.ts";

function shell(): {
  img(line: string): Promise<string>;
  io(file: string, ...lines: string[]): Promise<string>;
} {
  const tools = memoryTools();
  return {
    async img(line) {
      const status = await qemuImg(line.split(" "), tools);
      return `${tools.take()}${status === 0 ? "" : `[${status}]`}`;
    },
    async io(file, ...lines) {
      const commands = lines.flatMap((line) => ["-c", line]);
      const status = await qemuIo([...commands, file], tools);
      return `${tools.take()}${status === 0 ? "" : `[${status}]`}`;
    },
  };
}

describe("qemu-img", () => {
  test("creates and describes an image in QEMU's words", async () => {
    const { img } = shell();
    expect(await img("create -f qcow2 a 1.5G")).toBe(
      "Formatting 'a', fmt=qcow2 cluster_size=65536 extended_l2=off compression_type=zlib " +
        "size=1610612736 lazy_refcounts=off refcount_bits=16\n",
    );
    expect(await img("info a")).toMatch(
      /^image: a\nfile format: qcow2\nvirtual size: 1.5 GiB \(1610612736 bytes\)\n/,
    );
    expect(await img("check a")).toBe(
      "No errors were found on the image.\nImage end offset: 262144\n",
    );
  });

  test("takes standard options before the command", async () => {
    const { img } = shell();
    expect(await img("-V")).toBe("qemu-img version 7.2.0 (Tabvisor)\n");
    expect(await img("--vers create")).toBe("qemu-img version 7.2.0 (Tabvisor)\n");
    expect(await img("--help")).toMatch(/^usage: qemu-img /);
    expect(await img("-T enable=x create")).toBe(
      "qemu-img: warning: trace event 'x' does not exist\n" +
        "qemu-img: Expecting image file name\nTry 'qemu-img --help' for more information\n[1]",
    );
  });

  test("says what it creates before it says that it cannot", async () => {
    const tools = memoryTools();
    const screen: string[] = [];
    let kept = "";
    // As a pipe's buffer: what is printed is seen at a flush only, errors at once.
    const out = (text: string): void => void (kept += text);
    const err = (text: string): void => void screen.push(text);
    const flush = (): void => void (screen.push(kept), (kept = ""));
    const line = "create -f qcow2 -o cluster_size=512 a 1E";
    expect(await qemuImg(line.split(" "), { ...tools, out, err, flush })).toBe(1);
    expect(screen.map((text) => text.slice(0, 14))).toEqual(["Formatting 'a'", "qemu-img: a: T"]);
  });

  test.each([
    ["create -f qcow2 a 10x", "Invalid image size specified. You may use k"],
    ["create -f qcow2 -o cluster_size=1000 a 1M", "a: Cluster size must be a power of two between"],
    ["create -f nope a 1M", "a: Unknown file format 'nope'"],
    ["create -f bochs a 1M", "a: Format driver 'bochs' does not support image creation"],
    ["create -f qcow2 -o size=1M, a", "Invalid option list: size=1M,\n"],
    ["create -f qcow2 -o ,help a", "Invalid option list: ,help\n"],
    ["create -f qcow2 -o ,, a", "Invalid option list: ,,\n"],
    ["create -f qcow2 -o preallocation=off,, a 1M", "a: Parameter 'preallocation' does not accept"],
    ["convert -C -S 4k -O qcow2 a b", "Cannot enable copy offloading when -S is used"],
    ["convert -C -c -O qcow2 a b", "Cannot enable copy offloading when -c is used"],
    ["convert -C --salvage -O qcow2 a b", "Cannot use copy offloading in salvaging mode"],
    [
      "info missing",
      "Could not open 'missing': Could not open 'missing': No such file or directory",
    ],
    ["create -f qcow2 -o cluster_size=64k,, a 1M", "a: Parameter 'cluster_size' expects a non-"],
    ["create -f qcow2 -o cluster_size=64k, a 1M", "Invalid option list: cluster_size=64k,"],
    ["create -f qcow2 -o ,help a 1M", "Invalid option list: ,help"],
    ["convert -O qcow2 -o compat=1.1,,, a b", "Invalid option list: compat=1.1,,,"],
    ["measure -o  --size 1M", "Invalid option list: "],
    ["-Z", "unrecognized option '-Z'\nTry 'qemu-img --help' for more information"],
    [
      "--trace",
      "missing argument for option '--trace'\nTry 'qemu-img --help' for more information",
    ],
    ["frob", "Command not found: frob\nTry 'qemu-img --help' for more information"],
    ["create -z", "unrecognized option '-z'"],
  ])("refuses '%s'", async (line, words) => {
    expect(await shell().img(line)).toContain(`qemu-img: ${words}`);
  });

  test("keeps a chain's contents over commit and rebase", async () => {
    const { img, io } = shell();
    await img("create -f qcow2 base 4M");
    await io("base", "write -P 1 0 1M");
    await img("create -f qcow2 -b base -F qcow2 top");
    await io("top", "write -P 2 512k 1M");
    expect(await img("commit top")).toBe("Image committed.\n");
    expect(await io("base", "read -qP 1 0 512k", "read -qP 2 512k 1M")).toBe("");
    await img("create -f qcow2 other 4M");
    expect(await img("rebase -b other -F qcow2 top")).toBe("");
    expect(await io("top", "read -qP 1 0 512k", "read -qP 2 512k 1M")).toBe("");
    expect(await img("compare base top")).toBe("Images are identical.\n");
  });

  test.each(["off", "on"])(
    "resizing places clusters that read as zeroes (%s)",
    async (extended) => {
      const { img, io } = shell();
      await img("create -f qcow2 base 128k");
      await io("base", "write -P 1 0 16k", "write -P 2 64k 64k");
      await img(`create -f qcow2 -o extended_l2=${extended} -b base -F qcow2 top 31k`);
      expect(await img("resize --preallocation=metadata top 128k")).toBe("Image resized.\n");
      // Header, L1 and L2 table, refcount table and block, and both clusters of the disk.
      expect(await img("check top")).toContain(`Image end offset: ${7 * 65536}\n`);
      expect(await io("top", "read -qP 1 0 16k", "read -qP 0 16k 112k")).toBe("");
    },
  );

  test("clusters placed over a backing image show it", async () => {
    const { img, io } = shell();
    await img("create -f qcow2 base 256k");
    await io("base", "write -P 1 0 256k");
    for (const mode of ["metadata", "falloc", "full"]) {
      const options = `extended_l2=on,preallocation=${mode}`;
      await img(`create -f qcow2 -o ${options} -b base -F qcow2 top 128k`);
      await img("resize --preallocation=metadata top 512k");
      expect(await io("top", "read -qP 1 0 128k", "read -qP 0 128k 384k")).toBe("");
      expect(await img("check top")).toContain("No errors");
    }
  });

  test("zeroing part of a cluster leaves the backing image's data beside it", async () => {
    const { img, io } = shell();
    await img("create -f qcow2 -o cluster_size=1k base 4M");
    await io("base", "write -P 10 66560 1024", "write -P 11 44032 1024");
    await img("create -f qcow2 -b base -F qcow2 top");
    await io("top", "write -z 65536 1024", "write -z 40960 1024", "write -z 46080 1024");
    const reads = ["read -qP 10 66560 1024", "read -qP 11 44032 1024", "read -qP 0 65536 1024"];
    expect(await io("top", ...reads)).toBe("");
  });

  test("refuses a chain that leads back to itself", async () => {
    const { img } = shell();
    await img("create -f qcow2 a 1M");
    await img("create -f qcow2 -b a -F qcow2 b");
    await img("rebase -u -b b -F qcow2 a");
    expect(await img("compare a b")).toContain("leads back to the image itself");
  });

  test("converts, compressed too, and measures before", async () => {
    const { img, io } = shell();
    await img("create -f raw r 3M");
    await io("r", "write -P 7 64k 1M");
    await img("convert -f raw -c -O qcow2 r c");
    expect(await img("compare -f raw r c")).toBe("Images are identical.\n");
    expect(await img("check c")).toContain("100.00% compressed clusters");
    expect(await img("measure -f raw -O qcow2 r")).toBe(
      "required size: 1376256\nfully allocated size: 3473408\n",
    );
  });

  test("lists extents as JSON", async () => {
    const { img, io } = shell();
    await img("create -f qcow2 a 1M");
    await io("a", "write 64k 64k", "write -z 512k 64k");
    expect(await img("map --output=json a")).toBe(
      '[{ "start": 0, "length": 65536, "depth": 0, "present": false, "zero": true, "data": false},\n' +
        '{ "start": 65536, "length": 65536, "depth": 0, "present": true, "zero": false, "data": true, "offset": 327680},\n' +
        '{ "start": 131072, "length": 393216, "depth": 0, "present": false, "zero": true, "data": false},\n' +
        '{ "start": 524288, "length": 65536, "depth": 0, "present": true, "zero": true, "data": false},\n' +
        '{ "start": 589824, "length": 458752, "depth": 0, "present": false, "zero": true, "data": false}]\n',
    );
  });

  test("lists what is past the end of a shorter backing image as the layer's above", async () => {
    const { img } = shell();
    await img("create -f qcow2 a 64k");
    await img("create -f qcow2 -b a -F qcow2 b 128k");
    await img("create -f qcow2 -b b -F qcow2 c 192k");
    const none = '"present": false, "zero": true, "data": false}';
    expect(await img("map --output=json c")).toBe(
      `[{ "start": 0, "length": 65536, "depth": 2, ${none},\n` +
        `{ "start": 65536, "length": 65536, "depth": 1, ${none},\n` +
        `{ "start": 131072, "length": 65536, "depth": 0, ${none}]\n`,
    );
  });

  test("keeps snapshots and bitmaps", async () => {
    const { img, io } = shell();
    await img("create -f qcow2 a 1M");
    await img("snapshot -c one a");
    await img("bitmap --add a b");
    await io("a", "write 0 64k");
    expect(await img("snapshot -l a")).toMatch(/^Snapshot list:\nID .*\n1 {9}one {18}/);
    expect(await img("info a")).toContain("            name: b\n            granularity: 65536\n");
    expect(await img("snapshot -a one a")).toBe("");
    expect(await img("snapshot -d one a")).toBe("");
    expect(await img("bitmap --remove a b")).toBe("");
    expect(await img("check a")).toMatch(/^No errors were found/);
  });
});

test("converts bitmaps that can be trusted", async () => {
  const { img, io } = shell();
  await img("create -q -f qcow2 a 1M");
  await img("bitmap --add a b");
  expect(await img("convert --bitmaps -O raw a b")).toContain(
    "qemu-img: Format driver 'raw' does not support bitmaps\n",
  );
  await expect(io("a", "write 0 64k", "flush", "abort")).rejects.toThrow("signal");
  await img("bitmap --add a whole");
  expect(await img("convert --bitmaps -O qcow2 a b")).toContain(
    "qemu-img: Cannot copy inconsistent bitmap 'b'\n" +
      "Try --skip-broken-bitmaps, or use 'qemu-img bitmap --remove' to delete it\n",
  );
  expect(await img("info b")).toContain("No such file");
  expect(await img("convert --bitmaps --skip-broken-bitmaps -O qcow2 a b")).toBe(
    "qemu-img: warning: Skipping inconsistent bitmap 'b'\n",
  );
  expect(await img("info b")).toContain("name: whole\n");
});

test("rebase leaves zeroes past the old backing image's end as zeroes", async () => {
  const { img, io } = shell();
  await img("create -q -f qcow2 old 64k");
  await img("create -q -f qcow2 new 128k");
  await io("new", "write -q -P 7 0 128k");
  await img("create -q -f qcow2 -b old -F qcow2 top 128k");
  await img("rebase -b new -F qcow2 top");
  expect(await io("top", "read -qP 0 0 128k", "alloc 64k 64k")).toContain("65536/65536");
  expect(await img("map --output=json top")).toContain(
    '"start": 65536, "length": 65536, "depth": 0, "present": true, "zero": true, "data": false',
  );
});

test("salvage warns of each sector whose status cannot be had, and copies the rest", async () => {
  const { img, io } = shell();
  await img("create -q -f qcow2 a 1M");
  await io("a", "write -q -P 5 0 1M");
  const rule =
    "inject-error.0.event=none,inject-error.0.iotype=block-status,inject-error.0.sector=9";
  const source = `driver=blkdebug,image.driver=qcow2,image.file.filename=a,${rule}`;
  const said = await img(`convert --salvage --image-opts -O qcow2 ${source} b`);
  const words = "error while reading block status at offset 4608: Input/output error";
  expect(said).toBe(`qemu-img: warning: ${words}\nqemu-img: warning: ${words}\n`);
  expect(await io("b", "read -qP 5 0 1M")).toBe("");
});
