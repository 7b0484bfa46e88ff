import { readFile } from "node:fs/promises";
import { bodyBytes } from "../../api/body-bytes.ts";
import type { LoadControl, MachineHost } from "../../api/host.ts";
import { onceOnly } from "../../api/once-only.ts";
import type { ImageSource } from "../../api/types.ts";
import type { MachineService } from "../../protocol/machine-service.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { systemReason } from "./system-reason.ts";
import { spawnNodeWorker } from "./worker-handle.ts";

/** @types/node leaves this global to the DOM library, which this room does without. */
const { WebAssembly } = globalThis as unknown as {
  readonly WebAssembly: { compile(bytes: Uint8Array): Promise<unknown> };
};

/** Where the built parts are. */
export interface NodeHostPaths {
  /** core.wasm. */
  readonly core: URL;
  /** The compiled entry point of machine workers. */
  readonly machine: URL;
}

/** Runs machines in worker threads of this process. */
export function nodeHost(paths: NodeHostPaths): MachineHost {
  return {
    core: onceOnly(() => compileCore(paths.core)),
    load: loadImage,
    spawnMachine: () => spawnNodeWorker<MachineService>(paths.machine, "machine"),
  };
}

async function compileCore(url: URL): Promise<unknown> {
  let bytes: Uint8Array;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw vmError("internalError", "the core is not built: run npm start once", { cause });
  }
  return WebAssembly.compile(bytes);
}

/** Images are files (`file:` URLs), bytes, blobs, or anything that fetch takes. */
async function loadImage(source: ImageSource, control?: LoadControl): Promise<Uint8Array> {
  if (source.kind === "bytes") return source.bytes.slice();
  try {
    if (source.kind === "blob") return new Uint8Array(await source.blob.arrayBuffer());
    if (source.url.startsWith("file:")) return await readOwned(new URL(source.url));
    const response = await fetch(source.url, control ? { signal: control.signal } : {});
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return await bodyBytes(response, source.sizeBytes, (done, total) =>
      control?.onBytes(done, total),
    );
  } catch (cause) {
    throw vmError("systemError", `${source.name}: ${systemReason(cause)}`, { cause });
  }
}

/** A small file is read into a part of a shared pool, which cannot be transferred: copy it out. */
async function readOwned(url: URL): Promise<Uint8Array> {
  const bytes = await readFile(url);
  const whole = bytes.byteLength === bytes.buffer.byteLength;
  return whole ? new Uint8Array(bytes.buffer) : Uint8Array.from(bytes);
}
