/** The commands on snapshots. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { DomainRef, SnapshotRef } from "../../../virt/driver/refs.ts";
import {
  DomainSnapshotCreateFlags as Create,
  DomainSnapshotDeleteFlags as Delete,
  DomainSnapshotListFlags as List,
  DomainSnapshotRevertFlags as Revert,
} from "../../../virt/driver/snapshot-flags.ts";
import {
  childElements,
  element,
  find,
  textAt,
  textElement,
  type XmlElement,
} from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { SNAPSHOT } from "../tables/snapshot.ts";
import { flagBits, keyValue, printXml, readText, timeText, yesNo } from "./common.ts";
import { findDomain } from "./lookup.ts";

type Spec<Name extends keyof typeof SNAPSHOT> = (typeof SNAPSHOT)[Name];

const SECURE = 1;

export const SNAPSHOT_RUNS: Runs<typeof SNAPSHOT> = {
  "snapshot-create": async (session, command) => {
    const flags =
      createFlags(command) |
      flagBits(command, { redefine: Create.redefine, current: Create.current });
    const domain = await domainOf(session, command);
    const file = command.text("xmlfile");
    const xml = file === undefined ? "<domainsnapshot/>" : await readText(session, file);
    await createFrom(session, domain, xml, flags, file);
  },
  "snapshot-create-as": async (session, command) => {
    const domain = await domainOf(session, command);
    const xml = snapshotXml(command);
    if (command.has("print-xml")) return session.print(`${xml}\n`);
    await createFrom(session, domain, xml, createFlags(command), undefined);
  },
  "snapshot-current": async (session, command) => {
    command.exclusive("name", "snapshotname");
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const name = command.text("snapshotname");
    if (name !== undefined) return setCurrent(session, domain, name);
    if (!(await connect.domainHasCurrentSnapshot(domain, 0))) {
      return session.fail(`domain '${domain.name}' has no current snapshot`);
    }
    const current = await connect.domainSnapshotCurrent(domain, 0);
    if (command.has("name")) return session.print(current.name);
    const flags = command.has("security-info") ? SECURE : 0;
    session.print(await connect.domainSnapshotGetXMLDesc(current, flags));
  },
  "snapshot-delete": async (session, command) => {
    command.exclusive("children", "children-only");
    const [domain, snapshot] = await snapshotOf(session, command);
    const flags = flagBits(command, {
      children: Delete.children,
      "children-only": Delete.childrenOnly,
      metadata: Delete.metadataOnly,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to delete snapshot ${snapshot.name}`, () =>
      connect.domainSnapshotDelete(snapshot, flags),
    );
    const children = command.has("children-only") ? " children" : "";
    session.printExtra(`Domain snapshot ${snapshot.name}${children} deleted\n`);
    return void domain;
  },
  "snapshot-dumpxml": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const snapshot = await connect.domainSnapshotLookupByName(
      domain,
      command.required("snapshotname"),
      0,
    );
    const flags = command.has("security-info") ? SECURE : 0;
    const xml = await connect.domainSnapshotGetXMLDesc(snapshot, flags);
    printXml(session, xml, command.text("xpath"), command.has("wrap"));
  },
  "snapshot-edit": async (session, command) => editSnapshot(session, command),
  "snapshot-info": async (session, command) => {
    const [domain, snapshot] = await snapshotOf(session, command);
    await printInfo(session, domain, snapshot);
  },
  "snapshot-list": async (session, command) => listSnapshots(session, command),
  "snapshot-parent": async (session, command) => {
    const [, snapshot] = await snapshotOf(session, command);
    const parent = await parentName(session, snapshot);
    if (parent === null) return session.fail(`snapshot '${snapshot.name}' has no parent`);
    session.print(parent);
  },
  "snapshot-revert": async (session, command) => {
    const [, snapshot] = await snapshotOf(session, command);
    const flags = flagBits(command, {
      running: Revert.running,
      paused: Revert.paused,
      force: Revert.force,
      "reset-nvram": Revert.resetNvram,
    });
    const connect = await session.connect();
    await connect.domainRevertToSnapshot(snapshot, flags);
    session.printExtra(`Domain snapshot ${snapshot.name} reverted\n`);
  },
};

function domainOf(
  session: Session,
  command: { required(name: "domain"): string },
): Promise<DomainRef> {
  return findDomain(session, command.required("domain"));
}

interface NamesSnapshot {
  required(name: "domain"): string;
  text(name: "snapshotname"): string | undefined;
  has(name: "current"): boolean;
  exclusive(a: "current", b: "snapshotname"): void;
}

/** The snapshot of that name, or the current one with `--current`. */
async function snapshotOf(
  session: Session,
  command: NamesSnapshot,
): Promise<[DomainRef, SnapshotRef]> {
  const domain = await domainOf(session, command);
  const name = command.text("snapshotname");
  if (command.has("current") && name !== undefined) {
    throw new CommandError("--current and snapshotname are mutually exclusive");
  }
  const connect = await session.connect();
  if (name !== undefined)
    return [domain, await connect.domainSnapshotLookupByName(domain, name, 0)];
  if (command.has("current")) return [domain, await connect.domainSnapshotCurrent(domain, 0)];
  throw new CommandError("--snapshotname or --current is required");
}

