/** The options of `tabvisor system`: QEMU's names, forms and words where QEMU has them. */

export interface OptionRow {
  /** Without dashes; one dash or two are the same. */
  readonly name: string;
  readonly aliases?: readonly string[];
  /** How the help calls the option's argument; options without it are switches. */
  readonly arg?: string;
  /** May be given more than once. */
  readonly repeats?: boolean;
  readonly help: readonly string[];
}

export const OPTIONS = [
  { name: "help", aliases: ["h"], help: ["display this help and exit"] },
  { name: "version", help: ["display version information and exit"] },
  {
    name: "machine",
    aliases: ["M"],
    arg: "[type=]name[,prop=value]",
    help: [
      "selects emulated machine ('-machine help' for list); 'virt' takes",
      "aia=none|aplic|aplic-imsic (interrupt controllers: PLIC, APLIC, APLIC and",
      "IMSICs), aia-guests=0, and pflash0=, pflash1= (block nodes for the flash)",
    ],
  },
  { name: "cpu", arg: "cpu", help: ["select CPU ('-cpu help' for list)"] },
  {
    name: "smp",
    arg: "[cpus=]n",
    help: ["set the number of CPUs, 1 to 16 (default 1)"],
  },
  {
    name: "m",
    arg: "[size=]megs",
    help: ["configure guest RAM: a multiple of 2 MiB from 64M to 3G (default 128M)"],
  },
  {
    name: "accel",
    arg: "name[,threshold=n]",
    help: [
      "how guest code runs: jit (default) or interpreter; jit translates what",
      "was jumped to about n times",
    ],
  },
  { name: "name", arg: "string", help: ["set the name of the guest"] },
  {
    name: "guest",
    arg: "name[,boot=way][,disk=file]",
    help: [
      "boot a guest image ('-guest help' for list),",
      "'name,boot=stock' with its stock command line; its disk, when it has one,",
      "is kept in 'file' or among the user's data; other options override parts",
    ],
  },
  {
    name: "kernel",
    arg: "file",
    help: ["use 'file' as kernel image: Linux Image, ELF or flat binary"],
  },
  { name: "initrd", arg: "file", help: ["use 'file' as initial ram disk"] },
  { name: "append", arg: "cmdline", help: ["use 'cmdline' as kernel command line"] },
  {
    name: "bios",
    arg: "file",
    help: ["M-mode firmware: a file, 'default' (OpenSBI of the built guest) or 'none'"],
  },
  {
    name: "fw_cfg",
    arg: "[name=]name,file=file|string=text",
    repeats: true,
    help: ["a file for the firmware; names of one's own begin with 'opt/'"],
  },
  {
    name: "firmware",
    arg: "efi[,vars=file]",
    help: [
      "UEFI firmware in the flash, for disks with a boot loader of their own; its",
      "variables are kept in 'file' or, by the machine's name, in the user's data",
    ],
  },
  {
    name: "drive",
    arg: "file=file[,…]",
    repeats: true,
    help: [
      "use 'file' as a drive image: if=virtio|none|pflash, unit=, format=, id=,",
      "readonly=on, media=disk|cdrom, snapshot=on, cache=, aio=, discard=,",
      "detect-zeroes=, copy-on-read=on, werror=, rerror=, throttling.iops-total=",
      "and its likes",
    ],
  },
  {
    name: "blockdev",
    arg: "driver=…",
    repeats: true,
    help: ["a block node: driver=, node-name=, file=, filename=, read-only=, or JSON"],
  },
  {
    name: "object",
    arg: "secret,id=id,…",
    repeats: true,
    help: ["a password for drives: data=, file=, format=, keyid=, iv="],
  },
  { name: "hda", arg: "file", help: ["use 'file' as drive none0, for a device to take"] },
  { name: "hdb", arg: "file", help: ["use 'file' as drive none1, for a device to take"] },
  { name: "hdc", arg: "file", help: ["use 'file' as drive none2, for a device to take"] },
  { name: "hdd", arg: "file", help: ["use 'file' as drive none3, for a device to take"] },
  { name: "cdrom", arg: "file", help: ["use 'file' as drive none2, read-only"] },
  { name: "snapshot", help: ["write to memory instead of to drive images"] },
  {
    name: "device",
    arg: "driver[,prop=value]",
    repeats: true,
    help: ["add device ('-device help' for list)"],
  },
  {
    name: "serial",
    arg: "dev",
    help: ["redirect the serial port: stdio, mon:stdio, file:path, null or none"],
  },
  {
    name: "nographic",
    help: ["serial port on stdio; this is the default, there is no graphical display"],
  },
  { name: "display", arg: "none", help: ["accepted for compatibility: 'none' only"] },
  { name: "monitor", arg: "none", help: ["accepted for compatibility: 'none' only"] },
  { name: "no-reboot", help: ["exit instead of rebooting"] },
  {
    name: "d",
    arg: "item",
    help: ["log to stderr: 'guest_errors' (a guest's misuse of devices)"],
  },
  {
    name: "engine",
    arg: "engine",
    help: ["where the machine runs: node (default), chromium or firefox (headless)"],
  },
  {
    name: "stats",
    help: [
      "print counters to stderr at the end; C-a i and SIGUSR2 print them at any",
      "time, with and without this option",
    ],
  },
  {
    name: "stats-json",
    arg: "file",
    help: ["write counters as JSON to 'file' at the end, '-' for stderr"],
  },
] as const satisfies readonly OptionRow[];

export type OptionName = (typeof OPTIONS)[number]["name"];

/** What the command line gave: for each option its arguments in order ("" for a switch). */
export type GivenOptions = ReadonlyMap<OptionName, readonly string[]>;

const ROWS: readonly OptionRow[] = OPTIONS;

/** The row of an option by its name or alias, both without dashes. */
export function findOption(name: string): OptionRow | undefined {
  return ROWS.find((row) => row.name === name || row.aliases?.includes(name));
}
