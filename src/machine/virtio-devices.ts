/** Makes the virtio devices that a machine's definition names. */
import type { CharBackend, Entropy, Trace } from "../device/ports.ts";
import { VirtioConsole } from "../device/virtio/console/virtio-console.ts";
import { VirtioRng } from "../device/virtio/rng/virtio-rng.ts";
import type { VirtioDevice } from "../device/virtio/virtio-device.ts";
import type { DeviceSpec } from "../protocol/machine-service.ts";
import type { AttachedDevice } from "./virtio-places.ts";

/** What is behind the devices. */
export interface DeviceBackends {
  readonly entropy: Entropy;
  readonly trace: Trace;
  /** The far side of the n-th virtio-console; output is dropped where there is none. */
  readonly console?: (index: number) => CharBackend | undefined;
}

/** One device for each entry, in the same order. */
export function virtioDevices(
  specs: readonly DeviceSpec[],
  backends: DeviceBackends,
): AttachedDevice[] {
  let consoles = 0;
  const make = (spec: DeviceSpec): VirtioDevice => {
    const { entropy, trace, console } = backends;
    switch (spec.kind) {
      case "virtio-rng":
        return new VirtioRng({ entropy, trace });
      case "virtio-console":
        return new VirtioConsole({ backend: console?.(consoles++) ?? NO_BACKEND, trace });
    }
  };
  return specs.map((spec) => ({ device: make(spec), at: spec }));
}

/** Takes everything and never speaks. */
const NO_BACKEND: CharBackend = {
  write: (bytes) => bytes.length,
  read: () => new Uint8Array(0),
  attach: () => {},
};
