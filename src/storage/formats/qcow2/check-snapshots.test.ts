import { expect, test } from "vitest";
import { viewOf } from "../../../util/bytes.ts";
import type { CheckResult, Repair } from "../../check-result.ts";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { run } from "../../task.ts";
import { upgrade } from "./amend.ts";
import { checkQcow2 } from "./check.ts";
import { createQcow2 } from "./create.ts";
import { getU64 } from "./format.ts";
import { openQcow2 } from "./open.ts";
import { createSnapshot } from "./snapshots.ts";

interface Checked {
  readonly result: CheckResult;
  readonly reports: readonly string[];
}

async function imageWithSnapshots(version: 2 | 3, names: readonly string[]): Promise<MemoryNode> {
  const file = new MemoryNode();
  await createQcow2(file, {
    sizeBytes: 1 << 20,
    version,
    clusterSize: 4096,
    refcountBits: 16,
    lazyRefcounts: false,
    extendedL2: false,
    compression: "zlib",
    preallocation: "off",
    report: expect.unreachable,
  });
  const image = await openQcow2(file, { readOnly: false, report: expect.unreachable });
  for (const name of names)
    await run(createSnapshot(image, { name, dateSeconds: 1, dateNanoseconds: 2 }));
  return file;
}

/** Changes the first 64 bytes of the header or of the snapshot table. */
function poke(file: MemoryNode, where: "header" | "table", change: (view: DataView) => void): void {
  const at = where === "header" ? 0 : getU64(viewOf(file.bytes()), 64);
  const bytes = new Uint8Array(64);
  file.read(at, [bytes]);
  change(viewOf(bytes));
  file.write(at, [bytes]);
}

/** Leaves the size of the machine's state only, before the id and the name. */
function shorten(view: DataView): void {
  view.setUint32(36, 8);
  view.setUint16(48, ("1".charCodeAt(0) << 8) | "a".charCodeAt(0));
}

async function check(file: MemoryNode, repair: Repair): Promise<Checked> {
  const reports: string[] = [];
  const report = (message: string): void => void reports.push(message);
  const image = await openQcow2(file, { readOnly: repair === "none", report, forCheck: true });
  try {
    return { result: await run(checkQcow2(image, repair)), reports };
  } catch (error) {
    throw new Error([...reports, String(error)].join("\n"), { cause: error });
  }
}

const names = async (file: MemoryNode): Promise<string[]> =>
  (await openQcow2(file, { readOnly: true, report: expect.unreachable })).snapshots.map(
    ({ name }) => name,
  );

test("rows that lack what version 3 demands are completed", async () => {
  const file = await imageWithSnapshots(3, ["a"]);
  poke(file, "table", shorten);
  const found = await check(file, "none");
  expect(found.reports).toEqual(["ERROR snapshot table entry 0 is incomplete"]);
  expect(found.result.corruptions).toBe(1);
  const repaired = await check(file, "all");
  expect(repaired.reports).toEqual(["Repairing snapshot table entry 0 is incomplete"]);
  expect(repaired.result).toMatchObject({ corruptions: 0, corruptionsFixed: 1, leaks: 0 });
  expect((await check(file, "none")).reports).toEqual([]);
  expect(await names(file)).toEqual(["a"]);
});

test("upgrading completes rows that version 2 allows to be short", async () => {
  const file = await imageWithSnapshots(2, ["a"]);
  poke(file, "table", shorten);
  expect((await check(file, "none")).reports).toEqual([]);
  await run(upgrade(await openQcow2(file, { readOnly: false, report: expect.unreachable })));
  expect((await check(file, "none")).reports).toEqual([]);
  expect(await names(file)).toEqual(["a"]);
});

test("too much extra data are cut", async () => {
  const file = await imageWithSnapshots(3, ["a"]);
  poke(file, "table", (view) => view.setUint32(36, 65_536));
  file.truncate(1 << 20);
  const words =
    "Too much extra metadata in snapshot table entry 0\n" +
    "You can force-remove this extra metadata with qemu-img check -r all";
  await expect(names(file)).rejects.toThrow(words);
  await expect(check(file, "none")).rejects.toThrow(
    `qemu-img: ERROR failed to read the snapshot table: ${words}\n`,
  );
  const { reports, result } = await check(file, "all");
  expect(reports[0]).toBe(
    "Discarding too much extra metadata in snapshot table entry 0 (65536 > 1024)",
  );
  expect(result.corruptions).toBe(0);
  expect((await check(file, "none")).reports).toEqual([]);
  expect(await names(file)).toHaveLength(1);
});

test("snapshots beyond the most that there may be are let go", async () => {
  const file = await imageWithSnapshots(2, ["a"]);
  // Rows of zeroes are rows.
  poke(file, "header", (view) => view.setUint32(60, 65_537));
  file.truncate(4 << 20);
  await expect(names(file)).rejects.toThrow("Snapshot table too large");
  await expect(check(file, "none")).rejects.toThrow(
    "qemu-img: ERROR snapshot table too large\n" +
      "You can force-remove all 1 overhanging snapshots with qemu-img check -r all",
  );
  const { reports, result } = await check(file, "all");
  expect(reports[0]).toBe("Discarding 1 overhanging snapshots");
  expect(result.corruptions).toBe(0);
  expect(viewOf(file.bytes()).getUint32(60)).toBe(65_536);
});