function createFlags(command: {
  has(
    name:
      | "no-metadata"
      | "halt"
      | "disk-only"
      | "reuse-external"
      | "quiesce"
      | "atomic"
      | "live"
      | "validate",
  ): boolean;
}): number {
  const bits = {
    "no-metadata": Create.noMetadata,
    halt: Create.halt,
    "disk-only": Create.diskOnly,
    "reuse-external": Create.reuseExt,
    quiesce: Create.quiesce,
    atomic: Create.atomic,
    live: Create.live,
    validate: Create.validate,
  } as const;
  let sum = 0;
  for (const [name, bit] of Object.entries(bits) as [keyof typeof bits, number][]) {
    if (command.has(name)) sum |= bit;
  }
  return sum;
}

async function createFrom(
  session: Session,
  domain: DomainRef,
  xml: string,
  flags: number,
  file: string | undefined,
): Promise<void> {
  const connect = await session.connect();
  const snapshot = await connect.domainSnapshotCreateXML(domain, xml, flags);
  const from = file === undefined ? "" : ` from '${file}'`;
  session.printExtra(`Domain snapshot ${snapshot.name} created${from}`);
}

/** `key=value` parts separated by commas; two commas are one of the text. */
function specParts(text: string): string[] {
  return text.split(/(?<!,)(?:,,)*,(?!,)/).map((part) => part.replaceAll(",,", ","));
}

function snapshotXml(command: Command<Spec<"snapshot-create-as">>): string {
  const children: XmlElement[] = [];
  const name = command.text("name");
  const description = command.text("description");
  if (name !== undefined) children.push(textElement("name", name));
  if (description !== undefined) children.push(textElement("description", description));
  const memory = command.text("memspec");
  if (memory !== undefined) children.push(memoryXml(memory));
  const disks = command.all("diskspec").map(diskXml);
  if (disks.length > 0) children.push(element("disks", {}, disks));
  return formatXml(element("domainsnapshot", {}, children));
}

/** `[file=]name[,snapshot=type]`. */
function memoryXml(spec: string): XmlElement {
  const wrong = (): never => {
    throw new CommandError(`unable to parse memspec: ${spec}`);
  };
  let snapshot: string | undefined;
  let file: string | undefined;
  for (const part of specParts(spec)) {
    if (snapshot === undefined && part.startsWith("snapshot=")) snapshot = part.slice(9);
    else if (file === undefined && part.startsWith("file=")) file = part.slice(5);
    else if (file === undefined && part.startsWith("/")) file = part;
    else wrong();
  }
  return element("memory", { snapshot, file });
}

