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
  let core: CoreExports;
  try {
    core = makeCore(module, {
      memory,
      nowMs: () => clock.nowMs() - epochMs,
      ring: () => binding.ring(),
    });
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw vmError("internalError", `the core does not load: ${why}`, { cause });
  }
  checkLayout(core, memory);
  return core;
}

/** A core, a page and a memory of different builds must not meet: nothing would be where it is. */
function checkLayout(core: CoreExports, memory: WebAssembly.Memory): void {
  const written = new Uint32Array(memory.buffer, CONTROL_BASE + CONTROL.at.version, 1)[0];
  // A core from before this check has no such function.
  const known = (core as Partial<CoreExports>).layoutVersion?.();
  if (written === LAYOUT_VERSION && known === LAYOUT_VERSION) return;
  throw vmError("internalError", "the core is of another build than its workers: build it again");
}
