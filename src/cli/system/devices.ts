import type { DeviceConfig } from "../../api/types.ts";
import { UsageError } from "./usage-error.ts";
import { onlyKeys, parseKeyed } from "./values.ts";

interface Driver {
  readonly name: string;
  readonly bus: string;
  readonly help: string;
  /** What the board adds; null for a port of a device that is there already. */
  readonly device: DeviceConfig | null;
}

/** QEMU's names of what `-device` takes. */
export const DRIVERS: readonly Driver[] = [
  {
    name: "virtio-rng-device",
    bus: "virtio-bus",
    help: "random numbers of the host",
    device: { kind: "virtio-rng" },
  },
  {
    name: "virtio-serial-device",
    bus: "virtio-bus",
    help: "virtio console (hvc0)",
    device: { kind: "virtio-console" },
  },
  {
    name: "virtconsole",
    bus: "virtio-serial-bus",
    help: "the port of a virtio-serial-device",
    device: null,
  },
];

/** Slots of the board for virtio-mmio devices. */
const SLOTS = 8;

/**
 * The devices that `-device` options ask for, in order.
 *
 * @throws UsageError naming the option's argument
 */
export function parseDevices(texts: readonly string[]): readonly DeviceConfig[] {
  const devices: DeviceConfig[] = [];
  for (const text of texts) {
    const list = parseKeyed(text);
    const name = list.keys.get("driver") ?? list.head ?? "";
    const driver = DRIVERS.find((row) => row.name === name);
    if (driver === undefined) {
      throw new UsageError(`-device ${text}: '${name}' is not a valid device model name`);
    }
    onlyKeys(`-device ${text}`, list, ["driver", "id"]);
    if (driver.device !== null) devices.push(driver.device);
    else if (!devices.some(({ kind }) => kind === "virtio-console")) {
      throw new UsageError(`-device ${text}: No '${driver.bus}' bus found for device '${name}'`);
    }
  }
  if (devices.length > SLOTS) {
    throw new UsageError(`-device: the board has ${SLOTS} virtio-mmio slots`);
  }
  return devices;
}
