/** A definition's disks as drives and devices of the machine. */
import type { DeviceConfig, DriveConfig } from "../../../api/types.ts";
import type { SecretSpec } from "../../../protocol/drive-spec.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { find, textAt, type XmlElement } from "../../xml/element.ts";
import { diskImage, type DiskImage, type DiskPlaces } from "./disk-image.ts";
import { throttleOf } from "./iotune.ts";

export interface MachineDisks {
  readonly drives: readonly DriveConfig[];
  readonly devices: readonly DeviceConfig[];
  readonly secrets: readonly SecretSpec[];
}

/** @throws VmError configUnsupported for disks that the machine does not have; see `diskImage` */
export async function disksOf(domain: XmlElement, places: DiskPlaces): Promise<MachineDisks> {
  const disks = devicesOf(domain, "disk");
  const drives: DriveConfig[] = [];
  const secrets: SecretSpec[] = [];
  for (const disk of disks) {
    const image = await diskImage(disk, targetOf(disk), places);
    drives.push(driveOf(disk, image));
    secrets.push(...image.secrets);
  }
  const blocks = disks.filter((disk) => busOf(disk) === "virtio").map(blockOf);
  const units = disks.filter((disk) => busOf(disk) === "scsi").map(unitOf);
  const hasController = devicesOf(domain, "controller").some(
    (each) => each.attributes.get("type") === "scsi",
  );
  const controllers =
    units.length > 0 || hasController ? [{ kind: "virtio-scsi", units } as const] : [];
  return { drives, devices: [...blocks, ...controllers], secrets };
}

/** What a disk is called: `vda`. */
export function targetOf(disk: XmlElement): string {
  return find(disk, "target")?.attributes.get("dev") ?? "";
}

function busOf(disk: XmlElement): string {
  const bus = find(disk, "target")?.attributes.get("bus") ?? "virtio";
  const device = deviceOf(disk);
  const known =
    (bus === "virtio" && device === "disk") ||
    (bus === "scsi" && (device === "disk" || device === "cdrom"));
  if (known) return bus;
  throw vmError(
    "configUnsupported",
    `disk device '${device}' on bus '${bus}' is not supported by this machine`,
  );
}

function deviceOf(disk: XmlElement): string {
  return disk.attributes.get("device") ?? "disk";
}

function blockOf(disk: XmlElement) {
  const queues = find(disk, "driver")?.attributes.get("queues");
  return {
    kind: "virtio-blk",
    drive: targetOf(disk),
    ...serialOf(disk),
    ...(queues !== undefined && { queues: Number(queues) }),
  } as const;
}

function serialOf(disk: XmlElement): { readonly serial?: string } {
  const serial = textAt(disk, "serial");
  return serial === undefined ? {} : { serial };
}

/** A unit's place is in its address; without one it is in the order of the disks. */
function unitOf(disk: XmlElement, index: number) {
  const address = find(disk, "address");
  const isDrive = address?.attributes.get("type") === "drive";
  return {
    ...unitSpec(disk),
    target: isDrive ? Number(address?.attributes.get("target") ?? 0) : 0,
    lun: isDrive ? Number(address?.attributes.get("unit") ?? index) : index,
  };
}

/** A SCSI unit but for its place. */
export function unitSpec(disk: XmlElement) {
  const kind = deviceOf(disk) === "cdrom" ? ("cdrom" as const) : ("disk" as const);
  return { id: targetOf(disk), kind, drive: targetOf(disk), ...serialOf(disk) };
}

const ERROR_POLICIES: Readonly<Record<string, DriveConfig["writeError"]>> = {
  stop: "stop",
  report: "report",
  ignore: "ignore",
  // libvirt has another word for QEMU's.
  enospace: "enospc",
};

/** @param id what the machine calls it; the disk's target when left out */
export function driveOf(
  disk: XmlElement,
  { image }: Pick<DiskImage, "image">,
  id = targetOf(disk),
): DriveConfig {
  const driver = (name: string): string | undefined => find(disk, "driver")?.attributes.get(name);
  const cache = driver("cache");
  const [writeError, readError] = [driver("error_policy"), driver("rerror_policy")];
  const detect = driver("detect_zeroes");
  return {
    id,
    ...(image && { image }),
    readOnly: find(disk, "readonly") !== undefined || deviceOf(disk) === "cdrom",
    snapshot: find(disk, "transient") !== undefined,
    noFlush: cache === "unsafe",
    writeThrough: cache === "writethrough" || cache === "directsync",
    discard: driver("discard") === "unmap",
    copyOnRead: driver("copy_on_read") === "on",
    ...((detect === "on" || detect === "unmap") && { detectZeroes: detect }),
    ...policy("writeError", writeError),
    ...policy("readError", readError ?? (writeError === "enospace" ? undefined : writeError)),
    ...throttleOf(disk),
    option: `disk ${targetOf(disk)}`,
  };
}

function policy(name: "writeError" | "readError", word: string | undefined) {
  const known = word === undefined ? undefined : ERROR_POLICIES[word];
  return known === undefined ? {} : { [name]: known };
}