/** `disk[,snapshot=type][,driver=type][,stype=type][,file=name]`. */
function diskXml(spec: string): XmlElement {
  const [name, ...parts] = specParts(spec);
  const values = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf("=");
    const key = part.slice(0, at);
    if (at < 0 || !["snapshot", "driver", "stype", "file"].includes(key) || values.has(key)) {
      throw new CommandError(`unable to parse diskspec: ${spec}`);
    }
    values.set(key, part.slice(at + 1));
  }
  const type = values.get("stype");
  if (type !== undefined && type !== "file" && type !== "block") {
    throw new CommandError(`Unknown storage type: '${type}'`);
  }
  const driver = values.get("driver");
  const file = values.get("file");
  return element(
    "disk",
    { name, snapshot: values.get("snapshot"), type: type === "block" ? "block" : undefined },
    [
      ...(driver === undefined ? [] : [element("driver", { type: driver })]),
      ...(file === undefined
        ? []
        : [element("source", { [type === "block" ? "dev" : "file"]: file })]),
    ],
  );
}

async function setCurrent(session: Session, domain: DomainRef, name: string): Promise<void> {
  const connect = await session.connect();
  const snapshot = await connect.domainSnapshotLookupByName(domain, name, 0);
  const xml = await connect.domainSnapshotGetXMLDesc(snapshot, SECURE);
  await connect.domainSnapshotCreateXML(domain, xml, Create.redefine | Create.current);
  session.printExtra(`Snapshot ${name} set as current`);
}

async function editSnapshot(
  session: Session,
  command: Command<Spec<"snapshot-edit">>,
): Promise<void> {
  command.exclusive("rename", "clone");
  const [domain, snapshot] = await snapshotOf(session, command);
  const connect = await session.connect();
  const xml = await connect.domainSnapshotGetXMLDesc(snapshot, SECURE);
  const edited = await session.host.edit(xml, ".xml");
  if (edited === xml) {
    return session.printExtra(`Snapshot ${snapshot.name} XML configuration not changed.\n`);
  }
  const current = await connect.domainSnapshotIsCurrent(snapshot, 0);
  const flags = Create.redefine | (current ? Create.current : 0);
  const made = await connect.domainSnapshotCreateXML(domain, edited, flags);
  if (made.name === snapshot.name) {
    return session.printExtra(`Snapshot ${made.name} edited.\n`);
  }
  if (command.has("clone"))
    return session.printExtra(`Snapshot ${snapshot.name} cloned to ${made.name}.\n`);
  if (!command.has("rename")) {
    await connect.domainSnapshotDelete(made, Delete.metadataOnly);
    return session.fail(`must use --rename or --clone to change ${snapshot.name} to ${made.name}`);
  }
  await connect.domainSnapshotDelete(snapshot, Delete.metadataOnly);
  session.printExtra(`Snapshot ${snapshot.name} renamed to ${made.name}.\n`);
}

async function parentName(session: Session, snapshot: SnapshotRef): Promise<string | null> {
  const connect = await session.connect();
  try {
    return (await connect.domainSnapshotGetParent(snapshot, 0)).name;
  } catch (error) {
    if (error instanceof VmError) return null;
    throw error;
  }
}

async function printInfo(
  session: Session,
  domain: DomainRef,
  snapshot: SnapshotRef,
): Promise<void> {
  const connect = await session.connect();
  const definition = await definitionOf(session, snapshot);
  const children = await connect.domainSnapshotListAllChildren(snapshot, 0);
  const descendants = await connect.domainSnapshotListAllChildren(snapshot, List.descendants);
  session.print(
    [
      keyValue("Name", snapshot.name),
      keyValue("Domain", domain.name),
      keyValue("Current", yesNo(await connect.domainSnapshotIsCurrent(snapshot, 0))),
      keyValue("State", textAt(definition, "state") ?? ""),
      keyValue("Location", isExternal(definition) ? "external" : "internal"),
      keyValue("Parent", (await parentName(session, snapshot)) ?? "-"),
      keyValue("Children", children.length),
      keyValue("Descendants", descendants.length),
      keyValue("Metadata", yesNo(await connect.domainSnapshotHasMetadata(snapshot, 0))),
    ].join(""),
  );
}

