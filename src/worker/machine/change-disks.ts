/** What the host does to the disks of a running machine. */
import type { ScsiBus } from "../../machine/scsi-bus.ts";
import type { DriveSpec } from "../../protocol/drive-spec.ts";
import type { DiskCommand } from "../../protocol/machine-service.ts";
import { VmError, vmError } from "../../protocol/vm-error.ts";
import type { OpenDrives } from "./open-drives.ts";

const SECTOR_BYTES = 512;

type CommandOf<Kind> = Extract<DiskCommand, { kind: Kind }>;

/** @throws VmError in QEMU's words; the disks are then as they were */
export async function changeDisks(
  command: DiskCommand,
  drives: OpenDrives,
  buses: readonly ScsiBus[],
): Promise<void> {
  switch (command.kind) {
    case "resize":
      return resize(command, drives);
    case "throttle":
      return drives.setThrottle(command.drive, command.limits);
    case "writeThreshold":
      return drives.setWriteThreshold(command.drive, command.bytes);
    case "attach":
      return attach(command, drives, buses);
    case "detach": {
      const drive = busOf(command.unit, buses).unplug(command.unit);
      return drive === undefined ? undefined : drives.closeOne(drive);
    }
    case "changeMedium":
      return changeMedium(command, drives, buses);
  }
}

async function resize(
  { drive, sizeBytes }: CommandOf<"resize">,
  drives: OpenDrives,
): Promise<void> {
  const disk = drives.disks.get(drive);
  if (!disk) throw vmError("deviceMissing", `Device '${drive}' not found`);
  if (!Number.isSafeInteger(sizeBytes) || sizeBytes < 0) {
    throw vmError("invalidArg", "Parameter 'size' expects a >0 size");
  }
  if (disk.readOnly) throw vmError("operationFailed", "Image is read-only");
  try {
    await disk.resize(Math.ceil(sizeBytes / SECTOR_BYTES) * SECTOR_BYTES);
  } catch (error) {
    throw asVmError(error);
  }
}

async function attach(
  { unit, drive, controller, secrets = [] }: CommandOf<"attach">,
  drives: OpenDrives,
  buses: readonly ScsiBus[],
): Promise<void> {
  const bus = buses.find(({ id }) => controller === undefined || id === controller);
  if (!bus) {
    const what = controller === undefined ? "No 'SCSI' bus found" : `Bus '${controller}' not found`;
    throw vmError("operationFailed", what);
  }
  drives.learn(secrets);
  const spec = drive === undefined ? unit : { ...unit, drive: drive.id };
  await withDrive(drive ?? null, drives, () =>
    bus.plug(spec, drives.disks.get(spec.drive ?? "") ?? null),
  );
}

/** As a hand at the drive: a tray that the guest has locked opens when the guest lets it. */
async function changeMedium(
  { unit, drive, force, secrets = [] }: CommandOf<"changeMedium">,
  drives: OpenDrives,
  buses: readonly ScsiBus[],
): Promise<void> {
  const bus = busOf(unit, buses);
  const { unit: cdrom, drive: old } = bus.cdrom(unit);
  if (cdrom.isLocked && !cdrom.isOpen && !force) {
    cdrom.requestEject();
    throw vmError(
      "operationFailed",
      `Device '${unit}' is locked and force was not specified, wait for tray to open and try again`,
    );
  }
  drives.learn(secrets);
  await withDrive(drive, drives, () => {
    cdrom.change((drive && drives.disks.get(drive.id)) ?? null);
    bus.setDrive(unit, drive?.id);
  });
  if (old !== undefined && old !== drive?.id) await drives.closeOne(old);
}

/** Opens a drive for `use`, and closes it again when that fails. */
async function withDrive(
  drive: DriveSpec | null,
  drives: OpenDrives,
  use: () => void,
): Promise<void> {
  if (drive) await drives.open(drive);
  try {
    use();
  } catch (error) {
    if (drive) await drives.closeOne(drive.id).catch(() => {});
    throw error;
  }
}

function busOf(unit: string, buses: readonly ScsiBus[]): ScsiBus {
  const found = buses.find((bus) => bus.has(unit));
  if (found) return found;
  throw vmError("deviceMissing", `Device '${unit}' not found`);
}

function asVmError(error: unknown): VmError {
  if (error instanceof VmError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return vmError("operationFailed", message, { cause: error });
}
