/** The driver's calls on storage, over storage in memory, made from here or over a channel. */
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { sessionTexts } from "../../../host/browser/opfs-texts.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import type { DriverConnection } from "../../../virt/driver/driver.ts";
import { poolCalls } from "../../../virt/drivers/qemu/pool-calls.ts";
import { PoolFiles } from "../../../virt/drivers/qemu/pool-files.ts";
import type { QemuState } from "../../../virt/drivers/qemu/qemu-state.ts";
import { volumeCalls } from "../../../virt/drivers/qemu/volume-calls.ts";
import { openRemote } from "../../../virt/remote/client.ts";
import type { Channel } from "../../../virt/remote/messages.ts";
import { serveRemote } from "../../../virt/remote/server.ts";
import { openStorage } from "../../../virt/storage/storage-driver.ts";
import { memoryStorage } from "../memory-storage.ts";

const MIB = 2 ** 20;

/** Without pools. Jobs hear of their end after some steps each. */
export async function storageHere(): Promise<Connect> {
  let last = 0;
  let now = 0;
  const { engine } = memoryStorage({
    capacityBytes: 1024 * MIB,
    fetch: () => Promise.reject(new Error("no network")),
    web: null,
    nowMs: () => (now += 5),
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
export async function storageElsewhere(): Promise<Connect> {
  const driver = (await storageHere()) as unknown as DriverConnection;
  const { port1, port2 } = new MessageChannel();
  port1.unref();
  port2.unref();
  serveRemote(channelOf(port1), async () => driver);
  return (await openRemote(channelOf(port2), "/system")) as unknown as Connect;
}
