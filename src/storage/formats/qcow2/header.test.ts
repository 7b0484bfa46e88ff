import { expect, test } from "vitest";
import { MemoryNode } from "../../protocol/memory-node.ts";
import { createQcow2 } from "./create.ts";
import { type Qcow2Header, encodeHeader, headerSector, parseHeader } from "./header.ts";
import { readHeader } from "./open.ts";

/** A sound header with so many bytes of fields that are not known. */
async function headerWith(unknownBytes: number): Promise<Qcow2Header> {
  const file = new MemoryNode();
  await createQcow2(file, {
    ...{
      sizeBytes: 1 << 20,
      version: 3,
      clusterSize: 4096,
      refcountBits: 16,
      lazyRefcounts: false,
    },
    ...{ extendedL2: false, compression: "zlib", preallocation: "off", report: () => {} },
  });
  return { ...(await readHeader(file)), unknownFields: new Uint8Array(unknownBytes).fill(7) };
}

test("fields that are not known are kept, in a sector where they fit", async () => {
  const header = await headerWith(16);
  for (const bytes of [encodeHeader(header), headerSector(header)])
    expect(parseHeader(bytes as Uint8Array, 0).unknownFields).toEqual(header.unknownFields);
});

test("a header with more of them than a sector, or a cluster, has room for does not fit", async () => {
  expect(headerSector(await headerWith(512))).toBeNull();
  const tooLong = await headerWith(4096);
  expect(() => encodeHeader(tooLong)).toThrow("No space left on device");
});
