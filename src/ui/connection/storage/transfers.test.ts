import { describe, expect, it } from "vitest";
import { storageElsewhere, storageHere } from "../../../worker/storage/testing/storage-connect.ts";
import type { TaskControl } from "../../shell/tasks.ts";
import { withHoles } from "../../../virt/manager/upload-stream.ts";
import { fileContent } from "../../common/file-content.ts";
import { downloadVolume, physicalBytes, uploadVolume } from "./transfers.ts";
import type { Sink } from "./volume-streams.ts";

const MIB = 2 ** 20;
const POOL =
  "<pool type='dir'><name>p</name><uuid>11111111-2222-3333-4444-555555555555</uuid><target><path>/p</path></target></pool>";
const WITH_BUILD = 1;

function control(abort = new AbortController()): TaskControl & { readonly told: number[] } {
  const told: number[] = [];
  return { told, progress: (done, total) => void told.push(done / total), signal: abort.signal };
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
  ["here", storageHere],
  ["from another tab", storageElsewhere],
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
