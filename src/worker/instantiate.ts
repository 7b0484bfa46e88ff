import { instantiateCore as makeCore } from "../core/instance.ts";
import type { CoreExports } from "../protocol/core.ts";
import { CONTROL, CONTROL_BASE, LAYOUT_VERSION } from "../protocol/layout.ts";
import type { Monotonic } from "../protocol/platform.ts";
import { vmError } from "../protocol/vm-error.ts";

/** What an instance of the core is bound to. */
export interface CoreBinding {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly clock: Monotonic;
  /** Zero of the VM's clock on `clock`. */
  readonly epochMs: number;
  /** Called when the core rang the doorbell. */
  ring(): void;
}

/**
 * Makes an instance of the core on a VM's memory.
 *
 * @throws VmError when the memory was laid out by another version, or for another core
 */
export function instantiateCore(binding: CoreBinding): CoreExports {
  const { module, memory, clock, epochMs } = binding;
  checkLayout(memory);
  try {
    return makeCore(module, {
      memory,
      nowMs: () => clock.nowMs() - epochMs,
      ring: () => binding.ring(),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw vmError("internalError", `the core does not load: ${why}`, { cause });
  }
}

function checkLayout(memory: WebAssembly.Memory): void {
  const version = new Uint32Array(memory.buffer, CONTROL_BASE + CONTROL.at.version, 1)[0];
  if (version === LAYOUT_VERSION) return;
  throw vmError(
    "internalError",
    `memory is laid out by version ${version}, the core needs ${LAYOUT_VERSION}`,
  );
}
