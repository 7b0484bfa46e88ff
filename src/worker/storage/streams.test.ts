/** What is uploaded to and downloaded from volumes. */
import { describe, expect, it } from "vitest";
import { StorageVolDownloadFlags } from "../../virt/driver/storage-flags.ts";
import { MIB, P, active, says, volumeOf } from "./testing/storage-bench.ts";

describe("bytes of volumes", () => {
  const fill = (length: number, value = 7) => new Uint8Array(length).fill(value);

  it("are uploaded and downloaded, with holes where they are sparse", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 0 });
    const upload = await storage.uploadVolume(P, "v");
    expect(volumeOf(storage, "v")?.job).toBe("upload");
    await upload.send(fill(MIB));
    await upload.send({ holeBytes: 2 * MIB });
    await upload.send(fill(100));
    await upload.finish();
    expect(volumeOf(storage, "v")).toMatchObject({ physicalBytes: 3 * MIB + 100 });
    expect(volumeOf(storage, "v")?.job).toBeUndefined();
    const download = await storage.downloadVolume(P, "v", {
      flags: StorageVolDownloadFlags.stream,
    });
    const pieces: [boolean, number][] = [];
    for (let piece = await download.receive(); piece !== null; piece = await download.receive())
      pieces.push("holeBytes" in piece ? [true, piece.holeBytes] : [false, piece.length]);
    await download.finish();
    expect(pieces).toEqual([
      [false, MIB],
      [true, MIB],
      [true, MIB],
      [false, 100],
    ]);
  });

  it("keep to offset and length", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 1000 });
    const upload = await storage.uploadVolume(P, "v", { offset: 100, length: 50 });
    await upload.send(fill(40));
    expect(await says(upload.send(fill(20)))).toBe(
      "cannot write file '/pools/p/v': No space left on device",
    );
    await upload.finish();
    const download = await storage.downloadVolume(P, "v", { offset: 90, length: 60 });
    expect(download.sizeBytes).toBe(60);
    const bytes = (await download.receive()) as Uint8Array;
    expect([bytes.length, bytes.indexOf(7), bytes.lastIndexOf(7)]).toEqual([60, 10, 49]);
    await download.finish();
    const beyond = await storage.downloadVolume(P, "v", { offset: 5000 });
    expect(await beyond.receive()).toBeNull();
    await beyond.abort();
  });

  it("are locked while they move, and a transfer can be given up from elsewhere", async () => {
    const { storage } = await active();
    await storage.createVolume(P, { name: "v", capacityBytes: 10 });
    const upload = await storage.uploadVolume(P, "v");
    expect(await says(storage.deleteVolume(P, "v"))).toContain("is still in use.");
    expect(await says(storage.destroyPool(P))).toBe(
      "internal error: pool 'p' has asynchronous jobs running.",
    );
    await storage.abortVolumeJob(P, "v");
    expect(await says(upload.send(fill(1)))).toContain("operation aborted");
    await storage.deleteVolume(P, "v");
  });
});
