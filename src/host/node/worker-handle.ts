import { Worker } from "node:worker_threads";
import type { WorkerHandle } from "../../protocol/platform.ts";
import { type RpcEndpoint, wrap } from "../../protocol/rpc.ts";

type Listener = (event: { data: unknown }) => void;

/** The part of a worker or parentPort that the adapter uses. */
interface NodeEmitter {
  postMessage(message: unknown, transfer?: never): void;
  on(type: "message", listener: (data: unknown) => void): unknown;
  off(type: "message", listener: (data: unknown) => void): unknown;
}

/** A worker_threads endpoint in the shape of the browsers' that comlink speaks to. */
export function nodeEndpoint(emitter: NodeEmitter): RpcEndpoint {
  const adapters = new Map<Listener, (data: unknown) => void>();
  return {
    postMessage: (message, transfer) => emitter.postMessage(message, transfer as never),
    addEventListener(_type, listener) {
      const adapter = (data: unknown): void => listener({ data });
      adapters.set(listener, adapter);
      emitter.on("message", adapter);
    },
    removeEventListener(_type, listener) {
      const adapter = adapters.get(listener);
      if (adapter !== undefined) emitter.off("message", adapter);
      adapters.delete(listener);
    },
  };
}

/** Starts a worker thread that exposes a service on its parentPort. */
export function spawnNodeWorker<S>(url: URL, name: string): WorkerHandle<S> {
  const worker = new Worker(url, { name });
  let ended = false;
  return {
    service: wrap<S>(nodeEndpoint(worker)),
    onFailure(listener) {
      worker.once("error", (error: unknown) => {
        ended = true;
        listener(error instanceof Error ? error.message : String(error));
      });
      worker.once("exit", (code) => {
        if (!ended) listener(`exit code ${code}`);
      });
    },
    watch() {},
    terminate() {
      ended = true;
      void worker.terminate();
    },
  };
}
