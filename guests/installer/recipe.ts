import type { Wanted } from "../deb/select.ts";

export const INSTALLER = { name: "debian-installer-13-netboot-riscv64" } as const satisfies Wanted;

const IMAGES = "usr/lib/debian-installer/images/13/riscv64/text/debian-installer/riscv64";
export const KERNEL_FILE = `${IMAGES}/linux`;
export const INITRD_FILE = `${IMAGES}/initrd.gz`;

/** Where modules are, in the initramfs as in the kernel's package. */
export const IN_MODULES = "usr/lib/modules/";

/** How to come to the disks; the installer's packages with them are elsewhere. */
export const MODULES = [
  "kernel/drivers/block/virtio_blk.ko.xz",
  "kernel/drivers/scsi/virtio_scsi.ko.xz",
] as const;

/** As of the shell guest's recipe. */
export const REVISION = 1;
