import type { Wanted } from "../deb/select.ts";

/** Packages of the `shell` guest, by their part in it. */
export const PACKAGES = {
  firmware: { name: "opensbi" },
  // The real package has the version in its name; only the metapackage's name stays.
  kernel: { name: "linux-image-riscv64", dependency: /^linux-image-\d[\w.+~-]*-riscv64$/ },
  busybox: { name: "busybox-static" },
} as const satisfies Record<string, Wanted>;

/** Paths in those packages. */
export const FIRMWARE_FILE = "usr/lib/riscv64-linux-gnu/opensbi/generic/fw_dynamic.bin";
export const BUSYBOX_FILE = "usr/bin/busybox";

/**
 * Modules that come with the guest, together with all that they need. Everything else that its
 * devices use (virtio itself, PCI, the console, the UART, 9p's and FUSE's transports) is compiled
 * into Debian's kernel.
 */
export const MODULES = [
  "virtio_mmio",
  "virtio_blk",
  "virtio_scsi",
  "sd_mod",
  "sr_mod",
  "virtio_net",
  "virtio_rng",
  "ext4",
  "isofs",
  "loop",
] as const;

/** One kernel option and the reason for it, to be shown to the user. */
export interface OptionNote {
  readonly option: string;
  readonly why: string;
}

/** A way to boot the guest. */
export interface BootLine {
  readonly title: string;
  readonly append: string;
  /** Module signatures are kept in the initramfs (true) or dropped. */
  readonly hasSignedModules: boolean;
  readonly notes: readonly OptionNote[];
}

const CONSOLE: OptionNote = {
  option: "console=ttyS0",
  why: "The kernel's console and the first shell are on the serial port.",
};

/** Of the fast way, where modules have no signatures. */
export const CERTIFICATES: OptionNote = {
  option: "initcall_blacklist=load_system_certificate_list",
  why: "Debian's module signing certificates are not loaded; modules come without their signatures, the kernel marks itself tainted (E), and nothing checks what is loaded.",
};

const FAST_NOTES: readonly OptionNote[] = [
  CONSOLE,
  { option: "quiet", why: "Only warnings are printed; dmesg shows the rest." },
  {
    option: "cryptomgr.notests",
    why: "The kernel does not test its ciphers at boot, which is more than half of the work.",
  },
  {
    option: "initcall_blacklist=jent_mod_init",
    why: "The jitter entropy source is left out: the machine passes a random seed and has virtio-rng.",
  },
  CERTIFICATES,
  {
    option: "initcall_blacklist=trace_eval_init,trace_eval_sync",
    why: "The tracer does not resolve the names of enumerations in its event formats.",
  },
];

/** The command lines of the guest. */
export const BOOT = {
  fast: {
    title: "Fast",
    append:
      "console=ttyS0 quiet cryptomgr.notests " +
      "initcall_blacklist=jent_mod_init,load_system_certificate_list,trace_eval_init,trace_eval_sync",
    hasSignedModules: false,
    notes: FAST_NOTES,
  },
  stock: {
    title: "As Debian boots",
    append: "console=ttyS0",
    hasSignedModules: true,
    notes: [CONSOLE],
  },
} as const satisfies Record<string, BootLine>;

/**
 * Part of the key of built guests: to be counted up whenever a change of the code, rather than of
 * the tables above, the overlay or the packages, changes what is built.
 */
export const REVISION = 1;
