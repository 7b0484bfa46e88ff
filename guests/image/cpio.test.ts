import { expect, test } from "vitest";
import { writeCpio } from "./cpio.ts";
import { FileTree } from "./file-tree.ts";

function sample(): FileTree {
  const tree = new FileTree();
  tree.file("etc/name", "guest\n");
  tree.file("bin/tool", Buffer.from([1, 2, 3]), 0o755);
  tree.symlink("sbin", "bin");
  tree.directory("tmp", 0o1777);
  tree.add("dev/console", { kind: "character", mode: 0o600, major: 5, minor: 1 });
  return tree;
}

/** Reads a newc archive back, by its description rather than by the writer's code. */
function read(archive: Uint8Array): {
  entries: { name: string; fields: number[]; data: string }[];
  end: number;
} {
  const text = Buffer.from(archive).toString("latin1");
  const entries = [];
  for (let at = 0; ;) {
    expect(at % 4).toBe(0);
    expect(text.slice(at, at + 6)).toBe("070701");
    const fields = Array.from({ length: 13 }, (_, index) =>
      Number.parseInt(text.slice(at + 6 + 8 * index, at + 14 + 8 * index), 16),
    );
    const [size = 0, nameSize = 0] = [fields[6], fields[11]];
    const name = text.slice(at + 110, at + 110 + nameSize - 1);
    const dataAt = Math.ceil((at + 110 + nameSize) / 4) * 4;
    if (name === "TRAILER!!!") {
      return { entries, end: dataAt };
    }
    entries.push({ name, fields, data: text.slice(dataAt, dataAt + size) });
    at = Math.ceil((dataAt + size) / 4) * 4;
  }
}

test("all kinds of files come back with modes, dates and devices", () => {
  const archive = writeCpio(sample(), 1_700_000_000);
  const { entries, end } = read(archive);
  expect(end).toBe(archive.length);
  expect(entries.map(({ name, fields, data }) => [name, fields[1]?.toString(8), data])).toEqual([
    ["bin", "40755", ""],
    ["bin/tool", "100755", "\x01\x02\x03"],
    ["dev", "40755", ""],
    ["dev/console", "20600", ""],
    ["etc", "40755", ""],
    ["etc/name", "100644", "guest\n"],
    ["sbin", "120777", "bin"],
    ["tmp", "41777", ""],
  ]);
  expect(entries.map(({ fields }) => fields[0])).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  expect(entries.every(({ fields }) => fields[5] === 1_700_000_000)).toBe(true);
  expect(entries[3]?.fields.slice(9, 11)).toEqual([5, 1]);
});

test("the order in which files were added changes nothing", () => {
  const other = new FileTree();
  for (const [path, node] of sample().entries().toReversed()) {
    other.add(path, node);
  }
  expect(Buffer.from(writeCpio(other, 1)).equals(writeCpio(sample(), 1))).toBe(true);
});

test("a file with several names is one inode, and its last name has the data", () => {
  const tree = sample();
  const node = tree.get("bin/tool");
  if (node === undefined) throw new Error("the sample has it");
  tree.add("bin/alias", node);
  const { entries } = read(writeCpio(tree, 1));
  const links = entries.filter(({ name }) => name.startsWith("bin/"));
  expect(links.map(({ name, fields, data }) => [name, fields[4], data.length])).toEqual([
    ["bin/alias", 2, 0],
    ["bin/tool", 2, 3],
  ]);
  expect(links[0]?.fields[0]).toBe(links[1]?.fields[0]);
});

test("owners are kept", () => {
  const tree = new FileTree();
  tree.add("mail", { kind: "directory", mode: 0o2775, owner: { uid: 1, gid: 8 } });
  expect(read(writeCpio(tree, 1)).entries[0]?.fields.slice(2, 4)).toEqual([1, 8]);
});
