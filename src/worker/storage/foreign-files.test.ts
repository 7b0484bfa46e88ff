/** Files in a pool's directory that the pool did not make. */
import { describe, expect, it } from "vitest";
import { MIB, P, active, says, volumeOf, qcow2 } from "./testing/storage-bench.ts";

describe("foreign files", () => {
  it("are shown as far as they can be read", async () => {
    const { storage, host } = await active();
    const put = (name: string, bytes: Uint8Array) =>
      void host.open(`/pools/p/${name}`, { write: true, create: true }).write(0, bytes);
    await storage.createVolume(P, qcow2("a"));
    await storage.createVolume(P, qcow2("b", { backing: { path: "/pools/p/a", format: "qcow2" } }));
    const backed = qcow2("c", { backing: { path: "../../../etc/passwd", format: "raw" } });
    expect(await says(storage.createVolume(P, backed))).toContain("inaccessible backing store");
    put("short", Uint8Array.of(0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3));
    put("text", new Uint8Array(5));
    put("empty", new Uint8Array(0));
    const huge = new Uint8Array(65_536);
    void host.open("/pools/p/a", { write: false }).read(0, huge);
    new DataView(huge.buffer).setBigUint64(24, 2n ** 63n - 1n);
    put("huge", huge);
    await host.mkdir("/pools/p/lost+found");
    await storage.refreshPool(P);
    const shown = storage
      .poolByUuid(P)
      .volumes.map(({ name, type, format, capacityBytes }) => [name, type, format, capacityBytes]);
    expect(shown).toEqual([
      ["a", "file", "qcow2", 20 * MIB],
      ["b", "file", "qcow2", 20 * MIB],
      ["empty", "file", "raw", 0],
      ["huge", "file", "qcow2", 2 ** 63],
      ["lost+found", "dir", "dir", 0],
      ["short", "file", "qcow2", 8],
      ["text", "file", "raw", 5],
    ]);
    expect(await says(storage.wipeVolume(P, "lost+found"))).toContain("is a directory");
    await storage.deleteVolume(P, "lost+found");
  });

  it("whose backing chain is a circle are volumes like others, but no source of a clone", async () => {
    const { storage, host } = await active();
    await storage.createVolume(P, qcow2("a"));
    const backing = { path: "/pools/p/a", format: "qcow2" };
    await storage.createVolume(P, qcow2("b", { backing }));
    // Another image under the same name closes the circle.
    await storage.deleteVolume(P, "a");
    await storage.createVolume(P, qcow2("c", { backing: { path: "/pools/p/b", format: "qcow2" } }));
    await host.rename("/pools/p/c", "/pools/p/a");
    await storage.refreshPool(P);
    expect(volumeOf(storage, "a")?.backing?.path).toBe("/pools/p/b");
    const clone = storage.cloneVolume(P, qcow2("x"), { pool: P, name: "a" });
    expect(await says(clone)).toContain("The backing file chain leads back to the image itself");
    await storage.deleteVolume(P, "a");
  });
});
