/** `<disk>`: driver, format, sources. */
import { defaultAttribute, type Draft, ensureChild } from "../../../xml/draft.ts";
import { assignDriveAddress } from "../drive-address.ts";
import { fillSources } from "./disk-source.ts";

/** @throws VmError xmlError for a target that says no address where none is given */
export function fillDisk(disk: Draft, inactive: boolean): void {
  fillSources(disk, inactive);
  const driver = ensureChild(disk, "driver");
  defaultAttribute(driver, "name", "qemu");
  // What a volume is, its pool says when the domain starts.
  if (disk.attributes.get("type") !== "volume") defaultAttribute(driver, "type", "raw");
  assignDriveAddress(disk, "wide");
}
