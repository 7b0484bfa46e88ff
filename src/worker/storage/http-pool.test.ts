/** Pools whose volumes a web server has. */
import { describe, expect, it } from "vitest";
import type { PoolDefinition } from "../../virt/storage/pool.ts";
import type { Fetch } from "./storage-host.ts";
import { MIB, bench, pool, says, qcow2 } from "./testing/storage-bench.ts";

describe("pools of web servers", () => {
  const W = "uuid-of-w";
  const BASE = "https://images.test/";
  const LIST =
    '<a href="a.qcow2">a</a> <a href="notes.txt">n</a> <a href="/b%20c.img">b</a> <a href="gone.iso">';

  /** A server with a list and two images; it gives parts. */
  function server(list: string): Fetch {
    const qcow2Head = new Uint8Array(2048);
    qcow2Head.set([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 3]);
    new DataView(qcow2Head.buffer).setBigUint64(24, BigInt(9 * MIB));
    const heads = new Map([
      [`${BASE}a.qcow2`, qcow2Head],
      [`${BASE}b%20c.img`, new Uint8Array(2048)],
    ]);
    return async (url, { headers }) => {
      const head = heads.get(url);
      const isPart = headers?.["Range"] === "bytes=0-2047" && head !== undefined;
      return {
        status: isPart ? 206 : url === BASE ? 200 : 404,
        headers: {
          get: (name) => (name === "Content-Range" && isPart ? "bytes 0-2047/4000" : null),
        },
        text: async () => list,
        arrayBuffer: async () => (head ?? new Uint8Array(0)).slice().buffer,
      };
    };
  }

  const web = (source: PoolDefinition["source"]): PoolDefinition => ({
    ...pool("w", ""),
    type: "http",
    source,
  });

  it("show what an index page, a JSON list or addresses name, as far as it is there", async () => {
    const shown = [];
    for (const [list, source] of [
      [LIST, { url: BASE }],
      ['["a.qcow2", {"url": "b%20c.img"}, "ftp://x/y.img", 5]', { url: BASE }],
      ["", { urls: [`${BASE}a.qcow2`, `${BASE}b%20c.img`] }],
    ] as const) {
      const { storage } = await bench({}, server(list));
      await storage.createPool(web(source));
      const { volumes, capacityBytes, availableBytes } = storage.poolByUuid(W);
      expect([capacityBytes, availableBytes]).toEqual([8000, 0]);
      shown.push(volumes.map(({ name, format, capacityBytes: size }) => [name, format, size]));
    }
    const all = [
      ["a.qcow2", "qcow2", 9 * MIB],
      ["b c.img", "raw", 4000],
    ];
    expect(shown).toEqual([all, all, all]);
  });

  it("do not start without their list, and change nothing", async () => {
    const { storage } = await bench({}, server(LIST));
    await storage.definePool(web({ url: `${BASE}none/` }));
    expect(await says(storage.startPool(W))).toContain("the server answers 404");
    await storage.definePool(web({ url: BASE }));
    await storage.startPool(W);
    const unsupported = "this function is not supported by the connection driver: storage pool do";
    expect(await says(storage.createVolume(W, qcow2("x")))).toContain(unsupported);
    expect(await says(storage.deleteVolume(W, "a.qcow2"))).toContain(unsupported);
    expect(await says(storage.wipeVolume(W, "a.qcow2"))).toContain(unsupported);
    expect(await says(storage.resizeVolume(W, "a.qcow2", MIB))).toContain(unsupported);
    expect(await says(storage.uploadVolume(W, "a.qcow2"))).toContain(unsupported);
  });
});
