/** The test driver's checkpoints: points in time from which on changes of disks are known. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { alignCheckpointDisks, withBitmaps } from "../../conf/checkpoint/disks.ts";
import { parseCheckpoint } from "../../conf/checkpoint/parse.ts";
import { canonicalDomain } from "../../conf/domain/parse.ts";
import { domainUuid, withId } from "../../conf/domain/view.ts";
import type { CheckpointRef, DomainRef } from "../../driver/refs.ts";
import type { SnapshotCalls } from "../../driver/snapshot-calls.ts";
import {
  DomainCheckpointCreateFlags as Create,
  DomainCheckpointDeleteFlags as Delete,
  DomainCheckpointXMLFlags as Xml,
} from "../../driver/snapshot-flags.ts";
import { childElements, element, find, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { type Moment, withoutParent, withParent } from "../objects/moment-tree.ts";
import { TEST, type TestState } from "./state.ts";

type Calls = Pick<
  SnapshotCalls,
  | "domainCheckpointCreateXML"
  | "domainCheckpointGetXMLDesc"
  | "domainListAllCheckpoints"
  | "domainCheckpointListAllChildren"
  | "domainCheckpointLookupByName"
  | "domainCheckpointGetParent"
  | "domainCheckpointDelete"
>;

export function checkpointCalls(state: TestState): Calls {
  const { domains } = state;
  const treeOf = (ref: DomainRef) => domains.get(ref).checkpoints;
  const checkpointOf = ({ domain, name }: CheckpointRef): Moment => treeOf(domain).get(name);
  const refOf = (domain: DomainRef, { name }: Moment): CheckpointRef => ({ domain, name });
  return {
    domainCheckpointCreateXML: async (ref, xml, flags) =>
      refOf(ref, createCheckpoint(state, domains.get(ref), xml, flags)),
    domainCheckpointGetXMLDesc: async (ref, flags) => {
      const whole = withParent(checkpointOf(ref));
      // libvirt's driver makes a size up and then does not show it.
      if ((flags & Xml.size) !== 0) domains.active(ref.domain);
      return formatXml((flags & Xml.noDomain) === 0 ? whole : without(whole, "domain"));
    },
    domainListAllCheckpoints: async (ref, flags) =>
      treeOf(ref)
        .listed(flags)
        .map((each) => refOf(ref, each)),
    domainCheckpointListAllChildren: async (ref, flags) =>
      treeOf(ref.domain)
        .listed(flags, checkpointOf(ref).name)
        .map((each) => refOf(ref.domain, each)),
    domainCheckpointLookupByName: async (ref, name) => refOf(ref, treeOf(ref).get(name)),
    domainCheckpointGetParent: async (ref) => {
      const { parent } = checkpointOf(ref);
      if (parent !== null) return { domain: ref.domain, name: parent };
      throw vmError("noDomainCheckpoint", `checkpoint '${ref.name}' does not have a parent`, TEST);
    },
    domainCheckpointDelete: async (ref, flags) => {
      const trees = Delete.children | Delete.childrenOnly;
      const { name } = checkpointOf(ref);
      if ((flags & trees) === 0) treeOf(ref.domain).remove(name);
      else treeOf(ref.domain).removeTree(name, (flags & Delete.childrenOnly) !== 0);
    },
  };
}

function without(whole: XmlElement, name: string): XmlElement {
  const children = whole.children.filter((each) => each.kind !== "element" || each.name !== name);
  return { ...whole, children };
}

function createCheckpoint(
  state: TestState,
  domain: DomainObject,
  xml: string,
  flags: number,
): Moment {
  if (domain.snapshots.size > 0) {
    throw vmError("operationUnsupported", "cannot create checkpoint while snapshot exists", TEST);
  }
  if (!domain.isActive) {
    throw vmError("operationUnsupported", "cannot create checkpoint for inactive domain", TEST);
  }
  const redefine = (flags & Create.redefine) !== 0;
  const nowS = Math.floor(state.ports.nowMs() / 1000);
  const parsed = parseCheckpoint(xml, nowS, redefine);
  const { checkpoints } = domain;
  if (!redefine) {
    const checkpoint = taken(domain, parsed);
    checkpoints.add(checkpoint);
    checkpoints.current = checkpoint.name;
    return checkpoint;
  }
  const checkpoint = redefined(state, domain, parsed);
  checkpoints.replace(checkpoint);
  if (checkpoints.current === null || checkpoints.current === checkpoint.parent) {
    checkpoints.current = checkpoint.name;
  }
  return checkpoint;
}

/** Of all disks that can be written to, or of those that are named. */
function taken(domain: DomainObject, parsed: XmlElement): Moment {
  const definition = withId(domain.definition, -1);
  const moment = withoutParent(parsed);
  const disks = alignCheckpointDisks(disksOf(parsed), definition, moment.name);
  return {
    ...moment,
    parent: domain.checkpoints.current,
    definition: withParts(parsed, disks, definition),
  };
}

/** A stored one comes with its parent and, as a rule, its domain. */
function redefined(state: TestState, domain: DomainObject, parsed: XmlElement): Moment {
  const moment = withoutParent(parsed);
  const given = find(parsed, "domain");
  const definition = given && canonicalDomain(given, state.context, { inactive: true });
  domain.checkpoints.checkParent(moment);
  if (!definition) {
    const disks = withBitmaps(disksOf(parsed), moment.name);
    return { ...moment, definition: withParts(moment.definition, disks, undefined) };
  }
  if (domainUuid(definition) !== domain.uuid) {
    throw vmError(
      "invalidArg",
      `definition for checkpoint ${moment.name} must use uuid ${domain.uuid}`,
      { domain: ErrorDomain.domainCheckpoint },
    );
  }
  const disks = alignCheckpointDisks(disksOf(parsed), definition, moment.name);
  return { ...moment, definition: withParts(moment.definition, disks, definition) };
}

function disksOf(parsed: XmlElement): XmlElement[] {
  const disks = find(parsed, "disks");
  return disks ? childElements(disks) : [];
}

/** The checkpoint with those disks and that domain in place of its own. */
function withParts(
  checkpoint: XmlElement,
  disks: readonly XmlElement[],
  definition: XmlElement | undefined,
): XmlElement {
  const { children } = without(without(checkpoint, "disks"), "domain");
  return element("domaincheckpoint", {}, [
    ...children,
    ...(disks.length === 0 ? [] : [element("disks", {}, disks)]),
    ...(definition ? [definition] : []),
  ]);
}
