/** Storage of a page: pools in the origin private file system, worked on by a worker. */
import { askForFolder, pickFolder } from "../../host/browser/picked-folders.ts";
import { fetchWeb } from "../../host/web/fetch-web.ts";
import { workerHandle } from "../../host/browser/worker-handle.ts";
import type { StorageService } from "../../protocol/storage-service.ts";
import { PROTOCOL_VERSION } from "../../protocol/version.ts";
import { ErrorDomain, vmError } from "../../protocol/vm-error.ts";
import type { PoolStore, StoragePorts } from "../../virt/storage/ports.ts";
import { openStorage } from "../../virt/storage/storage-driver.ts";
import type { Storage } from "../../virt/storage/storage.ts";

export type StorageEngine = Omit<StorageService, "handshake">;
type OpenEngine = () => Promise<StorageEngine>;

/** @param usersOf names of the active domains that use the file at a path */
export function browserStorage(
  store: PoolStore,
  usersOf: (path: string) => readonly string[],
  engine: OpenEngine,
): Promise<Storage> {
  const persist = async (): Promise<void> => void (await navigator.storage.persist());
  const folders = { pick: pickFolder, ask: askForFolder };
  const hasFolders = "showDirectoryPicker" in globalThis;
  const ports = { ...COMMON, store, engine, usersOf, persist };
  return openStorage(hasFolders ? { ...ports, folders } : ports);
}

/** Pools and volumes that are gone with the page. */
export function sessionStorageOf(
  store: PoolStore,
  usersOf: (path: string) => readonly string[],
  engine: OpenEngine,
): Promise<Storage> {
  return openStorage({ ...COMMON, store, engine, usersOf, persist: async () => {} });
}

const COMMON: Pick<StoragePorts, "newUuid" | "delay"> = {
  newUuid: () => crypto.randomUUID(),
  delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

/** What a page's memory may be used for. */
const MEMORY_BYTES = 2 ** 30;

/** Works in the page's own memory. */
export function sessionEngine(): OpenEngine {
  let engine: Promise<StorageEngine> | undefined;
  return () => (engine ??= memoryEngine());
}

async function memoryEngine(): Promise<StorageEngine> {
  const { memoryStorage } = await import("../../worker/storage/memory-storage.ts");
  const { engine } = memoryStorage({
    capacityBytes: MEMORY_BYTES,
    fetch: (url, init) => fetch(url, init),
    web: { web: fetchWeb, cache: null },
    nowMs: () => Date.now(),
    turn: () => new Promise((resolve) => setTimeout(resolve)),
    entropy: { fill: (target) => void crypto.getRandomValues(target as Uint8Array<ArrayBuffer>) },
  });
  return engine;
}

/** Starts the worker when it is first needed, and anew when it was lost. */
export function workerEngine(): OpenEngine {
  let engine: Promise<StorageEngine> | undefined;
  return () =>
    (engine ??= startWorker(() => {
      engine = undefined;
    }));
}

async function startWorker(onLost: () => void): Promise<StorageEngine> {
  const worker = workerHandle<StorageService>(
    new Worker(new URL("../../worker/storage.browser.js", import.meta.url), {
      type: "module",
      name: "storage",
    }),
  );
  const lost = new Promise<never>((_resolve, reject) => {
    worker.onFailure((message) => {
      onLost();
      const what = `the storage worker ended: ${message}`;
      reject(vmError("internalError", what, { domain: ErrorDomain.storage }));
    });
  });
  // Nobody may be waiting when it ends.
  lost.catch(() => {});
  worker.watch(await Promise.race([worker.service.handshake(PROTOCOL_VERSION), lost]));
  return untilLost(worker.service, lost);
}

/** Calls that are under way when the worker ends fail; nobody else would answer them. */
function untilLost(service: StorageEngine, lost: Promise<never>): StorageEngine {
  return new Proxy(service, {
    get(target, name) {
      // A promise that resolves with the engine asks it for `then`.
      if (typeof name !== "string" || name === "then") return undefined;
      const call = target[name as keyof StorageEngine] as (...args: unknown[]) => Promise<unknown>;
      return (...args: unknown[]) => Promise.race([call(...args), lost]);
    },
  });
}
