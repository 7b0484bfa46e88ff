/** A snapshot's XML from the options of `snapshot-create-as`. */
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { SNAPSHOT } from "../tables/snapshot.ts";
import { splitCommas } from "./comma-lists.ts";

/** @throws CommandError for a memspec or diskspec that is none */
export function snapshotXml(command: Command<(typeof SNAPSHOT)["snapshot-create-as"]>): string {
  const name = command.text("name");
  const description = command.text("description");
  const memory = command.text("memspec");
  const disks = command.all("diskspec").flatMap(diskXml);
  return formatXml(
    element("domainsnapshot", {}, [
      ...(name === undefined ? [] : [textElement("name", name)]),
      ...(description === undefined ? [] : [textElement("description", description)]),
      ...(memory === undefined ? [] : [memoryXml(memory)]),
      ...(command.given("diskspec") ? [element("disks", {}, [...disks, { kind: "open" }])] : []),
      { kind: "open" },
    ]),
  );
}

/** `[file=]name[,snapshot=type]`. */
function memoryXml(spec: string): XmlElement {
  let snapshot: string | undefined;
  let file: string | undefined;
  for (const part of splitCommas(spec)) {
    if (snapshot === undefined && part.startsWith("snapshot=")) snapshot = part.slice(9);
    else if (file === undefined && part.startsWith("file=")) file = part.slice(5);
    else if (file === undefined && part.startsWith("/")) file = part;
    else throw new CommandError(`unable to parse memspec: ${spec}`);
  }
  return element("memory", { snapshot, file });
}

const DISK_KEYS = ["snapshot", "driver", "stype", "file"] as const;

/** `disk[,snapshot=type][,driver=type][,stype=type][,file=name]`; the empty text is no disk. */
function diskXml(spec: string): XmlElement[] {
  if (spec === "") return [];
  const [name, ...parts] = splitCommas(spec);
  const values: Partial<Record<(typeof DISK_KEYS)[number], string>> = {};
  const wrong = `unable to parse diskspec: ${spec}`;
  for (const part of parts) {
    const key = DISK_KEYS.find((each) => part.startsWith(`${each}=`));
    if (key === undefined || values[key] !== undefined) throw new CommandError(wrong);
    values[key] = part.slice(key.length + 1);
  }
  const { snapshot, driver, stype, file } = values;
  if (stype !== undefined && stype !== "file" && stype !== "block") {
    throw new CommandError(`Unknown storage type: '${stype}'\n${wrong}`);
  }
  const source = file === undefined ? {} : { [stype === "block" ? "dev" : "file"]: file };
  return [
    element("disk", { name, snapshot, type: stype }, [
      ...(driver === undefined ? [] : [element("driver", { type: driver })]),
      ...(file === undefined ? [] : [element("source", source)]),
    ]),
  ];
}
