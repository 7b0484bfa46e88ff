/** Kernel command lines: which one a domain boots with, and what the fast ones set. */
import type { BootSource, CommandLineChoice } from "./domain.ts";
import type { GuestBoot, GuestManifest } from "./guest-manifest.ts";

/**
 * The files and the command line that a choice stands for. One's own line gets the stock files:
 * those need nothing of the line.
 */
export function bootWay(choice: CommandLineChoice, guest: GuestManifest): GuestBoot {
  if (choice.kind !== "custom") return guest.boots[choice.kind];
  return { ...guest.boots.stock, append: choice.append, notes: [] };
}

/** The command line of `boot`; empty when its guest is not among `guests`. */
export function appendOf(boot: BootSource, guests: readonly GuestManifest[]): string {
  if (boot.kind === "files") return boot.append;
  const guest = guests.find(({ name }) => name === boot.guest);
  return guest ? bootWay(boot.commandLine, guest).append : "";
}

/**
 * The options of one line that another lacks, in order. A blacklist counts as one option for each
 * name on it, since each has its own reason.
 */
export function addedOptions(line: string, base: string): string[] {
  const known = new Set(split(base));
  return split(line).filter((option) => !known.has(option));
}

function split(line: string): string[] {
  return line
    .split(/\s+/)
    .filter((option) => option !== "")
    .flatMap((option) => {
      const [name, list] = option.split("=", 2);
      if (name !== "initcall_blacklist" || list === undefined) return [option];
      return list.split(",").map((each) => `initcall_blacklist=${each}`);
    });
}
