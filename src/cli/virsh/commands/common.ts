/** What several groups' commands do alike: XML in and out, lists, events. */
import { utf8Text } from "../../../util/bytes.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";

/** A file of XML, as text. @throws VmError systemError */
export async function readText(session: Session, path: string): Promise<string> {
  return utf8Text(await session.host.readFile(path));
}

/** Columns of `Key:   value`, the key padded to 16. */
export function keyValue(key: string, value: string | number | bigint): string {
  return `${`${key}:`.padEnd(15)} ${value}\n`;
}

export function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

/** `HH:MM:SS` and date as virsh shows them, in the time zone of UTC. */
export function timeText(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000`;
}

/** The sum of the bits of flags that were given. */
export function flagBits<Name extends string>(
  command: { has(name: Name): boolean },
  bits: { readonly [Each in Name]?: number },
): number {
  let sum = 0;
  for (const [name, bit] of Object.entries(bits) as [Name, number][]) {
    if (command.has(name)) sum |= bit;
  }
  return sum;
}

/** `--timeout` in milliseconds, 0 where it is missing. @throws CommandError */
export function timeoutMs(command: {
  whole(name: "timeout", kind: "uint"): number | undefined;
}): number {
  const MAX_INT = 2 ** 31 - 1;
  const seconds = command.whole("timeout", "uint");
  if (seconds === undefined) return 0;
  if (seconds === 0 || seconds > Math.floor(MAX_INT / 1000)) {
    throw new CommandError(
      `Numeric value '${seconds}' for <timeout> option is malformed or out of range`,
    );
  }
  return seconds * 1000;
}
