/** What several groups' commands do alike: XML in and out, lists, events. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { utf8Text } from "../../../util/bytes.ts";
import type { Session } from "../shell/session.ts";
import { selectXml } from "./xpath.ts";

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

/** Prints a document as it is, or what `--xpath` selects of it. @throws CommandError */
export function printXml(
  session: Session,
  xml: string,
  xpath: string | undefined,
  wrap: boolean,
): void {
  if (xpath === undefined) return session.print(xml);
  session.print(selectXml(parseXml(xml, "virsh"), xpath, wrap));
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

/**
 * Asks with flags that a driver may not know, and without them where it refuses them.
 *
 * @throws VmError
 */
export async function withoutFlags<T>(
  flags: number,
  ask: (flags: number) => Promise<T>,
): Promise<T> {
  try {
    return await ask(flags);
  } catch (error) {
    if (!(error instanceof VmError) || error.code !== ErrorCode.invalidArg) throw error;
    return ask(0);
  }
}
