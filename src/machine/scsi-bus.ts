/** What is plugged into one SCSI controller, by name. */
import type { BlockBackend, Trace } from "../device/ports.ts";
import { ScsiCdrom } from "../device/scsi/scsi-cdrom.ts";
import { ScsiDisk } from "../device/scsi/scsi-disk.ts";
import type { VirtioScsi } from "../device/virtio/scsi/virtio-scsi.ts";
import type { NewScsiUnit, ScsiUnitSpec } from "../protocol/machine-service.ts";
import { vmError } from "../protocol/vm-error.ts";

interface Plugged {
  readonly spec: ScsiUnitSpec;
  readonly unit: ScsiDisk | ScsiCdrom;
}

const LAST_TARGET = 255;

export class ScsiBus {
  /** The controller's own name; absent where its definition gives none. */
  readonly id: string | undefined;
  readonly #controller: VirtioScsi;
  readonly #trace: Trace;
  readonly #units = new Map<string, Plugged>();

  constructor(id: string | undefined, controller: VirtioScsi, trace: Trace) {
    this.id = id;
    this.#controller = controller;
    this.#trace = trace;
  }

  /**
   * Plugs a unit in; a running guest is told of it.
   *
   * @param backend null: a CD-ROM drive without a medium
   * @throws VmError in QEMU's words when a disk is without an image, or its place is taken
   */
  plug(wanted: NewScsiUnit, backend: BlockBackend | null): void {
    const spec = { ...wanted, ...this.#place(wanted) };
    const name = nameOf(spec);
    if (this.#units.has(name)) {
      throw vmError("operationFailed", `Duplicate device ID '${name}'`);
    }
    const unit = this.#make(spec, backend);
    this.#units.set(name, { spec, unit });
    this.#controller.plug(spec, unit);
  }

  has(name: string): boolean {
    return this.#units.has(name);
  }

  /**
   * Takes a unit out; its commands end as they would.
   *
   * @returns the id of the drive behind it, where it has one
   */
  unplug(name: string): string | undefined {
    const { spec } = this.#unit(name);
    this.#units.delete(name);
    this.#controller.unplug(spec);
    return spec.drive;
  }

  /** @throws VmError when the unit is no CD-ROM drive */
  cdrom(name: string): { readonly unit: ScsiCdrom; readonly drive: string | undefined } {
    const { spec, unit } = this.#unit(name);
    if (unit instanceof ScsiCdrom) return { unit, drive: spec.drive };
    throw vmError("operationInvalid", `Device '${name}' is not removable`);
  }

  /** Another drive's image is in a CD-ROM drive now. */
  setDrive(name: string, drive: string | undefined): void {
    const { spec, unit } = this.#unit(name);
    const { drive: _, ...rest } = spec;
    const next = { ...rest, id: name, ...(drive !== undefined && { drive }) };
    this.#units.set(name, { spec: next, unit });
  }

  #unit(name: string): Plugged {
    const found = this.#units.get(name);
    if (found) return found;
    throw vmError("deviceMissing", `Device '${name}' not found`);
  }

  /** Where it says, or the first target that nobody has. */
  #place({ target, lun = 0 }: NewScsiUnit): { readonly target: number; readonly lun: number } {
    const specs = [...this.#units.values()].map(({ spec }) => spec);
    const userOf = (at: number): ScsiUnitSpec | undefined =>
      specs.find((spec) => spec.target === at && spec.lun === lun);
    if (target !== undefined) {
      const user = userOf(target);
      if (user) throw vmError("operationFailed", `lun already used by '${nameOf(user)}'`);
      return { target, lun };
    }
    let free = 0;
    while (userOf(free)) free++;
    if (free > LAST_TARGET) throw vmError("operationFailed", "no free target found");
    return { target: free, lun };
  }

  #make(spec: ScsiUnitSpec, backend: BlockBackend | null): ScsiDisk | ScsiCdrom {
    const { kind, drive, target, lun, serial = "" } = spec;
    const options = { name: drive ?? `${target}:${lun}`, serial };
    if (kind === "cdrom") return new ScsiCdrom(backend, this.#trace, options);
    if (backend) return new ScsiDisk(backend, this.#trace, options);
    const detail = `drive '${drive ?? ""}': Device needs media, but drive is empty`;
    throw vmError("configUnsupported", detail);
  }
}

/** A unit's own name, its drive's, or where it is, as libvirt's aliases say it. */
function nameOf({ id, drive, target, lun }: ScsiUnitSpec): string {
  return id ?? drive ?? `scsi0-0-${target}-${lun}`;
}
