import type { DeviceConfig, DriveConfig } from "../../api/types.ts";
import { attachment, ATTACHMENT_KEYS, onOff } from "./device-properties.ts";
import { DRIVE_PROPERTIES } from "./drive-properties.ts";
import { parseScsiUnit, SCSI_UNITS } from "./scsi-units.ts";
import { UsageError } from "./usage-error.ts";
import { parseCount, parseKeyed, type KeyedList } from "./values.ts";

interface Driver {
  readonly name: string;
  readonly bus: string;
  readonly help: string;
  /** Properties beyond `driver`, `id` and `bus`. */
  readonly keys: readonly string[];
  make(list: KeyedList, option: string): DeviceConfig;
}

type Transport = "pci" | "mmio";

/** One virtio device type as QEMU's two devices: on PCI and on virtio-mmio. */
function onBoth(
  stem: string,
  help: string,
  keys: readonly string[],
  make: (list: KeyedList, option: string) => DeviceConfig,
): Driver[] {
  return (["pci", "mmio"] as const).map((transport) => ({
    name: nameOf(stem, transport),
    bus: transport === "pci" ? "PCI" : "virtio-bus",
    help,
    keys: [...ATTACHMENT_KEYS[transport], ...keys],
    make: (list, option) => ({ ...make(list, option), ...attachment(list, option, transport) }),
  }));
}

/** QEMU gives it no MSI-X. */
function withoutVectors(driver: Driver): Driver {
  return { ...driver, keys: driver.keys.filter((key) => key !== "vectors") };
}

function nameOf(stem: string, transport: Transport): string {
  return transport === "pci" ? `${stem}-pci` : `${stem}-device`;
}

const BLK_KEYS = ["drive", "serial", "num-queues", "bootindex", ...DRIVE_PROPERTIES];
const MOST_QUEUES = 1024;

/** QEMU's names of what `-device` takes, but for what is plugged into other devices. */
const VIRTIO: readonly Driver[] = [
  ...onBoth("virtio-blk", "disk (/dev/vda)", BLK_KEYS, (list, option) => ({
    kind: "virtio-blk",
    drive: driveOf(list, option),
    ...serialOf(list),
    ...queuesOf(list, option, "num-queues"),
  })),
  ...onBoth("virtio-scsi", "SCSI controller", ["num_queues"], (list, option) => ({
    kind: "virtio-scsi",
    units: [],
    ...queuesOf(list, option, "num_queues"),
  })),
  ...onBoth("virtio-rng", "random numbers of the host", ["rng"], () => ({ kind: "virtio-rng" })),
  ...onBoth("virtio-serial", "virtio console (hvc0)", ["max_ports"], () => ({
    kind: "virtio-console",
  })),
  ...onBoth("virtio-balloon", "memory balloon", ["deflate-on-oom"], (list, option) => ({
    kind: "virtio-balloon",
    ...deflateOf(list, option),
  })).map(withoutVectors),
  ...onBoth("virtio-keyboard", "keyboard", ["serial"], (list) => ({
    kind: "virtio-keyboard",
    ...serialOf(list),
  })),
];

/** What `-device help` lists. */
export const DRIVERS: readonly Omit<Driver, "keys" | "make">[] = [
  ...VIRTIO,
  ...SCSI_UNITS,
  { name: "virtconsole", bus: "virtio-serial-bus", help: "the port of a virtio-serial device" },
];

/** Other names of QEMU's, for boards with a PCI bus. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ["virtio-blk", "virtio-blk-pci"],
  ["virtio-scsi", "virtio-scsi-pci"],
  ["virtio-rng", "virtio-rng-pci"],
  ["virtio-serial", "virtio-serial-pci"],
  ["virtio-balloon", "virtio-balloon-pci"],
  ["virtio-keyboard", "virtio-keyboard-pci"],
]);

/** Slots of the board for virtio-mmio devices. */
const SLOTS = 8;

/**
 * The devices that `-device` options ask for, in order.
 *
 * @param drives what they may name
 * @throws UsageError naming the option's argument
 */