async function definitionOf(session: Session, snapshot: SnapshotRef): Promise<XmlElement> {
  const connect = await session.connect();
  return parseXml(await connect.domainSnapshotGetXMLDesc(snapshot, 0), "domain_snapshot");
}

function isExternal(definition: XmlElement): boolean {
  const disks = find(definition, "disks");
  return (
    find(definition, "memory")?.attributes.get("snapshot") === "external" ||
    (disks ? childElements(disks, "disk") : []).some(
      (disk) => disk.attributes.get("snapshot") === "external",
    )
  );
}

async function listSnapshots(
  session: Session,
  command: Command<Spec<"snapshot-list">>,
): Promise<void> {
  command.exclusive("tree", "name");
  command.exclusive("parent", "roots");
  command.exclusive("parent", "tree");
  command.exclusive("roots", "tree");
  command.exclusive("roots", "from");
  command.exclusive("roots", "current");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const flags = flagBits(command, {
    leaves: List.leaves,
    "no-leaves": List.noLeaves,
    metadata: List.metadata,
    "no-metadata": List.noMetadata,
    inactive: List.inactive,
    active: List.active,
    "disk-only": List.diskOnly,
    internal: List.internal,
    external: List.external,
    topological: List.topological,
    roots: List.roots,
  });
  const from = await startOf(session, command, domain);
  const wide = from !== null && (command.has("descendants") || command.has("tree"));
  const found = from
    ? await connect.domainSnapshotListAllChildren(from, flags | (wide ? List.descendants : 0))
    : await connect.domainListAllSnapshots(domain, flags);
  const listed = command.has("topological")
    ? [...found]
    : found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (command.has("tree")) return printTree(session, from ? [from, ...listed] : listed);
  if (command.has("name")) return session.print(listed.map(({ name }) => `${name}\n`).join(""));
  const parents = command.has("parent");
  const rows = await Promise.all(listed.map((each) => snapshotRow(session, each, parents)));
  const titles = ["Name", "Creation Time", "State", ...(parents ? ["Parent"] : [])];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

async function startOf(
  session: Session,
  command: Command<Spec<"snapshot-list">>,
  domain: DomainRef,
): Promise<SnapshotRef | null> {
  const from = command.text("from");
  const connect = await session.connect();
  if (from !== undefined) return connect.domainSnapshotLookupByName(domain, from, 0);
  return command.has("current") ? connect.domainSnapshotCurrent(domain, 0) : null;
}

async function snapshotRow(
  session: Session,
  snapshot: SnapshotRef,
  parents: boolean,
): Promise<string[]> {
  const definition = await definitionOf(session, snapshot);
  const row = [
    snapshot.name,
    timeText(Number(textAt(definition, "creationTime") ?? 0)),
    textAt(definition, "state") ?? "",
  ];
  return parents ? [...row, textAt(definition, "parent", "name") ?? ""] : row;
}

async function printTree(session: Session, snapshots: readonly SnapshotRef[]): Promise<void> {
  const parents = new Map<string, string | null>();
  for (const each of snapshots) parents.set(each.name, await parentName(session, each));
  const children = (of: string): string[] =>
    snapshots.map(({ name }) => name).filter((name) => parents.get(name) === of);
  const roots = snapshots
    .map(({ name }) => name)
    .filter((name) => !parents.has(parents.get(name) ?? ""));
  for (const root of roots) session.print(treeText(root, children));
}

/** A tree as virsh draws it: each level two columns further right. */
export function treeText(root: string, children: (of: string) => readonly string[]): string {
  const below = (name: string, indent: string): string => {
    const all = children(name);
    return all
      .map((child, at) => {
        const last = at === all.length - 1;
        const inner = `${indent}${last ? "  " : "| "}`;
        const more = children(child).length > 0;
        const gap = last ? (more ? "" : `${indent}  \n`) : "";
        const line = `${indent}+- ${child}\n`;
        return more ? `${line}${inner}  |\n${below(child, `${inner}  `)}` : `${line}${gap}`;
      })
      .join("");
  };
  const head = `${root}\n`;
  return children(root).length === 0 ? `${head}\n` : `${head}  |\n${below(root, "  ")}`;
}
