/**
 * Between `tabvisor system --engine` and the headless page that runs the machine for it. Bytes cross
 * as base64, since the browser's remote protocol carries JSON.
 */
import type { Machine } from "./machine.ts";
import type { DeviceConfig, MachineConfig, MachineStats, StateEvent } from "./types.ts";

/** A configuration as JSON: images are addresses on the command line's own server. */
export type EngineConfig = Omit<MachineConfig, "firmware" | "kernel" | "initrd"> & {
  readonly devices?: readonly DeviceConfig[];
  readonly firmware?: EngineImage;
  readonly kernel?: EngineImage;
  readonly initrd?: EngineImage;
};

export interface EngineImage {
  readonly kind: "url";
  readonly name: string;
  readonly url: string;
}

/** An error as JSON: `detail` is the sentence. */
export interface EngineFailure {
  readonly detail: string;
}

/** Functions that the command line puts into the page. */
export interface EngineListener {
  /** Resolves when the terminal took the bytes. */
  tabvisorOutput(base64: string): Promise<void>;
  tabvisorGuestError(text: string): Promise<void>;
  tabvisorState(event: StateEvent): Promise<void>;
  tabvisorEnded(event: StateEvent): Promise<void>;
}

/** What the page offers as `globalThis.tabvisorEngine`. */
export interface Engine {
  /** Builds and starts the one machine. @returns null, or why it cannot be started */
  start(config: EngineConfig): Promise<EngineFailure | null>;
  input(base64: string): Promise<void>;
  sendBreak(): Promise<void>;
  pause(): Promise<void>;
  resume(): Promise<void>;
  reset(): Promise<void>;
  forceOff(): Promise<void>;
  stats(): Promise<MachineStats>;
  /** A machine of this page beside the one: for scripts in the page that drive several. */
  create(config: EngineConfig): Machine;
}
