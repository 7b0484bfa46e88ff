import { GuestError } from "../errors.ts";

/**
 * BusyBox's table of applets is the one string "[\0[[\0acpid\0…zcat\0\0" in its read-only data,
 * in alphabetical order since it is searched by bisection.
 */
const TABLE_START = Buffer.from("[\0[[\0", "latin1");

/** Applets that this guest cannot do without; their absence means that the table was misread. */
const NEEDED = ["cttyhack", "init", "modprobe", "mount", "poweroff", "reboot", "setsid", "sh"];

/**
 * Names of the applets in a BusyBox binary. `busybox --list` would tell, but nothing foreign is
 * run while a guest is built.
 *
 * @throws GuestError when no table is found
 */
export function busyboxApplets(binary: Uint8Array): string[] {
  const bytes = Buffer.from(binary.buffer, binary.byteOffset, binary.byteLength);
  for (let at = bytes.indexOf(TABLE_START); at >= 0; at = bytes.indexOf(TABLE_START, at + 1)) {
    const end = bytes.indexOf("\0\0", at, "latin1");
    const names = bytes.toString("latin1", at, Math.max(end, at)).split("\0");
    if (isTable(names)) {
      return names;
    }
  }
  throw new GuestError(
    "The table of applets cannot be found in the busybox-static package's binary.",
  );
}

function isTable(names: readonly string[]): boolean {
  const isAscending = names.every((name, at) => at === 0 || (names[at - 1] ?? "") < name);
  return isAscending && NEEDED.every((name) => names.includes(name));
}
