/** The test driver's snapshots: a domain's definition and state at a moment. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parseSnapshot } from "../../conf/snapshot/parse.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import {
  DomainEventStartedDetailType as Started,
  DomainEventStoppedDetailType as Stopped,
  DomainEventSuspendedDetailType as Suspended,
  DomainEventType as Type,
  DomainPausedReason,
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import type { DomainRef, SnapshotRef } from "../../driver/refs.ts";
import type { SnapshotCalls } from "../../driver/snapshot-calls.ts";
import {
  DomainSnapshotCreateFlags as Create,
  DomainSnapshotDeleteFlags as Delete,
  DomainSnapshotRevertFlags as Revert,
} from "../../driver/snapshot-flags.ts";
import {
  childElements,
  element,
  find,
  textAt,
  textElement,
  type XmlElement,
} from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { checkFlags } from "../objects/flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { Snapshot } from "../objects/snapshot-tree.ts";
import { definitionFor } from "./info-calls.ts";
import { startDomain, stopDomain } from "./lifecycle-calls.ts";
import { TEST, type TestState } from "./state.ts";

const STATES = [
  "nostate",
  "running",
  "blocked",
  "paused",
  "shutdown",
  "shutoff",
  "crashed",
  "pmsuspended",
];

type Calls = Omit<
  SnapshotCalls,
  | "domainCheckpointCreateXML"
  | "domainCheckpointGetXMLDesc"
  | "domainListAllCheckpoints"
  | "domainCheckpointListAllChildren"
  | "domainCheckpointLookupByName"
  | "domainCheckpointGetParent"
  | "domainCheckpointDelete"
  | "domainBackupBegin"
  | "domainBackupGetXMLDesc"
> &
  Pick<SnapshotCalls, "domainListAllCheckpoints">;

export function snapshotCalls(state: TestState): Calls {
  const { domains } = state;
  const treeOf = (ref: DomainRef) => domains.get(ref).snapshots;
  const snapshotOf = ({ domain, name }: SnapshotRef): Snapshot => treeOf(domain).get(name);
  const refOf = (domain: DomainRef, { name }: Snapshot): SnapshotRef => ({ domain, name });
  return {
    domainSnapshotCreateXML: async (ref, xml, flags) =>
      refOf(ref, createSnapshot(state, domains.get(ref), xml, flags)),
    domainSnapshotGetXMLDesc: async (ref) => formatXml(withParent(snapshotOf(ref))),
    domainListAllSnapshots: async (ref, flags) =>
      treeOf(ref)
        .list(flags)
        .map((each) => refOf(ref, each)),
    domainSnapshotListAllChildren: async (ref, flags) => {
      snapshotOf(ref);
      return treeOf(ref.domain)
        .list(flags, ref.name)
        .map((each) => refOf(ref.domain, each));
    },
    domainSnapshotLookupByName: async (ref, name) => refOf(ref, treeOf(ref).get(name)),
    domainHasCurrentSnapshot: async (ref) => treeOf(ref).current !== null,
    domainSnapshotCurrent: async (ref) => {
      const { current } = treeOf(ref);
      if (current === null) {
        throw vmError("noDomainSnapshot", "the domain does not have a current snapshot", TEST);
      }
      return { domain: ref, name: current };
    },
    domainSnapshotIsCurrent: async (ref) => treeOf(ref.domain).current === snapshotOf(ref).name,
    domainSnapshotHasMetadata: async (ref) => snapshotOf(ref).name === ref.name,
    domainSnapshotGetParent: async (ref) => {
      const { parent } = snapshotOf(ref);
      if (parent === null) {
        throw vmError("noDomainSnapshot", `snapshot '${ref.name}' does not have a parent`, TEST);
      }
      return { domain: ref.domain, name: parent };
    },
    domainRevertToSnapshot: async (ref, flags) =>
      revert(state, domains.get(ref.domain), snapshotOf(ref), flags),
    domainSnapshotDelete: async (ref, flags) => {
      const known = Delete.children | Delete.childrenOnly;
      checkFlags(flags, known, "testDomainSnapshotDelete", TEST.domain);
      const tree = treeOf(ref.domain);
      const childrenOnly = (flags & Delete.childrenOnly) !== 0;
      if ((flags & known) !== 0) tree.removeTree(snapshotOf(ref).name, childrenOnly);
      else tree.remove(ref.name);
    },
    domainListAllCheckpoints: async (ref) => {
      domains.get(ref);
      return [];
    },
  };
}

/** The stored definition with its parent's name, where libvirt shows it. */
function withParent({ definition, parent }: Snapshot): XmlElement {
  if (parent === null) return definition;
  const at = definition.children.findIndex(
    (each) => each.kind === "element" && each.name === "creationTime",
  );
  const children = [...definition.children];
  children.splice(at, 0, element("parent", {}, [textElement("name", parent)]));
  return { ...definition, children };
}

