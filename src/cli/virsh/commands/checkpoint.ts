/** The commands on checkpoints and backups. */
import { ErrorCode } from "../../../protocol/vm-error.ts";
import type { CheckpointRef, DomainRef } from "../../../virt/driver/refs.ts";
import {
  DomainCheckpointCreateFlags as Create,
  DomainCheckpointDeleteFlags as Delete,
  DomainCheckpointListFlags as List,
  DomainCheckpointXMLFlags as Xml,
} from "../../../virt/driver/snapshot-flags.ts";
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { BACKUP } from "../tables/backup.ts";
import type { CHECKPOINT } from "../tables/checkpoint.ts";
import { splitCommas } from "./comma-lists.ts";
import { flagBits, keyValue, readText } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { editUntilTaken } from "./edit.ts";
import { checkListOptions, filterBits, printMoments, unlessNone, updating } from "./moments.ts";
import { printXml } from "./xpath.ts";

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
    const flags = flagBits(command, {
      "security-info": Xml.secure,
      "no-domain": Xml.noDomain,
      size: Xml.size,
    });
    const domain = await domainOf(session, command);
    const xpath = command.textQuietly("xpath");
    const checkpoint = await checkpointIn(session, command, domain);
    const connect = await session.connect();
    const xml = await connect.domainCheckpointGetXMLDesc(checkpoint, flags);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "checkpoint-edit": async (session, command) => {
    const checkpoint = await checkpointOf(session, command);
    await updating(session, checkpoint.name, () => editCheckpoint(session, checkpoint));
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
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.domainBackupGetXMLDesc(domain, 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
};

interface NamesCheckpoint {
  required(name: "domain"): string;
  text(name: "checkpointname"): string | undefined;
}

async function checkpointOf(session: Session, command: NamesCheckpoint): Promise<CheckpointRef> {
  return checkpointIn(session, command, await domainOf(session, command));
}

async function checkpointIn(
  session: Session,
  command: NamesCheckpoint,
  domain: DomainRef,
): Promise<CheckpointRef> {
  const name = command.text("checkpointname");
  if (name === undefined) throw new CommandError("--checkpointname is required");
  const connect = await session.connect();
  return connect.domainCheckpointLookupByName(domain, name, 0);
}

async function editCheckpoint(session: Session, checkpoint: CheckpointRef): Promise<void> {
  const connect = await session.connect();
  let made = checkpoint;
  const isChanged = await editUntilTaken(session, {
    read: () => connect.domainCheckpointGetXMLDesc(checkpoint, Xml.secure),
    define: async (edited) => {
      made = await connect.domainCheckpointCreateXML(checkpoint.domain, edited, Create.redefine);
    },
  });
  const { name } = checkpoint;
  if (!isChanged) {
    return session.printExtra(`Checkpoint ${name} XML configuration not changed.\n`);
  }
  if (made.name === name) return session.printExtra(`Checkpoint ${name} edited.\n`);
  await connect.domainCheckpointDelete(made, Delete.metadataOnly);
  session.error(`Cannot rename checkpoint ${name} to ${made.name}`);
  throw new AlreadyReported("renamed");
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
  const disks = command.all("diskspec").flatMap(diskXml);
  return formatXml(
    element("domaincheckpoint", {}, [
      ...(name === undefined ? [] : [textElement("name", name)]),
      ...(description === undefined ? [] : [textElement("description", description)]),
      ...(command.given("diskspec") ? [element("disks", {}, [...disks, { kind: "open" }])] : []),
      { kind: "open" },
    ]),
  );
}

const DISK_KEYS = ["checkpoint", "bitmap"] as const;

/** `disk[,checkpoint=type][,bitmap=name]`; the empty text is no disk. */
function diskXml(spec: string): XmlElement[] {
  if (spec === "") return [];
  const [name, ...parts] = splitCommas(spec);
  const values: Partial<Record<(typeof DISK_KEYS)[number], string>> = {};
  for (const part of parts) {
    const key = DISK_KEYS.find((each) => part.startsWith(`${each}=`));
    if (key === undefined || values[key] !== undefined) {
      throw new CommandError(`unable to parse diskspec: ${spec}`);
    }
    values[key] = part.slice(key.length + 1);
  }
  return [element("disk", { name, ...values })];
}

async function parentName(session: Session, checkpoint: CheckpointRef): Promise<string | null> {
  const connect = await session.connect();
  const parent = await unlessNone(ErrorCode.noDomainCheckpoint, () =>
    connect.domainCheckpointGetParent(checkpoint, 0),
  );
  return parent?.name ?? null;
}

async function listCheckpoints(
  session: Session,
  command: Command<Spec<"checkpoint-list">>,
): Promise<void> {
  checkListOptions(command);
  const filters = filterBits(command, { leaves: List.leaves, "no-leaves": List.noLeaves });
  if (command.has("descendants") && !command.given("from")) {
    throw new CommandError("--descendants requires --from");
  }
  const others = flagBits(command, {
    topological: List.topological,
    roots: List.roots,
    descendants: List.descendants,
  });
  const flags = filters | others;
  const domain = await domainOf(session, command);
  const from = command.text("from");
  const connect = await session.connect();
  const start =
    from === undefined ? null : await connect.domainCheckpointLookupByName(domain, from, 0);
  const found = await session.attempt("unexpected problem querying checkpoints", () =>
    start
      ? connect.domainCheckpointListAllChildren(start, flags)
      : connect.domainListAllCheckpoints(domain, flags),
  );
  const kind = {
    parentOf: (ref: CheckpointRef) => parentName(session, ref),
    definitionOf: async (ref: CheckpointRef) =>
      parseXml(await connect.domainCheckpointGetXMLDesc(ref, 0), "domain_checkpoint"),
    columns: {},
  };
  await printMoments(session, command, kind, found, start);
}
