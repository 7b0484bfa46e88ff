import { bodyBytes } from "../../api/body-bytes.ts";
import type { LoadControl, MachineHost } from "../../api/host.ts";
import { onceOnly } from "../../api/once-only.ts";
import type { ImageSource } from "../../api/types.ts";
import type { MachineService } from "../../protocol/machine-service.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { workerHandle } from "./worker-handle.ts";

/** Where the built parts are. */
export interface BrowserHostParts {
  /** Address of core.wasm. */
  readonly core: URL;
  /** Starts the script of a machine worker. */
  newMachineWorker(): Worker;
}

/** Runs machines in workers of this page. */
export function browserHost(parts: BrowserHostParts): MachineHost {
  return {
    core: onceOnly(() => compileCore(parts.core)),
    load: loadImage,
    spawnMachine() {
      requireIsolation();
      return workerHandle<MachineService>(parts.newMachineWorker());
    },
  };
}

/** @throws VmError when the page may not share memory with workers */
function requireIsolation(): void {
  if (globalThis.crossOriginIsolated) return;
  throw vmError(
    "configUnsupported",
    "this page is not cross-origin isolated, so that its workers cannot share memory: " +
      "serve it with Cross-Origin-Opener-Policy: same-origin and " +
      "Cross-Origin-Embedder-Policy: require-corp",
  );
}

async function compileCore(url: URL): Promise<unknown> {
  try {
    const response = await fetch(url);
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    // Not compileStreaming: it wants the MIME type application/wasm, which not every server sends.
    return await WebAssembly.compile(await response.arrayBuffer());
  } catch (cause) {
    throw vmError("internalError", `the core cannot be loaded: ${reasonText(cause)}`, { cause });
  }
}

async function loadImage(source: ImageSource, control?: LoadControl): Promise<Uint8Array> {
  if (source.kind === "bytes") return source.bytes.slice();
  try {
    if (source.kind === "blob") return new Uint8Array(await source.blob.arrayBuffer());
    const response = await fetch(source.url, control ? { signal: control.signal } : {});
    if (!response.ok) throw new Error(`the server answers ${response.status}`);
    return await bodyBytes(response, source.sizeBytes, (done, total) =>
      control?.onBytes(done, total),
    );
  } catch (cause) {
    throw vmError("systemError", `${source.name}: ${reasonText(cause)}`, { cause });
  }
}

function reasonText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
