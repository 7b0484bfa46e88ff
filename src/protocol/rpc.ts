/**
 * The control plane: comlink, with errors that keep `VmError`'s fields. Import comlink through
 * this file only, so that the handler is registered in every thread.
 */
import { expose as comlinkExpose, transferHandlers, wrap as comlinkWrap } from "comlink";
import { PROTOCOL_VERSION } from "./version.ts";
import { VmError, vmError, type VmErrorData } from "./vm-error.ts";

export { transfer } from "comlink";

/** A service as its remote side sees it: every method returns a promise. */
export type AsyncService<S> = {
  readonly [K in keyof S]: S[K] extends (...args: infer A) => infer R
    ? (...args: A) => Promise<Awaited<R>>
    : never;
};

/** The part of a worker or a port that comlink uses. */
export interface RpcEndpoint {
  postMessage(message: unknown, transfer?: unknown[]): void;
  addEventListener(type: string, listener: (event: { data: unknown }) => void): void;
  removeEventListener(type: string, listener: (event: { data: unknown }) => void): void;
  start?(): void;
}

/** A thrown value on its way to the other thread. */
type Thrown =
  | { readonly kind: "vm"; readonly data: VmErrorData }
  | { readonly kind: "error"; readonly name: string; readonly message: string };

/** comlink's wrapper of a thrown value; its marker symbol is not exported, its field is `value`. */
interface ThrownBox {
  readonly value: unknown;
}

function boxThrown(value: unknown): Thrown {
  if (value instanceof VmError) return { kind: "vm", data: value.toData() };
  if (value instanceof Error) return { kind: "error", name: value.name, message: value.message };
  return { kind: "error", name: "Error", message: String(value) };
}

function rethrow(thrown: Thrown): never {
  if (thrown.kind === "vm") throw VmError.from(thrown.data);
  const error = new Error(thrown.message);
  error.name = thrown.name;
  throw error;
}

// comlink's own "throw" handler drops custom fields; `canHandle` is kept since only it knows the
// marker.
const stock = transferHandlers.get("throw");
if (stock === undefined) throw new Error("comlink has no handler for thrown values");
transferHandlers.set("throw", {
  canHandle: (value): value is ThrownBox => stock.canHandle(value),
  serialize: (box) => [boxThrown((box as ThrownBox).value), []],
  deserialize: (thrown) => rethrow(thrown as Thrown),
});

/** Serves `service` to the other end of `endpoint`. */
export function expose(service: object, endpoint: RpcEndpoint): void {
  comlinkExpose(service, endpoint);
}

/** The service that the other end of `endpoint` exposes. */
export function wrap<S>(endpoint: RpcEndpoint): AsyncService<S> {
  return comlinkWrap(endpoint) as unknown as AsyncService<S>;
}

/**
 * A service's answer to a handshake.
 *
 * @throws VmError when the caller speaks another version: it was loaded before an update
 */
export function checkVersion(version: number): void {
  if (version === PROTOCOL_VERSION) return;
  throw vmError(
    "internalError",
    `page and worker are of different versions (${version} and ${PROTOCOL_VERSION}): reload the page`,
  );
}
