import type { Wanted } from "../deb/select.ts";

/** EDK2 for QEMU's virt machine. */
export const EDK2 = { name: "qemu-efi-riscv64" } as const satisfies Wanted;

const IMAGES = "usr/share/qemu-efi-riscv64";
/** What the first bank of flash holds, and what the second one is at first: no variables. */
export const CODE_FILE = `${IMAGES}/RISCV_VIRT_CODE.fd`;
export const VARS_FILE = `${IMAGES}/RISCV_VIRT_VARS.fd`;

/** As of the shell guest's recipe. */
export const REVISION = 1;
