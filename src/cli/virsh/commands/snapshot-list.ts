/** `snapshot-list`. */
import { ErrorCode } from "../../../protocol/vm-error.ts";
import type { DomainRef, SnapshotRef } from "../../../virt/driver/refs.ts";
import { DomainSnapshotListFlags as List } from "../../../virt/driver/snapshot-flags.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Session } from "../shell/session.ts";
import type { SNAPSHOT } from "../tables/snapshot.ts";
import { flagBits } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { checkListOptions, filterBits, printMoments, unlessNone } from "./moments.ts";

type ListCommand = Command<(typeof SNAPSHOT)["snapshot-list"]>;

export async function listSnapshots(session: Session, command: ListCommand): Promise<void> {
  const flags = listFlags(command);
  const domain = await domainOf(session, command);
  const start = await startOf(session, command, domain);
  const connect = await session.connect();
  const found = start
    ? await connect.domainSnapshotListAllChildren(start, flags)
    : await connect.domainListAllSnapshots(domain, flags);
  const kind = {
    parentOf: (ref: SnapshotRef) => snapshotParent(session, ref),
    definitionOf: (ref: SnapshotRef) => snapshotDefinition(session, ref),
    columns: { State: "state" },
  };
  await printMoments(session, command, kind, found, start);
}

function listFlags(command: ListCommand): number {
  checkListOptions(command);
  command.exclusive("roots", "current");
  const filters = filterBits(command, {
    leaves: List.leaves,
    "no-leaves": List.noLeaves,
    inactive: List.inactive,
    active: List.active,
    "disk-only": List.diskOnly,
    internal: List.internal,
    external: List.external,
  });
  if (command.has("descendants") && !command.given("from") && !command.has("current")) {
    throw new CommandError("--descendants requires either --from or --current");
  }
  const others = flagBits(command, {
    topological: List.topological,
    roots: List.roots,
    metadata: List.metadata,
    "no-metadata": List.noMetadata,
    descendants: List.descendants,
  });
  return filters | others;
}

/** The snapshot that the list is to begin at, or null for all of the domain. */
async function startOf(
  session: Session,
  command: ListCommand,
  domain: DomainRef,
): Promise<SnapshotRef | null> {
  const from = command.text("from");
  if (from !== undefined && command.has("current")) {
    throw new CommandError("--from and --current are mutually exclusive");
  }
  const connect = await session.connect();
  if (from !== undefined) return connect.domainSnapshotLookupByName(domain, from, 0);
  return command.has("current") ? connect.domainSnapshotCurrent(domain, 0) : null;
}

/** The name of a snapshot's parent, or null. */
export async function snapshotParent(session: Session, ref: SnapshotRef): Promise<string | null> {
  const connect = await session.connect();
  const parent = await unlessNone(ErrorCode.noDomainSnapshot, () =>
    connect.domainSnapshotGetParent(ref, 0),
  );
  return parent?.name ?? null;
}

export async function snapshotDefinition(session: Session, ref: SnapshotRef): Promise<XmlElement> {
  const connect = await session.connect();
  return parseXml(await connect.domainSnapshotGetXMLDesc(ref, 0), "domain_snapshot");
}
