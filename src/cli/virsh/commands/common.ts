/** What several groups' commands do alike: XML in and out, lists, events. */
import { parseXml } from "../../../virt/xml/parse.ts";
import { utf8Text } from "../../../util/bytes.ts";
import type { Command } from "../shell/command.ts";
import type { CommandSpec } from "../shell/spec.ts";
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

/** Lets the user change a document; hands what was changed to `define`. */
export async function editXml(
  session: Session,
  what: string,
  xml: string,
  define: (edited: string) => Promise<void>,
): Promise<void> {
  const edited = await session.host.edit(xml, ".xml");
  if (edited === xml) {
    session.printExtra(`${what} XML configuration not changed.\n`);
    return;
  }
  await define(edited);
  session.printExtra(`${what} XML configuration edited.\n`);
}

/** `HH:MM:SS` and date as virsh shows them, in the time zone of UTC. */
export function timeText(seconds: number): string {
  const iso = new Date(seconds * 1000).toISOString();
  return `${iso.slice(0, 10)} ${iso.slice(11, 19)} +0000`;
}

/** The sum of the bits of flags that were given. */
export function flagBits<S extends CommandSpec>(
  command: Command<S>,
  bits: Partial<Record<Parameters<Command<S>["has"]>[0], number>>,
): number {
  let sum = 0;
  for (const [name, bit] of Object.entries(bits) as [Parameters<Command<S>["has"]>[0], number][]) {
    if (command.has(name)) sum |= bit;
  }
  return sum;
}
