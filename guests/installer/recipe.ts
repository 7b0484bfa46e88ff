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

/** Run by the installer's init before anything looks for disks: its indexes know no such modules. */
export const STARTUP_FILE = "usr/lib/debian-installer-startup.d/S05disk-drivers";
export const STARTUP = "#!/bin/sh\ndepmod -a\nmodprobe -a virtio_blk virtio_scsi\nexit 0\n";

/** As of the shell guest's recipe. */
export const REVISION = 1;
