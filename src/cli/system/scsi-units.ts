/** `-device scsi-hd` and `scsi-cd`: units behind a SCSI controller. */
import type { DeviceConfig } from "../../api/types.ts";
import type { ScsiUnitSpec } from "../../protocol/machine-service.ts";
import { DRIVE_PROPERTIES } from "./drive-properties.ts";
import { UsageError } from "./usage-error.ts";
import { parseCount, type KeyedList } from "./values.ts";

export const SCSI_UNITS = [
  { name: "scsi-hd", bus: "SCSI", help: "disk (/dev/sda)", unit: "disk" },
  { name: "scsi-cd", bus: "SCSI", help: "CD-ROM drive (/dev/sr0)", unit: "cdrom" },
] as const;

const KEYS = [
  ...["driver", "id", "bus", "drive", "serial", "scsi-id", "lun", "channel", "bootindex"],
  ...DRIVE_PROPERTIES,
];
/** Largest numbers of QEMU's controller. */
const LAST_TARGET = 255;
const LAST_LUN = 16383;

type Controller = Extract<DeviceConfig, { kind: "virtio-scsi" }>;

/**
 * Plugs a unit into the controller that it names, or the first one.
 *
 * @throws UsageError in QEMU's words
 */
export function parseScsiUnit(
  devices: DeviceConfig[],
  name: string,
  { keys }: KeyedList,
  option: string,
): void {
  for (const key of keys.keys()) {
    if (!KEYS.includes(key)) throw new UsageError(`${option}: Property '${name}.${key}' not found`);
  }
  const index = findController(devices, name, keys.get("bus"), option);
  const controller = devices[index] as Controller;
  const kind = name === "scsi-cd" ? "cdrom" : "disk";
  const drive = keys.get("drive");
  if (drive === undefined && kind === "disk") {
    throw new UsageError(`${option}: drive property not set`);
  }
  const [id, serial] = [keys.get("id"), keys.get("serial")];
  const unit: ScsiUnitSpec = {
    kind,
    ...(id !== undefined && { id }),
    ...(drive !== undefined && { drive }),
    ...addressOf(controller, keys, option),
    ...(serial !== undefined && { serial }),
  };
  devices[index] = { ...controller, units: [...controller.units, unit] };
}

/** A controller's bus is its id with `.0`, or `scsi.0` for the first one without an id. */
function findController(
  devices: readonly DeviceConfig[],
  name: string,
  bus: string | undefined,
  option: string,
): number {
  const controllers = devices.filter(({ kind }) => kind === "virtio-scsi");
  if (controllers.length === 0) {
    throw new UsageError(`${option}: No 'SCSI' bus found for device '${name}'`);
  }
  let anonymous = 0;
  const found = controllers.find(({ id }) => {
    const own = id === undefined ? `scsi.${anonymous++}` : `${id}.0`;
    return bus === undefined || bus === own;
  });
  if (!found) throw new UsageError(`${option}: Bus '${bus}' not found`);
  return devices.indexOf(found);
}

/** The first free target when none is given, as QEMU counts. */
function addressOf(
  { units }: Controller,
  keys: ReadonlyMap<string, string>,
  option: string,
): Pick<ScsiUnitSpec, "target" | "lun"> {
  const lun = parseCount(option, keys.get("lun") ?? "0", 0, LAST_LUN);
  const isTaken = (target: number): boolean =>
    units.some((unit) => unit.target === target && unit.lun === lun);
  const given = keys.get("scsi-id");
  if (given === undefined) {
    let target = 0;
    while (isTaken(target)) target++;
    return { target, lun };
  }
  const target = parseCount(option, given, 0, LAST_TARGET);
  if (isTaken(target)) throw new UsageError(`${option}: lun already used by '(null)'`);
  return { target, lun };
}
