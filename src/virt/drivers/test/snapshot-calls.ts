/** The test driver's snapshots: a domain's definition and state at a moment. */
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainRef, SnapshotRef } from "../../driver/refs.ts";
import type { SnapshotCalls } from "../../driver/snapshot-calls.ts";
import { DomainSnapshotDeleteFlags as Delete } from "../../driver/snapshot-flags.ts";
import { formatXml } from "../../xml/format.ts";
import { type Moment, withParent } from "../objects/moment-tree.ts";
import { createSnapshot } from "./snapshot-create.ts";
import { revertTo } from "./snapshot-revert.ts";
import { TEST, type TestState } from "./state.ts";

type Calls = {
  readonly [
    Name in keyof SnapshotCalls as Name extends `${string}Checkpoint${string}`
      ? never
      : Name extends `${string}Backup${string}`
        ? never
        : Name
  ]: SnapshotCalls[Name];
};

export function snapshotCalls(state: TestState): Calls {
  const { domains } = state;
  const treeOf = (ref: DomainRef) => domains.get(ref).snapshots;
  const snapshotOf = ({ domain, name }: SnapshotRef): Moment => treeOf(domain).get(name);
  const refOf = (domain: DomainRef, { name }: Moment): SnapshotRef => ({ domain, name });
  return {
    domainSnapshotCreateXML: async (ref, xml, flags) =>
      refOf(ref, await createSnapshot(state, domains.get(ref), xml, flags)),
    domainSnapshotGetXMLDesc: async (ref) => formatXml(withParent(snapshotOf(ref))),
    domainListAllSnapshots: async (ref, flags) =>
      treeOf(ref)
        .listed(flags)
        .map((each) => refOf(ref, each)),
    domainSnapshotListAllChildren: async (ref, flags) => {
      snapshotOf(ref);
      return treeOf(ref.domain)
        .listed(flags, ref.name)
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
      revertTo(state, domains.get(ref.domain), snapshotOf(ref), flags),
    domainSnapshotDelete: async (ref, flags) => {
      const known = Delete.children | Delete.childrenOnly;
      const { name } = snapshotOf(ref);
      if ((flags & known) === 0) treeOf(ref.domain).remove(name);
      else treeOf(ref.domain).removeTree(name, (flags & Delete.childrenOnly) !== 0);
    },
  };
}
