import { describe, expect, test } from "vitest";
import { run } from "../task.ts";
import { MemoryImage } from "../testing/format-images.ts";
import { blockNodeContract, mirrorOperations } from "../testing/node-contract.ts";
import { findDriver } from "./drivers.ts";

interface Variant {
  readonly format: string;
  readonly options?: Readonly<Record<string, string | number | boolean>>;
  readonly canResize?: boolean;
}

const VARIANTS: readonly Variant[] = [
  { format: "vdi" },
  { format: "vdi", options: { static: true } },
  { format: "qed", options: { cluster_size: 4096, table_size: 2 }, canResize: false },
  { format: "qed" },
  { format: "vpc", options: { force_size: true } },
  { format: "vpc", options: { force_size: true, subformat: "fixed" } },
  { format: "vhdx", options: { block_size: 1 << 20 } },
  { format: "vhdx", options: { block_size: 1 << 20, subformat: "fixed", block_state_zero: false } },
  { format: "vmdk" },
  { format: "vmdk", options: { zeroed_grain: true } },
  { format: "vmdk", options: { subformat: "monolithicFlat" } },
  { format: "vmdk", options: { subformat: "twoGbMaxExtentSparse" } },
];

const SIZE = 3 << 20;

describe.each(VARIANTS)("$format $options", ({ format, options, canResize = false }) => {
  const make = (): Promise<MemoryImage> => {
    const driver = findDriver(format);
    if (driver === undefined) throw new Error(`no format ${format}`);
    return new MemoryImage(driver).make(SIZE, options);
  };

  blockNodeContract(async () => (await make()).open(), {
    fixedEnd: true,
    sizeBytes: SIZE,
    canResize,
  });

  test("keeps what was written when it is opened again, and is sound", async () => {
    const image = await make();
    const node = await image.open();
    const shadow = await mirrorOperations(node, 60, 3);
    await node.close();
    const again = await image.open({ readOnly: true });
    const found = new Uint8Array(SIZE);
    await again.read(0, [found]);
    expect(found.every((byte, i) => byte === shadow[i])).toBe(true);
    if (again.check === undefined) return;
    expect(await run(again.check("none"))).toMatchObject({ corruptions: 0, leaks: 0 });
  });

  test("refuses writes where it is opened for reading", async () => {
    const node = await (await make()).open({ readOnly: true });
    expect(() => node.write(0, [new Uint8Array(512)])).toThrow("Operation not permitted");
  });
});
