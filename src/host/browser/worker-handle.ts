import type { WorkerHandle } from "../../protocol/platform.ts";
import { wrap } from "../../protocol/rpc.ts";

/** The handle of a worker that exposes a service on its global scope. */
export function workerHandle<S>(worker: Worker): WorkerHandle<S> {
  return {
    service: wrap<S>(worker),
    onFailure(listener) {
      const tell = (message: string): void => {
        worker.onerror = null;
        worker.onmessageerror = null;
        listener(message);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        // A script that cannot be fetched gives a bare Event without a message.
        tell(event.message ?? "its script cannot be loaded");
      };
      worker.onmessageerror = () => tell("a message to it cannot be read");
    },
    terminate: () => worker.terminate(),
  };
}