function createSnapshot(
  state: TestState,
  domain: DomainObject,
  xml: string,
  flags: number,
): Snapshot {
  const known =
    Create.redefine |
    Create.current |
    Create.halt |
    Create.quiesce |
    Create.atomic |
    Create.live |
    Create.validate;
  checkFlags(flags, known, "testDomainSnapshotCreateXML", TEST.domain);
  const redefine = (flags & Create.redefine) !== 0;
  const halt = (flags & Create.halt) !== 0;
  if (halt && !domain.isPersistent) {
    throw vmError("operationInvalid", "cannot halt after transient domain snapshot", TEST);
  }
  const nowS = Math.floor(state.ports.nowMs() / 1000);
  const parsed = parseSnapshot(xml, { nowS }, { redefine });
  const snapshot = redefine
    ? redefined(domain, parsed)
    : {
        name: textAt(parsed, "name") ?? "",
        parent: domain.snapshots.current,
        definition: taken(domain, parsed),
      };
  if (redefine) domain.snapshots.replace(snapshot);
  else domain.snapshots.add(snapshot);
  if (!redefine || (flags & Create.current) !== 0) domain.snapshots.current = snapshot.name;
  if (halt && domain.isActive) {
    stopDomain(state, domain, DomainShutoffReason.fromSnapshot);
    state.lifecycle(domain, Type.stopped, Stopped.fromSnapshot);
  }
  return snapshot;
}

function redefined(domain: DomainObject, parsed: XmlElement): Snapshot {
  const name = textAt(parsed, "name") ?? "";
  const parent = textAt(parsed, "parent", "name") ?? null;
  const errors = { domain: ErrorDomain.domain };
  if (parent === name) {
    throw vmError("invalidArg", `cannot set moment ${name} as its own parent`, errors);
  }
  if (parent !== null && !domain.snapshots.has(parent)) {
    throw vmError("invalidArg", `parent ${parent} for moment ${name} not found`, errors);
  }
  for (let at = parent; at !== null; at = domain.snapshots.get(at).parent) {
    if (at === name) {
      throw vmError("invalidArg", `parent ${parent} would create cycle to ${name}`, errors);
    }
  }
  const children = parsed.children.filter(
    (each) => each.kind !== "element" || each.name !== "parent",
  );
  return { name, parent, definition: { ...parsed, children } };
}

/** The new snapshot's definition with the domain's state, disks and definition. */
function taken(domain: DomainObject, parsed: XmlElement): XmlElement {
  const location = domain.isActive || find(parsed, "memory") === undefined ? "internal" : "no";
  const active = domain.isActive;
  const keep = (name: string): XmlElement[] => childElements(parsed, name);
  const memory = keep("memory")[0] ?? element("memory", { snapshot: active ? location : "no" });
  const definition = definitionFor(domain, true);
  return element("domainsnapshot", {}, [
    ...keep("name"),
    ...keep("description"),
    textElement("state", STATES[domain.state] ?? "nostate"),
    ...keep("creationTime"),
    memory,
    ...disksOf(definition, find(parsed, "disks")),
    definition,
  ]);
}

/** Every disk of the domain with where its snapshot is: what was asked, else internal. */
function disksOf(definition: XmlElement, asked: XmlElement | undefined): XmlElement[] {
  const wanted = asked ? childElements(asked, "disk") : [];
  const disks = devicesOf(definition, "disk").map((disk) => {
    const dev = find(disk, "target")?.attributes.get("dev") ?? "";
    const found = wanted.find((each) => each.attributes.get("name") === dev);
    return found?.attributes.has("snapshot") === true
      ? found
      : element("disk", { name: dev, snapshot: "internal" });
  });
  const unknown = wanted.find(
    (each) => !disks.some((disk) => disk.attributes.get("name") === each.attributes.get("name")),
  );
  if (unknown) {
    const name = unknown.attributes.get("name") ?? "";
    throw vmError("configUnsupported", `no disk named '${name}'`, {
      domain: ErrorDomain.domainSnapshot,
    });
  }
  return disks.length === 0 ? [] : [element("disks", {}, disks)];
}

function revert(state: TestState, domain: DomainObject, snapshot: Snapshot, flags: number): void {
  checkFlags(
    flags,
    Revert.running | Revert.paused | Revert.force,
    "testDomainRevertToSnapshot",
    TEST.domain,
  );
  const was = textAt(snapshot.definition, "state");
  const active = was === "running" || was === "paused";
  const asked = (flags & (Revert.running | Revert.paused)) !== 0;
  if (!domain.isPersistent && !active && !asked) {
    throw vmError(
      "operationInvalid",
      "transient domain needs to request run or pause to revert to inactive snapshot",
      TEST,
    );
  }
  const definition = find(snapshot.definition, "domain");
  if (!definition || definition.attributes.get("type") === undefined) {
    throw vmError(
      "snapshotRevertRisky",
      `snapshot '${snapshot.name}' lacks domain '${domain.name}' rollback info`,
      TEST,
    );
  }
  if (domain.isActive) {
    const persistent = domain.config;
    stopDomain(state, domain, DomainShutoffReason.fromSnapshot);
    domain.config = persistent;
    state.lifecycle(domain, Type.stopped, Stopped.fromSnapshot);
  }
  domain.config = definition;
  domain.live = null;
  if (active || asked) resumeAt(state, domain, was === "paused", flags);
  domain.snapshots.current = snapshot.name;
}

function resumeAt(state: TestState, domain: DomainObject, wasPaused: boolean, flags: number): void {
  startDomain(state, domain, DomainRunningReason.fromSnapshot);
  state.lifecycle(domain, Type.started, Started.fromSnapshot);
  const pause = (flags & Revert.paused) !== 0 || (wasPaused && (flags & Revert.running) === 0);
  if (!pause) return;
  domain.setState(DomainState.paused, DomainPausedReason.fromSnapshot);
  state.lifecycle(domain, Type.suspended, Suspended.fromSnapshot);
}
