/** The commands on snapshots. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { DomainXMLFlags } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef, SnapshotRef } from "../../../virt/driver/refs.ts";
import {
  DomainSnapshotCreateFlags as Create,
  DomainSnapshotDeleteFlags as Delete,
  DomainSnapshotListFlags as List,
  DomainSnapshotRevertFlags as Revert,
} from "../../../virt/driver/snapshot-flags.ts";
import { childElements, find, textAt, type XmlElement } from "../../../virt/xml/element.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { SNAPSHOT } from "../tables/snapshot.ts";
import { flagBits, keyValue, readText, yesNo } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { editUntilTaken } from "./edit.ts";
import { updating } from "./moments.ts";
import { listSnapshots, snapshotDefinition, snapshotParent } from "./snapshot-list.ts";
import { snapshotXml } from "./snapshot-xml.ts";
import { printXml } from "./xpath.ts";

type Spec<Name extends keyof typeof SNAPSHOT> = (typeof SNAPSHOT)[Name];

const SECURE = DomainXMLFlags.secure;

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
      return session.fail(`domain '${command.required("domain")}' has no current snapshot`);
    }
    const current = await connect.domainSnapshotCurrent(domain, 0);
    if (command.has("name")) return session.print(current.name);
    const flags = command.has("security-info") ? SECURE : 0;
    session.print(await connect.domainSnapshotGetXMLDesc(current, flags));
  },
  "snapshot-delete": async (session, command) => {
    const snapshot = await snapshotOf(session, command);
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
  },
  "snapshot-dumpxml": async (session, command) => {
    const domain = await domainOf(session, command);
    const name = command.required("snapshotname");
    const connect = await session.connect();
    const snapshot = await connect.domainSnapshotLookupByName(domain, name, 0);
    const xpath = command.textQuietly("xpath");
    const flags = command.has("security-info") ? SECURE : 0;
    const xml = await connect.domainSnapshotGetXMLDesc(snapshot, flags);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "snapshot-edit": async (session, command) => editSnapshot(session, command),
  "snapshot-info": async (session, command) => {
    await printInfo(session, await snapshotOf(session, command));
  },
  "snapshot-list": async (session, command) => listSnapshots(session, command),
  "snapshot-parent": async (session, command) => {
    const snapshot = await snapshotOf(session, command);
    const parent = await snapshotParent(session, snapshot);
    if (parent === null) return session.fail(`snapshot '${snapshot.name}' has no parent`);
    session.print(parent);
  },
  "snapshot-revert": async (session, command) => {
    const snapshot = await snapshotOf(session, command);
    const flags = flagBits(command, {
      running: Revert.running,
      paused: Revert.paused,
      "reset-nvram": Revert.resetNvram,
    });
    await session.attempt(`Failed to revert snapshot ${snapshot.name}`, () =>
      revert(session, snapshot, flags, command.has("force")),
    );
    session.printExtra(`Domain snapshot ${snapshot.name} reverted\n`);
  },
};

interface NamesSnapshot {
  required(name: "domain"): string;
  text(name: "snapshotname"): string | undefined;
  has(name: "current"): boolean;
}

/** The snapshot of that name, or the current one with `--current`; both only where `both` is allowed. */
async function snapshotOf(
  session: Session,
  command: NamesSnapshot,
  { both = false } = {},
): Promise<SnapshotRef> {
  const domain = await domainOf(session, command);
  const name = command.text("snapshotname");
  if (!both && command.has("current") && name !== undefined) {
    throw new CommandError("--snapshotname and --current are mutually exclusive");
  }
  const connect = await session.connect();
  if (name !== undefined) return connect.domainSnapshotLookupByName(domain, name, 0);
  if (command.has("current")) return connect.domainSnapshotCurrent(domain, 0);
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
  return flagBits(command, {
    "no-metadata": Create.noMetadata,
    halt: Create.halt,
    "disk-only": Create.diskOnly,
    "reuse-external": Create.reuseExt,
    quiesce: Create.quiesce,
    atomic: Create.atomic,
    live: Create.live,
    validate: Create.validate,
  });
}

async function createFrom(
  session: Session,
  domain: DomainRef,
  xml: string,
  flags: number,
  file: string | undefined,
): Promise<void> {
  const { name } = await createHalting(session, domain, xml, flags);
  const from = file === undefined ? "" : ` from '${file}'`;
  session.printExtra(`Domain snapshot ${name} created${from}`);
}

/** Creates a snapshot; a driver that cannot halt the domain then is helped. */
async function createHalting(
  session: Session,
  domain: DomainRef,
  xml: string,
  flags: number,
): Promise<SnapshotRef> {
  const connect = await session.connect();
  try {
    return await connect.domainSnapshotCreateXML(domain, xml, flags);
  } catch (error) {
    const isRefused = error instanceof VmError && error.code === ErrorCode.invalidArg;
    if (!isRefused || (flags & Create.halt) === 0) throw error;
  }
  if (!(await connect.domainIsPersistent(domain))) {
    return session.fail("cannot halt after snapshot of transient domain");
  }
  const isActive = await connect.domainIsActive(domain);
  const made = await connect.domainSnapshotCreateXML(domain, xml, flags & ~Create.halt);
  if (isActive) await connect.domainDestroyFlags(domain, 0);
  return made;
}