export function parseDevices(
  texts: readonly string[],
  drives: readonly Pick<DriveConfig, "id">[] = [],
): readonly DeviceConfig[] {
  const devices: DeviceConfig[] = [];
  const used = new Set<string>();
  for (const text of texts) addDevice(devices, parseKeyed(text), `-device ${text}`);
  for (const text of texts) {
    const drive = parseKeyed(text).keys.get("drive");
    if (drive !== undefined) checkDrive(`-device ${text}`, drive, drives, used);
  }
  if (devices.filter(({ transport }) => transport === "mmio").length > SLOTS) {
    throw new UsageError(`-device: the board has ${SLOTS} virtio-mmio slots`);
  }
  return devices;
}

function addDevice(devices: DeviceConfig[], list: KeyedList, option: string): void {
  const given = list.keys.get("driver") ?? list.head ?? "";
  const name = ALIASES.get(given) ?? given;
  if (name === "virtconsole") return checkConsole(devices, list, option);
  if (SCSI_UNITS.some((row) => row.name === name)) {
    return parseScsiUnit(devices, name, list, option);
  }
  const driver = VIRTIO.find((row) => row.name === name);
  if (driver === undefined) {
    throw new UsageError(`${option}: '${name}' is not a valid device model name`);
  }
  checkKeys(option, name, list, driver.keys);
  const device = driver.make(list, option);
  if (device.kind === "virtio-balloon" && devices.some(({ kind }) => kind === device.kind)) {
    throw new UsageError(`${option}: Only one balloon device is supported`);
  }
  devices.push({ ...device, ...idOf(list) });
}

function checkConsole(devices: readonly DeviceConfig[], list: KeyedList, option: string): void {
  checkKeys(option, "virtconsole", list, ["chardev", "name", "nr"]);
  if (devices.some(({ kind }) => kind === "virtio-console")) return;
  throw new UsageError(`${option}: No 'virtio-serial-bus' bus found for device 'virtconsole'`);
}

function checkDrive(
  option: string,
  id: string,
  drives: readonly Pick<DriveConfig, "id">[],
  used: Set<string>,
): void {
  if (!drives.some((drive) => drive.id === id)) {
    const { head, keys } = parseKeyed(option.slice("-device ".length));
    const name = (keys.get("driver") ?? head ?? "").replace(/^(virtio-blk)(-pci)?$/, "$1-device");
    throw new UsageError(`${option}: Property '${name}.drive' can't find value '${id}'`);
  }
  if (used.has(id)) {
    throw new UsageError(`${option}: Drive '${id}' is already in use by another device`);
  }
  used.add(id);
}

/** @throws UsageError in QEMU's words for a property that is not in `keys` */
export function checkKeys(
  option: string,
  driver: string,
  list: KeyedList,
  keys: readonly string[],
): void {
  for (const key of list.keys.keys()) {
    if (key === "driver" || key === "id" || key === "bus" || keys.includes(key)) continue;
    throw new UsageError(`${option}: Property '${driver}.${key}' not found`);
  }
}

function driveOf({ keys }: KeyedList, option: string): string {
  const drive = keys.get("drive");
  if (drive === undefined) throw new UsageError(`${option}: drive property not set`);
  return drive;
}

function serialOf({ keys }: KeyedList) {
  const serial = keys.get("serial");
  return serial === undefined ? {} : { serial };
}

function deflateOf({ keys }: KeyedList, option: string) {
  const text = keys.get("deflate-on-oom");
  return text === undefined ? {} : { deflateOnOom: onOff(option, "deflate-on-oom", text) };
}

function idOf({ keys }: KeyedList) {
  const id = keys.get("id");
  return id === undefined ? {} : { id };
}

function queuesOf({ keys }: KeyedList, option: string, key: string) {
  const text = keys.get(key);
  if (text === undefined) return {};
  if (text === "0") throw new UsageError(`${option}: ${key} property must be larger than 0`);
  return { queues: parseCount(option, text, 1, MOST_QUEUES) };
}
