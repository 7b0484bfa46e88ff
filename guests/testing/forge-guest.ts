/** Packages for tests that guests can be made from: small, but with all that builders look for. */
import type { GuestContents, Workshop } from "../recipe.ts";
import { FIRMWARE_FILE, MODULES } from "../shell/recipe.ts";
import type { ForgedPackage } from "./forge-mirror.ts";
import { kernelModule, signedModule } from "./forge-module.ts";
import { xz, type ForgedFile } from "./forge-package.ts";

/** For guests that are made in memory. */
export const NO_WORKSHOP: Workshop = {
  directory: "/nonexistent",
  runMachine: () => Promise.reject(new Error("no machine is expected")),
};

export const KERNEL_RELEASE = "6.12.1+deb13-riscv64";
export const APPLETS =
  "[ [[ ash busybox cttyhack init modprobe mount poweroff reboot setsid sh zcat".split(" ");
export const BUSYBOX = Buffer.from(
  `\x7fELF..[\0[[\0\0..${APPLETS.join("\0")}\0\0/bin/sh\0`,
  "latin1",
);

export function kernelFiles(names: readonly string[] = MODULES): ForgedFile[] {
  const image = Buffer.alloc(70_000, 0x13);
  image.write("MZ", 0);
  image.write("RSC\x05", 0x38, "latin1");
  const directory = `./usr/lib/modules/${KERNEL_RELEASE}`;
  const modules = names.map((name): ForgedFile => {
    const contents = xz(signedModule(kernelModule([`name=${name}`, "depends="]), 200));
    return { path: `${directory}/kernel/drivers/${name}.ko.xz`, contents };
  });
  return [
    { path: `./boot/vmlinux-${KERNEL_RELEASE}`, contents: image },
    { path: `${directory}/modules.builtin`, contents: "kernel/drivers/virtio/virtio.ko\n" },
    { path: `${directory}/modules.builtin.modinfo`, contents: "virtio.license=GPL\0" },
    { path: `${directory}/modules.order`, contents: "" },
    ...modules,
  ];
}

/** All that the shell guest is made from. */
export const SHELL_PACKAGES: readonly ForgedPackage[] = [
  { name: "opensbi", version: "1", files: [{ path: `./${FIRMWARE_FILE}`, contents: "firmware" }] },
  {
    name: "busybox-static",
    version: "1",
    files: [{ path: "./usr/bin/busybox", contents: BUSYBOX }],
  },
  { name: "linux-image-riscv64", version: "1", depends: `linux-image-${KERNEL_RELEASE} (= 1)` },
  { name: `linux-image-${KERNEL_RELEASE}`, version: "1", files: kernelFiles() },
];

/** A file that was made in memory; empty when there is none. */
export function bytesOf({ files }: GuestContents, role: string): Buffer {
  const made = files[role];
  return Buffer.from(made !== undefined && "bytes" in made ? made.bytes : []);
}
