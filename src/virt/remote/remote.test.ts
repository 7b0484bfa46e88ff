import { MessageChannel, type MessagePort } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { Pipe } from "../driver/pipe.ts";
import { type VmError, vmError } from "../../protocol/vm-error.ts";
import type { DriverConnection } from "../driver/driver.ts";
import type { Event } from "../driver/events.ts";
import type { Stream } from "../driver/streams.ts";
import { openRemote } from "./client.ts";
import type { Channel, ToClient, ToServer } from "./messages.ts";
import { serveRemote } from "./server.ts";

const REF = { name: "a", uuid: "u", id: 1 };

function channelOf<In, Out>(port: MessagePort): Channel<In, Out> {
  return {
    send: (message) => port.postMessage(message),
    onMessage: (listener) => void port.on("message", listener),
    onClose: (listener) => void port.on("close", listener),
    close: () => port.close(),
  };
}

let ports: MessageChannel;
let server: Channel<ToServer, ToClient>;
let client: Channel<ToClient, ToServer>;
beforeEach(() => {
  ports = new MessageChannel();
  server = channelOf(ports.port1);
  client = channelOf(ports.port2);
});
afterEach(() => ports.port1.close());

async function open(driver: Partial<DriverConnection>): Promise<DriverConnection> {
  const connection = { close: async () => {}, ...driver } as DriverConnection;
  serveRemote(server, async () => connection);
  return openRemote(client, "/system");
}

describe("calls over a channel", () => {
  it("carry big integers and bytes both ways", async () => {
    const remote = await open({
      domainMemoryPeek: async (_domain, start) => Uint8Array.of(Number(start & 255n)),
      nodeGetFreeMemory: async () => 2n ** 60n,
    });
    const peek = remote.domainMemoryPeek?.(REF, 2n ** 40n + 7n, 1, 0);
    expect(await peek).toEqual(Uint8Array.of(7));
    expect(await remote.nodeGetFreeMemory?.()).toBe(2n ** 60n);
  });

  it("are those that the driver has", async () => {
    const remote = await open({ connectGetType: async () => "QEMU" });
    expect(Object.keys(remote).sort()).toEqual(["close", "connectGetType"]);
  });

  it("reject with the driver's error", async () => {
    const remote = await open({
      domainSuspend: async () => {
        throw vmError("operationInvalid", "domain is not running");
      },
    });
    const error = await remote.domainSuspend?.(REF).catch((thrown: VmError) => thrown);
    expect(error).toMatchObject({
      code: 55,
      domain: 10,
      message: "Requested operation is not valid: domain is not running",
      detail: "domain is not running",
    });
  });

  it("reject when the other end is gone", async () => {
    const remote = await open({ connectGetType: () => new Promise(() => {}) });
    const call = remote.connectGetType?.();
    ports.port1.close();
    await expect(call).rejects.toThrow("client socket is closed");
  });

  it("are refused to another version of the protocol", async () => {
    serveRemote(server, async () => ({ close: async () => {} }));
    const answer = new Promise<ToClient>((resolve) => client.onMessage(resolve));
    client.send({ type: "hello", version: 99, path: "/system" });
    expect(await answer).toMatchObject({
      type: "refused",
      error: { code: 39, message: expect.stringContaining("version 99") as string },
    });
  });

  it("are refused before a handshake, and to names that are no calls", async () => {
    serveRemote(server, async () => ({ close: async () => {} }));
    const answers: ToClient[] = [];
    client.onMessage((message) => answers.push(message));
    client.send({ type: "call", id: 1, name: "connectGetType", args: [] });
    client.send({ type: "hello", version: 1, path: "/system" });
    client.send({ type: "call", id: 2, name: "constructor", args: [] });
    await expect.poll(() => answers.filter(({ type }) => type === "error")).toHaveLength(2);
  });
});

