/** The snapshots of a domain. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { DomainSnapshotListFlags as List } from "../../driver/snapshot-flags.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { type Moment, MomentTree } from "./moment-tree.ts";

export class SnapshotTree extends MomentTree {
  /** @throws VmError noDomainSnapshot */
  get(name: string): Moment {
    const found = this.find(name);
    if (found) return found;
    throw vmError("noDomainSnapshot", `no domain snapshot with matching name '${name}'`, {
      domain: ErrorDomain.domainSnapshot,
    });
  }

  /** What `virDomainListAllSnapshots` lists; `below` limits it to a snapshot's children. */
  listed(flags: number, below: string | null = null): Moment[] {
    return this.list(
      {
        wide: (flags & List.roots) !== 0,
        topological: (flags & List.topological) !== 0,
        matches: ({ definition }, isLeaf) => matches(definition, isLeaf, flags),
      },
      below,
    );
  }
}

/** Of each group of flags, none was given, or one that fits. */
function matches(definition: XmlElement, isLeaf: boolean, flags: number): boolean {
  const state = textAt(definition, "state");
  const isInactive = state === "shutoff";
  const isDiskOnly = state === "disk-snapshot";
  const external = isExternal(definition);
  const groups: readonly (readonly (readonly [number, boolean])[])[] = [
    [[List.leaves, isLeaf]],
    [[List.noLeaves, !isLeaf]],
    [
      [List.metadata, true],
      [List.noMetadata, false],
    ],
    [
      [List.inactive, isInactive],
      [List.diskOnly, isDiskOnly],
      [List.active, !isInactive && !isDiskOnly],
    ],
    [
      [List.internal, !external],
      [List.external, external],
    ],
  ];
  return groups.every((group) => {
    const asked = group.filter(([bit]) => (flags & bit) !== 0);
    return asked.length === 0 || asked.some(([, fits]) => fits);
  });
}

/** Whether the memory or a disk of the snapshot is in a file of its own. */
function isExternal(definition: XmlElement): boolean {
  if (find(definition, "memory")?.attributes.get("snapshot") === "external") return true;
  const disks = find(definition, "disks");
  return (
    disks !== undefined &&
    childElements(disks, "disk").some((disk) => disk.attributes.get("snapshot") === "external")
  );
}
