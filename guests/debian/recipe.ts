import type { Closure } from "../deb/select.ts";
import { BOOT as SHELL_BOOT, type BootLine, type OptionNote } from "../shell/recipe.ts";

const GIB = 2 ** 30;

/** Essential packages and those of priority "required": what every Debian has. */
const REQUIRED = [
  // Before base-files, which would take any awk.
  "mawk",
  "apt",
  "base-files",
  "base-passwd",
  "bash",
  "bsdutils",
  "coreutils",
  "dash",
  "debconf",
  "debianutils",
  "diffutils",
  "dpkg",
  "findutils",
  "grep",
  "gzip",
  "hostname",
  "init-system-helpers",
  "libc-bin",
  "libpam-modules",
  "libpam-modules-bin",
  "libpam-runtime",
  "login",
  "login.defs",
  "mount",
  "ncurses-base",
  "ncurses-bin",
  "passwd",
  "perl-base",
  "sed",
  "sysvinit-utils",
  "tar",
  "tzdata",
  "util-linux",
] as const;

/** What makes a machine of it: init, devices, disks, network, and tools to look around. */
const SYSTEM = [
  "ca-certificates",
  "dbus",
  "e2fsprogs",
  "iproute2",
  "iputils-ping",
  "kmod",
  "less",
  "libpam-systemd",
  "nano",
  "netbase",
  "procps",
  "systemd",
  "systemd-resolved",
  "systemd-sysv",
  "udev",
] as const;

/** For work and measurements. */
const WORKSHOP = [
  "7zip",
  "file",
  "fio",
  "g++",
  "gcc",
  "git",
  "iperf3",
  "libc6-dev",
  "lua5.4",
  "make",
  "man-db",
  "openssl",
  "perl",
  "python3",
  "qemu-system-riscv",
  "rsync",
  "sqlite3",
  "strace",
  "stress-ng",
  "sysbench",
  "vim-tiny",
] as const;

/** Modules in the initramfs: how to come to the disk. */
export const BOOT_MODULES = [
  "virtio_mmio",
  "virtio_blk",
  "virtio_scsi",
  "sd_mod",
  "nvme",
  "ext4",
] as const;

/** Modules on the disk: what udev loads for devices, and what programs ask for. */
export const DISK_MODULES = [
  ...BOOT_MODULES,
  "9p",
  "9pnet_virtio",
  "ahci",
  "autofs4",
  "binfmt_misc",
  "br_netfilter",
  "bridge",
  "configfs",
  "dm_crypt",
  "dm_mod",
  "dm_snapshot",
  "dm_thin_pool",
  "drm",
  "e1000e",
  "efivarfs",
  "erofs",
  "evdev",
  "isofs",
  "kvm",
  "loop",
  "macvlan",
  "md_mod",
  "nbd",
  "nf_conntrack",
  "nf_nat",
  "nf_tables",
  "nfs",
  "nft_chain_nat",
  "nft_compat",
  "nft_ct",
  "nft_masq",
  "nls_iso8859_1",
  "overlay",
  "qemu_fw_cfg",
  "raid1",
  "sch_fq",
  "sg",
  "squashfs",
  "sr_mod",
  "tcp_bbr",
  "tls",
  "tun",
  "udf",
  "usb_storage",
  "usbhid",
  "veth",
  "vfat",
  "vhost_net",
  "vhost_vsock",
  "virtio_balloon",
  "virtio_crypto",
  "virtio_gpu",
  "virtio_input",
  "virtio_net",
  "virtio_pmem",
  "virtio_rng",
  "virtio_snd",
  "vmw_vsock_virtio_transport",
  "vxlan",
  "xhci_pci",
  "xt_MASQUERADE",
  "zram",
] as const;

/** Parts of a machine that is made of Debian's packages on a disk. */
export interface DebianVariant {
  readonly name: string;
  readonly title: string;
  readonly description: string;
  readonly closure: Closure;
  readonly diskBytes: number;
  /** RAM for the machine that configures the packages. */
  readonly configureBytes: number;
}

/** The disk grows when it is used; what is not written takes no space anywhere. */
export const DEBIAN: DebianVariant = {
  name: "debian",
  title: "Debian 13 on a disk",
  description: "A minimal Debian system with systemd, apt and network tools. Log in as root.",
  closure: { names: [...REQUIRED, ...SYSTEM], omitted: {} },
  diskBytes: 4 * GIB,
  configureBytes: GIB,
};

export const DEBIAN_FULL: DebianVariant = {
  name: "debian-full",
  title: "Debian 13 on a disk, with compilers and tools",
  description:
    "The system of the debian guest with gcc, g++, git, python3, sqlite3, fio, stress-ng, QEMU and more. Log in as root.",
  closure: { names: [...REQUIRED, ...SYSTEM, ...WORKSHOP], omitted: {} },
  diskBytes: 8 * GIB,
  configureBytes: GIB,
};

/** UUID of the root file system: the same in every copy, as in any image that is copied. */
export const ROOT_UUID = "7ab71504-0de1-4a13-8f5c-2b1a5e6d9c01";

const ROOT: OptionNote = {
  option: `root=UUID=${ROOT_UUID}`,
  why: "The root file system is found by its UUID, whatever the disk is plugged into.",
};

function onDisk({ title, append, hasSignedModules, notes }: BootLine): BootLine {
  return { title, append: `${append} ${ROOT.option}`, hasSignedModules, notes: [...notes, ROOT] };
}

/** The shell guest's command lines, and where the root file system is. */
export const BOOT = {
  fast: onDisk(SHELL_BOOT.fast),
  stock: onDisk(SHELL_BOOT.stock),
} as const satisfies Record<string, BootLine>;

/** As of the shell guest's recipe. */
export const REVISION = 1;
