import type { FormatDriver } from "./driver.ts";
import { LUKS } from "./luks/driver.ts";
import { QED } from "./qed/driver.ts";
import { VDI } from "./vdi/driver.ts";
import { VHDX } from "./vhdx/driver.ts";
import { VMDK } from "./vmdk/driver.ts";
import { VPC } from "./vpc/driver.ts";

/** All formats but raw and qcow2, in the order in which QEMU asks them. */
export const DRIVERS: readonly FormatDriver[] = [LUKS, QED, VDI, VHDX, VMDK, VPC];

export function findDriver(name: string): FormatDriver | undefined {
  return DRIVERS.find((driver) => driver.name === name);
}
