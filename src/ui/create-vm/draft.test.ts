import { describe, expect, it, test } from "vitest";
import { en } from "../i18n/en.ts";
import { translator } from "../i18n/catalogue.ts";
import type { Draft } from "./draft.ts";
import { type Field, problemsOf, warningsOf } from "./problems.ts";
import { AROUND, localFile, settled, volume, webImage } from "./testing/surroundings.ts";

const t = translator(en);
const GIB = 1;

/** What is said of a field. */
function said(
  field: Field,
  changes: Partial<Draft>,
  around: Partial<typeof AROUND> = {},
): string[] {
  const all = { ...AROUND, ...around };
  const draft = settled(changes, around);
  return [...problemsOf(draft, all), ...warningsOf(draft, all)]
    .filter((each) => each.field === field)
    .map((each) => each.say(t));
}

describe("where nothing was chosen", () => {
  it("the first image runs with what it is comfortable with, under a name that is free", () => {
    expect(settled({})).toMatchObject({
      name: "debian-shell-2",
      memoryMib: 256,
      vcpus: 2,
      storage: "none",
      network: "",
    });
    expect(problemsOf(settled({}), AROUND)).toEqual([]);
  });

  test.each<[string, Partial<Draft>, Partial<typeof AROUND>, object]>([
    [
      "a disk guest's disk is its own",
      { guest: "debian" },
      {},
      { name: "debian", memoryMib: 512, medium: "disk" },
    ],
    [
      "an installer gets a disk",
      { guest: "installer" },
      {},
      { name: "debian-installer", storage: "new", size: { text: "8" } },
    ],
    [
      "a file gives its name",
      { source: "file", image: localFile("my disk.qcow2", { kind: "disk", format: "qcow2" }) },
      {},
      { name: "my disk", memoryMib: 1024, medium: "disk" },
    ],
    [
      "an ISO image gets a disk beside it",
      { source: "file", image: localFile("d.iso", { kind: "iso" }) },
      {},
      { storage: "new", medium: "iso" },
    ],
    [
      "an address gives its last part",
      { source: "url", url: "https://h/x/de%20b.raw?v=1" },
      {},
      { name: "de b", way: "overlay" },
    ],
    [
      "a server without parts is copied from",
      { source: "url", url: "https://h/a" },
      { web: webImage("https://h/a", { kind: "iso" }, false) },
      { way: "copy" },
    ],
    ["one processor is not halved", {}, { host: { ...AROUND.host, cpus: 2 } }, { vcpus: 1 }],
  ])("%s", (_, changes, around, expected) =>
    expect(settled(changes, around)).toMatchObject(expected),
  );
});

describe("what is wrong is said in libvirt's words, or virt-manager's", () => {
  test.each<[Field, Partial<Draft>, string]>([
    ["name", { name: "" }, "missing name information."],
    ["name", { name: "a/b" }, "XML error: name a/b cannot contain '/'."],
    [
      "name",
      { name: "debian-shell" },
      "operation failed: domain 'debian-shell' already exists with uuid 6695eb01-f6a4-8304-79aa-97f2502e193f.",
    ],
    ["memory", { memoryMib: 62 }, "Between 64 and 3072 MiB."],
    ["memory", { memoryMib: Number.NaN }, "Between 64 and 3072 MiB."],
    ["memory", { memoryMib: 129 }, "A multiple of 2 MiB."],
    ["memory", { memoryMib: 100 }, "This image needs 112 MiB to boot."],
    [
      "memory",
      { memoryMib: 3000 },
      "More than the 2048 MiB of this computer that the browser tells of.",
    ],
    ["vcpus", { vcpus: 0 }, "XML error: invalid maxvcpus 0."],
    ["vcpus", { vcpus: 1.5 }, "XML error: maximum vcpus count must be an integer."],
    [
      "vcpus",
      { vcpus: 17 },
      "unsupported configuration: Maximum CPUs greater than specified machine type limit 16.",
    ],
    [
      "vcpus",
      { vcpus: 5 },
      "Overcommitting vCPUs can hurt performance: this computer has 4 processors.",
    ],
    ["size", { storage: "new", size: { text: "", unit: GIB } }, "A size above 0."],
    [
      "size",
      { storage: "new", size: { text: "20", unit: GIB } },
      "The requested volume capacity will exceed the available pool space when the volume is fully allocated. (20 GiB requested, 10 GiB available)",
    ],
    ["existing", { storage: "existing" }, "A storage path must be specified."],
    [
      "existing",
      { storage: "existing", existing: volume("/used.img") },
      "Disk “/used.img” is already in use by other guests: other.",
    ],
    ["image", { source: "file" }, "An install media selection is required."],
    [
      "image",
      { source: "file", image: localFile("a.gz", { kind: "packed", by: "gzip" }) },
      "It is compressed with gzip: unpack it first.",
    ],
    [
      "pool",
      { source: "file", pool: "small", image: localFile("a", { kind: "iso" }, 2 ** 20 + 1) },
      "There is not enough free space to create the disk. 1 MiB requested > 1 MiB available",
    ],
    [
      "image",
      {
        source: "file",
        image: { ...localFile("a", { kind: "disk", format: "qcow2" }), hasBacking: true },
      },
      "This image stands on another one, without which it is of no use.",
    ],
    ["image", { source: "file", image: localFile("a", { kind: "empty" }) }, "This file is empty."],
    [
      "image",
      {
        source: "file",
        image: { ...localFile("a.pdf", { kind: "disk", format: "raw" }), isGuess: true },
      },
      "It has no partition table and no file system that is known: nothing may boot from it.",
    ],
    ["volume", { source: "import" }, "A storage path must be specified."],
    ["kernel", { source: "kernel" }, "A kernel is required."],
    [
      "kernel",
      { source: "kernel", kernel: localFile("i", { kind: "initrd" }) },
      "This is no Linux kernel.",
    ],
    [
      "kernel",
      { source: "kernel", kernel: localFile("k", { kind: "empty" }) },
      "This file is empty.",
    ],
    [
      "kernel",
      { source: "kernel", kernel: localFile("u-boot.bin", { kind: "disk", format: "raw" }) },
      "It has no header of a Linux kernel: it is started as a plain program, if it is one.",
    ],
    [
      "kernel",
      { source: "kernel", kernel: localFile("b", { kind: "foreign", what: "x86" }) },
      "This kernel is for another machine (x86), not for RISC-V.",
    ],
    ["url", { source: "url", url: "ftp://h/a" }, "An address begins with “https://”."],
    ["url", { source: "url", url: "https://h/a" }, "What is at this address is not known yet."],
  ])("%s %j", (field, changes, text) => expect(said(field, changes)).toContain(text));

  it("of an address that is read in parts from a server that has none", () => {
    const web = webImage("https://h/a", { kind: "iso" }, false);
    const changes = { source: "url", url: "https://h/a", way: "overlay" } as const;
    expect(said("url", changes, { web })).toEqual([
      "This server sends its images only as a whole: copy it.",
    ]);
  });

  it("step by step, the first step's first", () => {
    const draft = settled({ source: "kernel", vcpus: 0, name: "" });
    expect(problemsOf(draft, AROUND).map(({ field }) => field)).toEqual([
      "kernel",
      "vcpus",
      "name",
    ]);
  });
});
