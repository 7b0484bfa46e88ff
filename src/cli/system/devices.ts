import type { DeviceConfig } from "../../api/types.ts";
import { attachment, ATTACHMENT_KEYS } from "./device-properties.ts";
import { UsageError } from "./usage-error.ts";
import { parseKeyed, type KeyedList } from "./values.ts";

interface Driver {
  readonly name: string;
  readonly bus: string;
  readonly help: string;
  /** Properties beyond `driver`, `id` and `bus`. */
  readonly keys: readonly string[];
  /** What the board adds; null for a port of a device that is there already. */
  make(list: KeyedList, option: string): DeviceConfig | null;
}

type Plain = Extract<DeviceConfig, { kind: "virtio-rng" | "virtio-console" }>["kind"];

/** One virtio device type as QEMU's two devices: on PCI and on virtio-mmio. */
function onBoth(stem: string, kind: Plain, help: string): Driver[] {
  return (["pci", "mmio"] as const).map((transport) => ({
    name: transport === "pci" ? `${stem}-pci` : `${stem}-device`,
    bus: transport === "pci" ? "PCI" : "virtio-bus",
    help,
    keys: ATTACHMENT_KEYS[transport],
    make: (list, option) => ({ kind, ...attachment(list, option, transport) }),
  }));
}

/** QEMU's names of what `-device` takes. */
export const DRIVERS: readonly Driver[] = [
  ...onBoth("virtio-rng", "virtio-rng", "random numbers of the host"),
  ...onBoth("virtio-serial", "virtio-console", "virtio console (hvc0)"),
  {
    name: "virtconsole",
    bus: "virtio-serial-bus",
    help: "the port of a virtio-serial device",
    keys: [],
    make: () => null,
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
    const option = `-device ${text}`;
    const driver = DRIVERS.find((row) => row.name === name);
    if (driver === undefined) {
      throw new UsageError(`${option}: '${name}' is not a valid device model name`);
    }
    checkKeys(option, driver, list);
    const device = driver.make(list, option);
    if (device !== null) devices.push(device);
    else if (!devices.some(({ kind }) => kind === "virtio-console")) {
      throw new UsageError(`${option}: No '${driver.bus}' bus found for device '${name}'`);
    }
  }
  if (devices.filter(({ transport }) => transport === "mmio").length > SLOTS) {
    throw new UsageError(`-device: the board has ${SLOTS} virtio-mmio slots`);
  }
  return devices;
}

function checkKeys(option: string, driver: Driver, { keys }: KeyedList): void {
  for (const key of keys.keys()) {
    if (key === "driver" || key === "id" || key === "bus" || driver.keys.includes(key)) continue;
    throw new UsageError(`${option}: Property '${driver.name}.${key}' not found`);
  }
}
