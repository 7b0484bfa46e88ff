/** Kernels, disks, CDs and installation trees that the command lines speak of. */
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const FILES: Readonly<Record<string, string>> = {
  kernel: "kernel",
  initrd: "initrd",
  "disk.img": "disk",
  "cd.iso": "cd",
  password: "secret\n",
  "key.pub": "ssh-ed25519 AAAA me@host\n",
  "user-data": "#cloud-config\n",
  // Debian's layout, by release and processor.
  ...netboot("debian/dists/bullseye/main/installer-i386", "debian", "i386", "current/images"),
  ...netboot("debian/dists/buster/main/installer-amd64", "debian", "amd64", "current/images"),
  ...netboot("ubuntu/dists/focal/main/installer-amd64", "ubuntu", "amd64", "current/legacy-images"),
  ...netboot("daily-images/arm64", "debian", "arm64", "daily"),
  // Trees that say of themselves what they are.
  ...described("fedora", "Fedora", "37"),
  ...described("fedora-new", "Fedora", "99"),
  ...described("rhel", "Red Hat Enterprise Linux", "9.1"),
  ...described("centos", "CentOS", "8.5"),
  ...described("leap", "openSUSE Leap", "15.4"),
  ...described("other", "Other", "1"),
  "mounted/.disk/info": "Debian GNU/Linux 11.5.0",
  "mounted/install/netboot/debian-installer/i386/linux": "linux",
  "mounted/install/netboot/debian-installer/i386/initrd.gz": "initrd",
};

function netboot(
  root: string,
  distro: string,
  arch: string,
  folder: string,
): Readonly<Record<string, string>> {
  const kernels = `${root}/${folder}/netboot/${distro}-installer/${arch}`;
  return {
    [`${root}/${folder}/MANIFEST`]: `netboot/${distro}-installer/${arch}/linux -- kernel image\n`,
    [`${kernels}/linux`]: "linux",
    [`${kernels}/initrd.gz`]: "initrd",
  };
}

function described(root: string, family: string, version: string): Record<string, string> {
  const info =
    `[general]\nfamily = ${family}\nversion = ${version}\narch = x86_64\nname = ${family} ${version}\n` +
    "[images-x86_64]\nkernel = images/pxeboot/vmlinuz\ninitrd = images/pxeboot/initrd.img\n";
  return {
    [`${root}/.treeinfo`]: info,
    [`${root}/images/pxeboot/vmlinuz`]: "linux",
    [`${root}/images/pxeboot/initrd.img`]: "initrd",
  };
}

const CDS: readonly (readonly [name: string, label: string, files: Record<string, string>])[] = [
  [
    "debian.iso",
    "Debian 11.5.0 i386 n",
    {
      ".disk/info": "Debian GNU/Linux 11.5.0 Bullseye",
      "install.386/vmlinuz": "linux",
      "install.386/initrd.gz": "initrd",
    },
  ],
  ["plain.iso", "PLAIN", { "boot/linux": "linux", "boot/initrd": "initrd" }],
];

/** CDs are made by xorriso, which the real virt-install needs, too. */
export function makeMedia(folder: string): void {
  writeAll(folder, FILES);
  for (const [name, label, files] of CDS) {
    const root = join(folder, "..", name);
    writeAll(root, files);
    const args = ["-o", join(folder, name), "-V", label, "-r", "-J", root];
    const { status, stderr } = spawnSync("xorrisofs", args, { encoding: "utf8" });
    if (status !== 0) throw new Error(`xorrisofs: ${stderr}`);
  }
}

function writeAll(root: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}
