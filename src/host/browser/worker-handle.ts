import type { WorkerHandle } from "../../protocol/platform.ts";
import { wrap } from "../../protocol/rpc.ts";
import { watchSignOfLife } from "./sign-of-life.ts";

/** The handle of a worker that exposes a service on its global scope. */
export function workerHandle<S>(worker: Worker): WorkerHandle<S> {
  const watch = new AbortController();
  let tell: (message: string) => void = () => {};
  return {
    service: wrap<S>(worker),
    onFailure(listener) {
      tell = (message) => {
        tell = () => {};
        watch.abort();
        listener(message);
      };
      worker.onerror = (event) => {
        event.preventDefault();
        // A script that cannot be fetched gives a bare Event without a message.
        tell(event.message ?? "its script cannot be loaded");
      };
      worker.onmessageerror = () => tell("a message to it cannot be read");
    },
    watch: (signOfLife) =>
      watchSignOfLife(signOfLife, watch.signal, () => tell("its thread is gone")),
    terminate() {
      tell = () => {};
      watch.abort();
      worker.terminate();
    },
  };
}
