/** The commands on checkpoints and backups. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { CheckpointRef, DomainRef } from "../../../virt/driver/refs.ts";
import {
  DomainCheckpointCreateFlags as Create,
  DomainCheckpointDeleteFlags as Delete,
  DomainCheckpointListFlags as List,
  DomainCheckpointXMLFlags as Xml,
} from "../../../virt/driver/snapshot-flags.ts";
import { element, textAt, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { BACKUP } from "../tables/backup.ts";
import type { CHECKPOINT } from "../tables/checkpoint.ts";
import { editXml, flagBits, keyValue, printXml, readText, timeText } from "./common.ts";
import { findDomain } from "./lookup.ts";
import { treeText } from "./snapshot.ts";

type Spec<Name extends keyof typeof CHECKPOINT> = (typeof CHECKPOINT)[Name];

export const CHECKPOINT_RUNS: Runs<typeof CHECKPOINT> = {
  "checkpoint-create": async (session, command) => {
    command.needs("redefine-validate", "redefine");
    const domain = await domainOf(session, command);
    const file = command.text("xmlfile");
    const xml = file === undefined ? "<domaincheckpoint/>" : await readText(session, file);
    const flags = flagBits(command, {
      redefine: Create.redefine,
      "redefine-validate": Create.redefineValidate,
      quiesce: Create.quiesce,
    });
    await create(session, domain, xml, flags, file);
  },
  "checkpoint-create-as": async (session, command) => {
    const domain = await domainOf(session, command);
    const xml = checkpointXml(command);
    if (command.has("print-xml")) return session.print(`${xml}\n`);
    await create(session, domain, xml, command.has("quiesce") ? Create.quiesce : 0, undefined);
  },
  "checkpoint-delete": async (session, command) => {
    command.exclusive("children", "children-only");
    const checkpoint = await checkpointOf(session, command);
    const flags = flagBits(command, {
      children: Delete.children,
      "children-only": Delete.childrenOnly,
      metadata: Delete.metadataOnly,
    });
    const connect = await session.connect();
    await session.attempt(`Failed to delete checkpoint ${checkpoint.name}`, () =>
      connect.domainCheckpointDelete(checkpoint, flags),
    );
    const children = command.has("children-only") ? " children" : "";
    session.printExtra(`Domain checkpoint ${checkpoint.name}${children} deleted\n`);
  },
  "checkpoint-dumpxml": async (session, command) => {
    const checkpoint = await checkpointOf(session, command);
    const flags = flagBits(command, {
      "security-info": Xml.secure,
      "no-domain": Xml.noDomain,
      size: Xml.size,
    });
    const connect = await session.connect();
    const xml = await connect.domainCheckpointGetXMLDesc(checkpoint, flags);
    printXml(session, xml, command.text("xpath"), command.has("wrap"));
  },
  "checkpoint-edit": async (session, command) => {
    const checkpoint = await checkpointOf(session, command);
    const connect = await session.connect();
    await editXml(
      session,
      `Checkpoint ${checkpoint.name}`,
      await connect.domainCheckpointGetXMLDesc(checkpoint, Xml.secure),
      async (edited) =>
        void (await connect.domainCheckpointCreateXML(checkpoint.domain, edited, Create.redefine)),
    );
  },
  "checkpoint-info": async (session, command) => {
    const checkpoint = await checkpointOf(session, command);
    const connect = await session.connect();
    const children = await connect.domainCheckpointListAllChildren(checkpoint, 0);
    const descendants = await connect.domainCheckpointListAllChildren(checkpoint, List.descendants);
    session.print(
      [
        keyValue("Name", checkpoint.name),
        keyValue("Domain", checkpoint.domain.name),
        keyValue("Parent", (await parentName(session, checkpoint)) ?? "-"),
        keyValue("Children", children.length),
        keyValue("Descendants", descendants.length),
      ].join(""),
    );
  },
  "checkpoint-list": async (session, command) => listCheckpoints(session, command),
  "checkpoint-parent": async (session, command) => {
    const checkpoint = await checkpointOf(session, command);
    const parent = await parentName(session, checkpoint);
    if (parent === null) return session.fail(`checkpoint '${checkpoint.name}' has no parent`);
    session.print(parent);
  },
};

export const BACKUP_RUNS: Runs<typeof BACKUP> = {
  "backup-begin": async (session, command) => {
    const REUSE_EXTERNAL = 1;
    const domain = await domainOf(session, command);
    const file = command.text("backupxml");
    const backup = file === undefined ? "<domainbackup/>" : await readText(session, file);
    const checkpointFile = command.text("checkpointxml");
    const checkpoint =
      checkpointFile === undefined ? null : await readText(session, checkpointFile);
    const connect = await session.connect();
    const flags = command.has("reuse-external") ? REUSE_EXTERNAL : 0;
    await connect.domainBackupBegin(domain, backup, checkpoint, flags);
    session.print("Backup started\n");
  },
  "backup-dumpxml": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const xml = await connect.domainBackupGetXMLDesc(domain, 0);
    printXml(session, xml, command.text("xpath"), command.has("wrap"));
  },
};

function domainOf(
  session: Session,
  command: { required(name: "domain"): string },
): Promise<DomainRef> {
  return findDomain(session, command.required("domain"));
}

async function checkpointOf(
  session: Session,
  command: { required(name: "domain"): string; text(name: "checkpointname"): string | undefined },
): Promise<CheckpointRef> {
  const domain = await domainOf(session, command);
  const name = command.text("checkpointname");
  if (name === undefined) throw new CommandError("--checkpointname is required");
  const connect = await session.connect();
  return connect.domainCheckpointLookupByName(domain, name, 0);
}

async function create(
  session: Session,
  domain: DomainRef,
  xml: string,
  flags: number,
  file: string | undefined,
): Promise<void> {
  const connect = await session.connect();
  const checkpoint = await connect.domainCheckpointCreateXML(domain, xml, flags);
  const from = file === undefined ? "" : ` from '${file}'`;
  session.printExtra(`Domain checkpoint ${checkpoint.name} created${from}`);
}

function checkpointXml(command: Command<Spec<"checkpoint-create-as">>): string {
  const name = command.text("name");
  const description = command.text("description");
  const disks = command.all("diskspec").map(diskXml);
  return formatXml(
    element("domaincheckpoint", {}, [
      ...(name === undefined ? [] : [textElement("name", name)]),
      ...(description === undefined ? [] : [textElement("description", description)]),
      ...(disks.length === 0 ? [] : [element("disks", {}, disks)]),
    ]),
  );
}

/** `disk[,checkpoint=type][,bitmap=name]`. */
function diskXml(spec: string): XmlElement {
  const [name, ...parts] = spec.split(",");
  const attributes: Record<string, string> = {};
  for (const part of parts) {
    const found = /^(checkpoint|bitmap)=(.*)$/.exec(part);
    if (!found?.[1]) throw new CommandError(`unable to parse diskspec: ${spec}`);
    attributes[found[1]] = found[2] ?? "";
  }
  return element("disk", {
    name,
    checkpoint: attributes["checkpoint"],
    bitmap: attributes["bitmap"],
  });
}