/** With `force`, a revert that is risky is tried again. */
async function revert(
  session: Session,
  snapshot: SnapshotRef,
  flags: number,
  force: boolean,
): Promise<void> {
  const connect = await session.connect();
  try {
    await connect.domainRevertToSnapshot(snapshot, flags);
  } catch (error) {
    const isRisky = error instanceof VmError && error.code === ErrorCode.snapshotRevertRisky;
    if (!isRisky || !force) throw error;
    await connect.domainRevertToSnapshot(snapshot, flags | Revert.force);
  }
}

/** The flag that the XML of a snapshot without memory needs. */
function redefineFlags(xml: string): number {
  return xml.includes("<state>disk-snapshot</state>")
    ? Create.redefine | Create.diskOnly
    : Create.redefine;
}

async function setCurrent(session: Session, domain: DomainRef, name: string): Promise<void> {
  const connect = await session.connect();
  const snapshot = await connect.domainSnapshotLookupByName(domain, name, 0);
  const xml = await connect.domainSnapshotGetXMLDesc(snapshot, SECURE);
  await connect.domainSnapshotCreateXML(domain, xml, redefineFlags(xml) | Create.current);
  session.printExtra(`Snapshot ${name} set as current`);
}

async function editSnapshot(
  session: Session,
  command: Command<Spec<"snapshot-edit">>,
): Promise<void> {
  command.exclusive("rename", "clone");
  const isCurrent = command.has("current") && command.given("snapshotname");
  const snapshot = await snapshotOf(session, command, { both: true });
  const { domain, name } = snapshot;
  const connect = await session.connect();
  await updating(session, name, async () => {
    let made = snapshot;
    const isChanged = await editUntilTaken(session, {
      read: () => connect.domainSnapshotGetXMLDesc(snapshot, SECURE),
      define: async (edited) => {
        const flags = redefineFlags(edited) | (isCurrent ? Create.current : 0);
        made = await connect.domainSnapshotCreateXML(domain, edited, flags);
      },
      always: isCurrent,
    });
    if (!isChanged) {
      return session.printExtra(`Snapshot ${name} XML configuration not changed.\n`);
    }
    if (made.name === name) return session.printExtra(`Snapshot ${name} edited.\n`);
    if (command.has("clone")) {
      return session.printExtra(`Snapshot ${name} cloned to ${made.name}.\n`);
    }
    await rename(session, snapshot, made, command.has("rename"));
  });
}

/** Takes the old one away; where renaming was not asked for, the new one. */
async function rename(
  session: Session,
  old: SnapshotRef,
  made: SnapshotRef,
  isAsked: boolean,
): Promise<void> {
  const connect = await session.connect();
  const gone = isAsked ? old : made;
  try {
    await connect.domainSnapshotDelete(gone, Delete.metadataOnly);
  } catch (error) {
    session.report(error);
    return session.fail(`Failed to clean up ${gone.name}`);
  }
  if (!isAsked) session.fail(`Must use --rename or --clone to change ${old.name} to ${made.name}`);
}

async function printInfo(session: Session, snapshot: SnapshotRef): Promise<void> {
  const connect = await session.connect();
  const definition = await snapshotDefinition(session, snapshot);
  const children = await connect.domainSnapshotListAllChildren(snapshot, 0);
  const descendants = await connect.domainSnapshotListAllChildren(snapshot, List.descendants);
  session.print(
    [
      keyValue("Name", snapshot.name),
      keyValue("Domain", snapshot.domain.name),
      keyValue("Current", yesNo(await connect.domainSnapshotIsCurrent(snapshot, 0))),
      keyValue("State", textAt(definition, "state") ?? ""),
      keyValue("Location", isExternal(definition) ? "external" : "internal"),
      keyValue("Parent", textAt(definition, "parent", "name") ?? "-"),
      keyValue("Children", children.length),
      keyValue("Descendants", descendants.length),
      keyValue("Metadata", yesNo(await connect.domainSnapshotHasMetadata(snapshot, 0))),
    ].join(""),
  );
}

/** Whether a part is in a file of its own; of old snapshots only the state tells. */
function isExternal(definition: XmlElement): boolean {
  const memory = find(definition, "memory");
  if (!memory) return textAt(definition, "state") === "disk-snapshot";
  const disks = find(definition, "disks");
  return [memory, ...(disks ? childElements(disks, "disk") : [])].some(
    (part) => part.attributes.get("snapshot") === "external",
  );
}
