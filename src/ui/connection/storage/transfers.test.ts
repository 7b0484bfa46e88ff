import { MessageChannel, type MessagePort } from "node:worker_threads";
import { describe, expect, it } from "vitest";
import type { Connect } from "../../../virt/driver/connect.ts";
import type { DriverConnection } from "../../../virt/driver/driver.ts";
import { poolCalls } from "../../../virt/drivers/qemu/pool-calls.ts";
import type { QemuState } from "../../../virt/drivers/qemu/qemu-state.ts";
import { volumeCalls } from "../../../virt/drivers/qemu/volume-calls.ts";
import { openRemote } from "../../../virt/remote/client.ts";
import type { Channel } from "../../../virt/remote/messages.ts";
import { serveRemote } from "../../../virt/remote/server.ts";
import { sessionTexts } from "../../../host/browser/opfs-texts.ts";
import { PoolFiles } from "../../../virt/drivers/qemu/pool-files.ts";
import { openStorage } from "../../../virt/storage/storage-driver.ts";
import { memoryStorage } from "../../../worker/storage/memory-storage.ts";
import type { TaskControl } from "../../shell/tasks.ts";
import { withHoles } from "../../../virt/manager/upload-stream.ts";
import { fileContent } from "../../common/file-content.ts";
import { downloadVolume, physicalBytes, uploadVolume } from "./transfers.ts";
import type { Sink } from "./volume-streams.ts";

const MIB = 2 ** 20;
const POOL =
  "<pool type='dir'><name>p</name><uuid>11111111-2222-3333-4444-555555555555</uuid><target><path>/p</path></target></pool>";
const WITH_BUILD = 1;

/** The driver's storage calls over storage in memory. */
async function here(): Promise<Connect> {
  let last = 0;
  const { engine } = memoryStorage({
    capacityBytes: 1024 * MIB,
    fetch: () => Promise.reject(new Error("no network")),
    web: null,
    nowMs: () => 0,
    turn: () => new Promise((resolve) => setTimeout(resolve)),
    entropy: { fill: (target) => void target.fill(1) },
  });
  const newUuid = () => `job ${(last += 1)}`;
  const storage = await openStorage(
    {
      store: new PoolFiles({ files: sessionTexts(), newUuid }, () => {}),
      engine: async () => engine,
      usersOf: () => [],
      persist: async () => {},
      newUuid,
      delay: () => new Promise((resolve) => setTimeout(resolve)),
    },
    [],
  );
  const state = { storage, ports: { newUuid } } as unknown as QemuState;
  return {
    ...poolCalls(state),
    ...volumeCalls(state),
    close: async () => {},
  } as unknown as Connect;
}

function channelOf<In, Out>(port: MessagePort): Channel<In, Out> {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on("message", listener),
    onClose: (listener) => void port.on("close", listener),
    close: () => port.close(),
  };
}

/** The same calls, made from another tab. */
async function elsewhere(): Promise<Connect> {
  const driver = (await here()) as unknown as DriverConnection;
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  port2.unref();
  serveRemote(channelOf(port1), async () => driver);
  return (await openRemote(channelOf(port2), "/system")) as unknown as Connect;
}

function control(abort = new AbortController()): TaskControl & { readonly told: number[] } {
  const told: number[] = [];
  return { told, progress: (part) => void told.push(part), signal: abort.signal };
}

function memorySink(): Sink & { readonly holes: number[]; bytes(): Uint8Array; state: string } {
  const parts: Uint8Array[] = [];
  // A copy: the buffer is the other end's again.
  const add = (bytes: Uint8Array) => void parts.push(bytes.slice());
  const sink = {
    holes: [] as number[],
    state: "open",
    bytes: () => Buffer.concat(parts),
    write: async (bytes: Uint8Array) => add(bytes),
    writeHole: async (lengthBytes: number) => {
      sink.holes.push(lengthBytes);
      add(new Uint8Array(lengthBytes));
    },
    close: async () => void (sink.state = "closed"),
    abort: async () => void (sink.state = "aborted"),
  };
  return sink;
}

/** Data, a megabyte of zeroes, and an odd end. */
function contents(): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(2 * MIB + 100_017);
  bytes.fill(7, 0, MIB);
  bytes.fill(9, 2 * MIB);
  return bytes;
}

const upload = (pool: { name: string; uuid: string }, file: Blob, name = "a.img") => ({
  pool,
  poolType: "dir",
  name,
  content: fileContent(file),
});

describe.each([
  ["here", here],
  ["from another tab", elsewhere],
])("transfers %s", (_, open) => {
  const opened = async () => {
    const connect = await open();
    const pool = await connect.storagePoolCreateXML(POOL, WITH_BUILD);
    return { connect, pool };
  };

  it("bring a file into a pool and back as it was, holes as holes", async () => {
    const { connect, pool } = await opened();
    const file = new Blob([contents()]);
    const up = control();
    const volume = await uploadVolume(connect, upload(pool, file), up);
    expect(await physicalBytes(connect, volume)).toBe(file.size);
    const { allocation } = await connect.storageVolGetInfoFlags(volume, 0);
    expect(Number(allocation)).toBeLessThan(1.5 * MIB);
    expect(up.told.at(-1)).toBe(1);
    const sink = memorySink();
    const down = control();
    await downloadVolume(connect, volume, { sink, sizeBytes: file.size }, down);
    expect(Buffer.compare(sink.bytes(), contents())).toBe(0);
    expect(sink.holes).toEqual([MIB]);
    expect(sink.state).toBe("closed");
    expect(down.told.at(-1)).toBe(1);
  });

  it("leave nothing of an upload that is given up", async () => {
    const { connect, pool } = await opened();
    const abort = new AbortController();
    const file = new Blob([contents()]);
    async function* read(): AsyncGenerator<Uint8Array> {
      yield Uint8Array.of(1);
      abort.abort();
      yield Uint8Array.of(2);
    }
    const wanted = { ...upload(pool, file), content: { sizeBytes: file.size, read } };
    await expect(uploadVolume(connect, wanted, control(abort))).rejects.toThrow("aborted");
    expect(await connect.storagePoolListAllVolumes(pool, 0)).toEqual([]);
  });

  it("keep nothing of a download that is given up", async () => {
    const { connect, pool } = await opened();
    const volume = await uploadVolume(connect, upload(pool, new Blob([contents()])), control());
    const abort = new AbortController();
    const sink = memorySink();
    const given = { ...sink, write: async () => abort.abort(), abort: sink.abort };
    await expect(
      downloadVolume(connect, volume, { sink: given, sizeBytes: 0 }, control(abort)),
    ).rejects.toThrow("aborted");
    expect(sink.state).toBe("aborted");
    // It is not in use any more.
    await connect.storageVolDelete(volume, 0);
  });

  it("say why a volume cannot be made", async () => {
    const { connect, pool } = await opened();
    const file = new Blob(["x"]);
    await uploadVolume(connect, upload(pool, file), control());
    await expect(uploadVolume(connect, upload(pool, file), control())).rejects.toThrow(
      "exists already",
    );
  });
});

describe("runs of bytes", () => {
  it("are data, or the lengths of zeroes", () => {
    const runs = withHoles(contents().subarray(0, 2 * MIB + 3));
    expect(runs.map((run) => (typeof run === "number" ? run : run.length))).toEqual([MIB, MIB, 3]);
    expect(typeof runs[1]).toBe("number");
    expect(withHoles(new Uint8Array(5))).toEqual([5]);
    expect(withHoles(new Uint8Array())).toEqual([]);
  });
});