async function parentName(session: Session, checkpoint: CheckpointRef): Promise<string | null> {
  const connect = await session.connect();
  try {
    return (await connect.domainCheckpointGetParent(checkpoint, 0)).name;
  } catch (error) {
    if (error instanceof VmError) return null;
    throw error;
  }
}

async function listCheckpoints(
  session: Session,
  command: Command<Spec<"checkpoint-list">>,
): Promise<void> {
  command.exclusive("tree", "name");
  command.exclusive("parent", "roots");
  command.exclusive("parent", "tree");
  command.exclusive("roots", "tree");
  command.exclusive("roots", "from");
  const domain = await domainOf(session, command);
  const flags = flagBits(command, {
    leaves: List.leaves,
    "no-leaves": List.noLeaves,
    topological: List.topological,
    roots: List.roots,
  });
  const from = command.text("from");
  const connect = await session.connect();
  const start =
    from === undefined ? null : await connect.domainCheckpointLookupByName(domain, from, 0);
  const wide = command.has("descendants") || command.has("tree") ? List.descendants : 0;
  const found = start
    ? await connect.domainCheckpointListAllChildren(start, flags | wide)
    : await connect.domainListAllCheckpoints(domain, flags);
  const listed = command.has("topological")
    ? [...found]
    : found.toSorted((a, b) => (a.name < b.name ? -1 : 1));
  if (command.has("tree")) return printTree(session, start ? [start, ...listed] : listed);
  if (command.has("name")) return session.print(listed.map(({ name }) => `${name}\n`).join(""));
  const parents = command.has("parent");
  const rows: string[][] = [];
  for (const each of listed) {
    const xml = parseXml(
      await connect.domainCheckpointGetXMLDesc(each, Xml.noDomain),
      "domain_checkpoint",
    );
    const row = [each.name, timeText(Number(textAt(xml, "creationTime") ?? 0))];
    rows.push(parents ? [...row, textAt(xml, "parent", "name") ?? ""] : row);
  }
  const titles = ["Name", "Creation Time", ...(parents ? ["Parent"] : [])];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

async function printTree(session: Session, checkpoints: readonly CheckpointRef[]): Promise<void> {
  const parents = new Map<string, string | null>();
  for (const each of checkpoints) parents.set(each.name, await parentName(session, each));
  const names = checkpoints.map(({ name }) => name);
  const children = (of: string): string[] => names.filter((name) => parents.get(name) === of);
  for (const name of names) {
    if (!parents.has(parents.get(name) ?? "")) session.print(treeText(name, children));
  }
}