describe("listeners", () => {
  it("hear events until they are stopped", async () => {
    let tell: (event: Event) => void = () => {};
    let stopped = 0;
    const remote = await open({
      connectEvents: async (listener) => {
        tell = listener;
        return () => stopped++;
      },
    });
    const heard: Event[] = [];
    const stop = await remote.connectEvents?.((event) => heard.push(event));
    const event: Event = { of: "domain", domain: REF, event: { kind: "reboot" } };
    tell(event);
    await expect.poll(() => heard).toEqual([event]);
    stop?.();
    await expect.poll(() => stopped).toBe(1);
  });

  it("are stopped when the caller goes", async () => {
    let stopped = 0;
    const remote = await open({ connectEvents: async () => () => stopped++ });
    await remote.connectEvents?.(() => {});
    await remote.close();
    await expect.poll(() => stopped).toBe(1);
  });
});

describe("streams", () => {
  const openWith = async (serve: (stream: Stream) => Promise<void>): Promise<Stream> => {
    const remote = await open({
      domainOpenConsole: async (_domain, _device, stream) => void serve(stream).catch(() => {}),
    });
    const pipe = new Pipe();
    await remote.domainOpenConsole?.(REF, null, pipe.driverEnd, 0);
    return pipe.userEnd;
  };

  it("carry bytes and holes both ways, in order, to their ends", async () => {
    const user = await openWith(async (stream) => {
      for (let piece = await stream.read(); piece !== null; piece = await stream.read()) {
        await (typeof piece === "number" ? stream.writeHole(piece + 1) : stream.write(piece));
      }
      await stream.finish();
    });
    await user.write(Uint8Array.of(1, 2));
    await user.writeHole(4096);
    await user.write(new Uint8Array(100_000).fill(9));
    await user.finish();
    expect(await user.read()).toEqual(Uint8Array.of(1, 2));
    expect(await user.read()).toBe(4097);
    let length = 0;
    for (let piece = await user.read(); piece !== null; piece = await user.read()) {
      length += (piece as Uint8Array).length;
    }
    expect(length).toBe(100_000);
  });

  it("let a writer go no further than the reader's window", async () => {
    let written = 0;
    // Nobody reads at the other end of this channel but the test.
    serveRemote(server, async () => ({
      close: async () => {},
      domainOpenConsole: async (_domain, _device, stream) => {
        void (async () => {
          for (;;) {
            await stream.write(new Uint8Array(1024));
            written += 1024;
          }
        })().catch(() => {});
      },
    }));
    client.onMessage(() => {});
    client.send({ type: "hello", version: 1, path: "/system" });
    const args = [
      { kind: "data", value: REF },
      { kind: "data", value: null },
      { kind: "stream", id: 7 },
    ] as const;
    client.send({ type: "call", id: 1, name: "domainOpenConsole", args });
    await expect.poll(() => written).toBe(256 * 1024);
    client.send({ type: "stream", id: 7, part: { kind: "credit", bytes: 1024 } });
    await expect.poll(() => written).toBe(257 * 1024);
  });

  it("are not read at the caller's end while nobody reads at the other", async () => {
    const remote = await open({
      domainOpenConsole: async (_domain, _device, stream) => {
        await stream.write(Uint8Array.of(1));
        await stream.finish();
      },
    });
    const taken: unknown[] = [];
    const file: Stream = {
      read: () => Promise.reject(new Error("a file that is written to")),
      write: async (bytes) => void taken.push(bytes),
      writeHole: async () => {},
      finish: async () => void taken.push("end"),
      abort: () => void taken.push("abort"),
    };
    await remote.domainOpenConsole?.(REF, null, file, 0);
    await expect.poll(() => taken).toEqual([Uint8Array.of(1), "end"]);
  });

  it("fail at the other end when one gives up", async () => {
    let failed = false;
    const user = await openWith(async (stream) => {
      await stream.read().catch(() => (failed = true));
    });
    user.abort();
    await expect.poll(() => failed).toBe(true);
  });
});
