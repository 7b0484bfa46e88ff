/** Taking snapshots, and taking stored ones back. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { canonicalDomain } from "../../conf/domain/parse.ts";
import { domainUuid, withId } from "../../conf/domain/view.ts";
import { alignSnapshotDisks } from "../../conf/snapshot/disks.ts";
import { DOMAIN_STATES, parseSnapshot } from "../../conf/snapshot/parse.ts";
import {
  DomainEventStoppedDetailType as Stopped,
  DomainEventType as Type,
  DomainShutoffReason,
} from "../../driver/domain-flags.ts";
import { DomainSnapshotCreateFlags as Create } from "../../driver/snapshot-flags.ts";
import {
  childElements,
  element,
  find,
  textAt,
  textElement,
  type XmlElement,
} from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { type Moment, withoutParent } from "../objects/moment-tree.ts";
import { stopDomain } from "./lifecycle-calls.ts";
import { TEST, type TestState } from "./state.ts";

const SNAPSHOT = { domain: ErrorDomain.domainSnapshot } as const;

/** Takes a snapshot, or puts a stored one into the domain's. */
export async function createSnapshot(
  state: TestState,
  domain: DomainObject,
  xml: string,
  flags: number,
): Promise<Moment> {
  if (domain.checkpoints.size > 0) {
    throw vmError("operationUnsupported", "cannot create snapshot while checkpoint exists", TEST);
  }
  const redefine = (flags & Create.redefine) !== 0;
  const halt = (flags & Create.halt) !== 0;
  if (halt && !domain.isPersistent) {
    throw vmError("operationInvalid", "cannot halt after transient domain snapshot", TEST);
  }
  const nowS = Math.floor(state.ports.nowMs() / 1000);
  const parsed = parseSnapshot(xml, { nowS }, { redefine });
  const snapshot = await (redefine ? redefined : taken)(state, domain, parsed);
  if (redefine) domain.snapshots.replace(snapshot);
  else domain.snapshots.add(snapshot);
  if (!redefine || (flags & Create.current) !== 0) domain.snapshots.current = snapshot.name;
  if (!redefine && halt && domain.isActive) {
    stopDomain(state, domain, DomainShutoffReason.fromSnapshot);
    state.lifecycle(domain, Type.stopped, Stopped.fromSnapshot);
  }
  return snapshot;
}

/** A stored snapshot, checked against the domain and its namesake (virDomainSnapshotRedefinePrep). */
async function redefined(
  state: TestState,
  domain: DomainObject,
  parsed: XmlElement,
): Promise<Moment> {
  const stored = find(parsed, "domain");
  const whole =
    stored?.attributes.has("type") === true
      ? canonicalDomain(stored, state.context, { inactive: true })
      : undefined;
  const moment = withoutParent(parsed);
  domain.snapshots.checkParent(moment);
  const old = domain.snapshots.find(moment.name)?.definition;
  if (whole && domainUuid(whole) !== domain.uuid) {
    throw vmError(
      "invalidArg",
      `definition for snapshot ${moment.name} must use uuid ${domain.uuid}`,
      SNAPSHOT,
    );
  }
  if (old) checkStates(moment.name, textAt(old, "state"), textAt(parsed, "state"));
  const definition = whole ?? (old && find(old, "domain"));
  if (!definition) throw vmError("internalError", "missing domain in snapshot", SNAPSHOT);
  const disks = await alignSnapshotDisks(askedDisks(parsed), definition, {
    byDefault: isExternal(parsed) ? "external" : "internal",
    isFile: async (path) => (await state.ports.isFile?.(path)) ?? false,
    name: moment.name,
  });
  const parts = [...disksElement(disks), ...(whole ? [whole] : [])];
  const { children } = moment.definition;
  const kept = children.filter(
    (each) => each.kind !== "element" || (each.name !== "disks" && each.name !== "domain"),
  );
  return { ...moment, definition: element("domainsnapshot", {}, [...kept, ...parts]) };
}

/** A snapshot stays one of a running domain, or of an inactive one. @throws VmError invalidArg */
function checkStates(name: string, old: string | undefined, now: string | undefined): void {
  const isOnline = (state = ""): boolean => state === "running" || state === "paused";
  if (isOnline(old) !== isOnline(now)) {
    throw vmError(
      "invalidArg",
      `cannot change between online and offline snapshot state in snapshot ${name}`,
      SNAPSHOT,
    );
  }
  if ((old === "disk-snapshot") !== (now === "disk-snapshot")) {
    throw vmError(
      "invalidArg",
      `cannot change between disk only and full system in snapshot ${name}`,
      SNAPSHOT,
    );
  }
}

function askedDisks(parsed: XmlElement): XmlElement[] {
  const disks = find(parsed, "disks");
  return disks ? childElements(disks) : [];
}

function isExternal(parsed: XmlElement): boolean {
  const parts = [...childElements(parsed, "memory"), ...askedDisks(parsed)];
  return (
    textAt(parsed, "state") === "disk-snapshot" ||
    parts.some((each) => each.attributes.get("snapshot") === "external")
  );
}

/** The new snapshot's definition with the domain's state, disks and definition. */
async function taken(state: TestState, domain: DomainObject, parsed: XmlElement): Promise<Moment> {
  const asked = askedDisks(parsed);
  if (asked.some((disk) => disk.attributes.get("snapshot") === "manual")) {
    throw vmError(
      "operationUnsupported",
      "'manual' snapshot mode is not supported by the test driver",
      TEST,
    );
  }
  const name = textAt(parsed, "name") ?? "";
  const [memory] = childElements(parsed, "memory");
  const isInFile = memory?.attributes.get("snapshot") === "external";
  const definition = withId(domain.definition, -1);
  const disks = await alignSnapshotDisks(asked, definition, {
    byDefault: isInFile ? "external" : "internal",
    isFile: async (path) => (await state.ports.isFile?.(path)) ?? false,
    name,
  });
  const location = domain.isActive ? "internal" : "no";
  const whole = element("domainsnapshot", {}, [
    ...childElements(parsed, "name"),
    ...childElements(parsed, "description"),
    textElement("state", DOMAIN_STATES[domain.state] ?? "nostate"),
    ...childElements(parsed, "creationTime"),
    isInFile ? memory : element("memory", { snapshot: location }),
    ...disksElement(disks),
    definition,
  ]);
  return { name, parent: domain.snapshots.current, definition: whole };
}

function disksElement(disks: readonly XmlElement[]): XmlElement[] {
  return disks.length === 0 ? [] : [element("disks", {}, disks)];
}
