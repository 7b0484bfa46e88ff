import { DRIVERS } from "./devices.ts";
import { ESCAPE_HELP } from "./escape.ts";
import { OPTIONS, type OptionRow } from "./option-table.ts";
import type { Query } from "./system-options.ts";

const COLUMN = 26;

/** `tabvisor --help`. */
export const MAIN_HELP = `usage: tabvisor COMMAND [options]

Commands:
  system [options]       run a virtual machine with its console on the terminal;
                         'tabvisor system -help' lists the options
  guest build NAME       make a guest image from Debian packages
  guest list             list the guests that can be made
  guest path NAME        print the folder of a built guest
  daemon                 run the virtual machines of qemu:///system for the tools
  qemu-img COMMAND ...   make, look at and change disk images
  qemu-io [options] FILE try requests on a disk image
  virsh [options] ...    manage machines, pools and networks as libvirt's virsh does
  virt-install ...       make a guest and install a system, as virtinst's virt-install does
  virt-clone ...         make a guest like another, with disks of its own
  virt-xml ...           change a guest's XML by options
  virt-top ...           show what guests use of processor, memory, disks and network

Example:
  tabvisor system --guest shell -m 256M -smp 2
`;

/** What a query prints. `guests` are the built guests' names. */
export function answerQuery(query: Query, version: string, guests: readonly string[]): string {
  switch (query) {
    case "version":
      return `tabvisor version ${version}\n`;
    case "machines":
      return "Supported machines are:\nvirt                 RISC-V VirtIO board (default)\n";
    case "cpus":
      return "Available CPUs:\n  max\n  rv64\n";
    case "devices":
      return DRIVERS.map((row) => `name "${row.name}", bus ${row.bus}, desc "${row.help}"\n`).join(
        "",
      );
    case "guests":
      return guests.length === 0
        ? "No guest is built: tabvisor guest build shell\n"
        : guests.map((name) => `${name}\n`).join("");
    default:
      return systemHelp();
  }
}

function systemHelp(): string {
  const rows: readonly OptionRow[] = OPTIONS;
  const options = rows.flatMap(describe).join("\n");
  return (
    "usage: tabvisor system [options]\n\n" +
    `${options}\n\n` +
    "During emulation, the following keys are useful:\n" +
    `${ESCAPE_HELP}\n\n` +
    "The exit status is 0 when the guest powers off, its own code when it reports failure,\n" +
    "and 1 for errors of the command line, of the images and of the machine.\n"
  );
}

function describe(row: OptionRow): string[] {
  const names = [row.name, ...(row.aliases ?? [])].map((name) => `-${name}`).join(" or ");
  const left = row.arg === undefined ? names : `${names} ${row.arg}`;
  const [first = "", ...rest] = row.help;
  const pad = " ".repeat(COLUMN);
  if (left.length >= COLUMN) return [left, ...row.help.map((line) => pad + line)];
  return [left.padEnd(COLUMN) + first, ...rest.map((line) => pad + line)];
}
