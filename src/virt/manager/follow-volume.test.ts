import { beforeEach, describe, expect, it } from "vitest";
import { storageElsewhere, storageHere } from "../../worker/storage/testing/storage-connect.ts";
import { type VmError, vmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../driver/connect.ts";
import type { StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import { followVolume } from "./follow-volume.ts";

const MIB = 2 ** 20;
const SIZE = 16 * MIB;
const POOL = "<pool type='dir'><name>p</name><target><path>/p</path></target></pool>";
const WITH_BUILD = 1;
/** `virStorageVolWipeAlgorithm`. */
const ZERO = 0;
const GUTMANN = 4;

const volumeXml = (name: string): string =>
  `<volume><name>${name}</name><capacity>${SIZE}</capacity></volume>`;

describe.each([
  ["this tab", storageHere],
  ["another tab", storageElsewhere],
])("work on a volume, followed from %s", (_, open) => {
  let connect: Connect;
  let pool: StoragePoolRef;
  let original: StorageVolRef;
  let giveUp: AbortController;
  let told: (readonly [number, number])[];

  beforeEach(async () => {
    connect = await open();
    pool = await connect.storagePoolCreateXML(POOL, WITH_BUILD);
    original = await connect.storageVolCreateXML(pool, volumeXml("v"), 0);
    giveUp = new AbortController();
    told = [];
  });

  const follow = (name: string, work: () => Promise<unknown>, after = (): void => {}) =>
    followVolume(
      connect,
      { pool: "p", name },
      {
        signal: giveUp.signal,
        progress: (done, total) => {
          told.push([done, total]);
          after();
        },
      },
      work,
    );
  const copy = () => connect.storageVolCreateXMLFrom(pool, volumeXml("copy"), original, 0);
  const wipe = (algorithm: number) => connect.storageVolWipePattern(original, algorithm, 0);
  const names = async () =>
    (await connect.storagePoolListAllVolumes(pool, 0)).map(({ name }) => name);
  const codeOf = (work: Promise<unknown>) => work.catch((error: VmError) => error.code);
  const ABORTED = vmError("operationAborted", "").code;

  it("tells the bytes that are copied, growing, of all", async () => {
    await follow("copy", copy);
    expect(told.length).toBeGreaterThan(1);
    const parts = told.map(([done]) => done);
    expect(parts).toEqual(parts.toSorted((a, b) => a - b));
    // All of its space is taken before the bytes come.
    expect(told.every(([done, total]) => done <= total && total === 2 * SIZE)).toBe(true);
    expect(await names()).toEqual(["copy", "v"]);
  });

  it("leaves nothing of a copy that is given up, and its original free", async () => {
    expect(await codeOf(follow("copy", copy, () => giveUp.abort()))).toBe(ABORTED);
    expect(await names()).toEqual(["v"]);
    await connect.storageVolDelete(original, 0);
  });

  it("keeps a volume whose wiping is given up, in its size", async () => {
    expect(
      await codeOf(
        follow(
          "v",
          () => wipe(GUTMANN),
          () => giveUp.abort(),
        ),
      ),
    ).toBe(ABORTED);
    // All of the 35 passes.
    expect(told[0]?.[1]).toBe(35 * SIZE);
    expect(await names()).toEqual(["v"]);
    expect((await connect.storageVolGetInfoFlags(original, 0)).capacity).toBe(BigInt(SIZE));
  });

  it("does not begin what is given up before", async () => {
    giveUp.abort();
    await expect(follow("copy", copy)).rejects.toThrow("aborted");
    expect(await names()).toEqual(["v"]);
  });

  it("hears nothing of other volumes, and nothing when it is over", async () => {
    await follow("other", copy);
    await follow("v", async () => {});
    await wipe(ZERO);
    expect(told).toEqual([]);
  });

  it("tells what a volume takes while it is being made", async () => {
    const sizes: bigint[] = [];
    await follow("copy", async () => {
      const made = copy();
      const ref = await connect.storageVolLookupByName(pool, "copy");
      sizes.push((await connect.storageVolGetInfoFlags(ref, 0)).allocation);
      await made;
      sizes.push((await connect.storageVolGetInfoFlags(ref, 0)).allocation);
    });
    expect(sizes[0]).toBeLessThan(BigInt(SIZE));
    expect(sizes[1]).toBe(BigInt(SIZE));
  });
});

describe("work on a volume of a connection that tells nothing", () => {
  it("is done all the same", async () => {
    const refuse = () => Promise.reject(vmError("noSupport", "virConnectVolumeJobs"));
    const connect = { connectVolumeJobs: refuse } as unknown as Connect;
    const control = { signal: new AbortController().signal, progress: () => {} };
    expect(await followVolume(connect, { pool: "p", name: "v" }, control, async () => 7)).toBe(7);
  });
});
