/** The snapshots of a domain: a tree by parents' names, one of them the current one. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { DomainSnapshotListFlags as List } from "../../driver/snapshot-flags.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";

export interface Snapshot {
  readonly name: string;
  /** The parent's name; null for a root. */
  readonly parent: string | null;
  /** Canonical `domainsnapshot` without its parent. */
  readonly definition: XmlElement;
}

export class SnapshotTree {
  readonly #byName = new Map<string, Snapshot>();
  /** The name of the current snapshot. */
  current: string | null = null;

  get size(): number {
    return this.#byName.size;
  }

  /** @throws VmError noDomainSnapshot */
  get(name: string): Snapshot {
    const found = this.#byName.get(name);
    if (!found) {
      throw vmError("noDomainSnapshot", `no domain snapshot with matching name '${name}'`, {
        domain: ErrorDomain.domainSnapshot,
      });
    }
    return found;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** @throws VmError operationFailed for a name that is taken */
  add(snapshot: Snapshot): void {
    if (this.has(snapshot.name)) {
      throw vmError("operationFailed", `domain moment ${snapshot.name} already exists`, {
        domain: ErrorDomain.domain,
      });
    }
    this.#byName.set(snapshot.name, snapshot);
  }

  /** Puts a snapshot in the place of the one of its name. */
  replace(snapshot: Snapshot): void {
    this.#byName.set(snapshot.name, snapshot);
  }

  children(name: string): Snapshot[] {
    return [...this.#byName.values()].filter(({ parent }) => parent === name);
  }

  /** All below a snapshot, parents before their children. */
  descendants(name: string): Snapshot[] {
    return this.children(name).flatMap((child) => [child, ...this.descendants(child.name)]);
  }

  /** Takes one snapshot out: its children become its parent's. */
  remove(name: string): void {
    const { parent } = this.get(name);
    for (const child of this.children(name)) this.#byName.set(child.name, { ...child, parent });
    this.#byName.delete(name);
    if (this.current === name) this.current = parent;
  }

  /** Takes out all below a snapshot, and the snapshot itself unless `childrenOnly`. */
  removeTree(name: string, childrenOnly: boolean): void {
    const { parent } = this.get(name);
    const gone = this.descendants(name).map((each) => each.name);
    const currentGone = this.current !== null && gone.includes(this.current);
    for (const each of gone) this.#byName.delete(each);
    if (!childrenOnly) this.#byName.delete(name);
    if (childrenOnly && currentGone) this.current = name;
    else if (!childrenOnly && (currentGone || this.current === name)) this.current = parent;
  }

  clear(): void {
    this.#byName.clear();
    this.current = null;
  }

  /** What `virDomainListAllSnapshots` lists; `below` limits it to a snapshot's children. */
  list(flags: number, below: string | null = null): Snapshot[] {
    // The one bit means roots for a domain and descendants for a snapshot.
    const wide = (flags & List.roots) !== 0;
    const all = [...this.#byName.values()];
    const scope =
      below === null
        ? all.filter(({ parent }) => !wide || parent === null)
        : wide
          ? this.descendants(below)
          : this.children(below);
    const listed = scope.filter((snapshot) => this.#matches(snapshot, flags));
    return (flags & List.topological) === 0 ? listed : this.#sorted(listed);
  }

  #matches({ name, definition }: Snapshot, flags: number): boolean {
    const leaf = this.children(name).length === 0;
    const state = textAt(definition, "state");
    const groups: readonly (readonly (readonly [number, boolean])[])[] = [
      [
        [List.leaves, leaf],
        [List.noLeaves, !leaf],
      ],
      [
        [List.metadata, true],
        [List.noMetadata, false],
      ],
      [
        [List.inactive, state === "shutoff"],
        [List.diskOnly, state === "disk-snapshot"],
        [List.active, state !== "shutoff" && state !== "disk-snapshot"],
      ],
      [
        [List.internal, !isExternal(definition)],
        [List.external, isExternal(definition)],
      ],
    ];
    return groups.every((group) => {
      const asked = group.filter(([bit]) => (flags & bit) !== 0);
      return asked.length === 0 || asked.some(([, matches]) => matches);
    });
  }

  /** Parents before children; of siblings, the youngest first, as libvirt lists them. */
  #sorted(listed: readonly Snapshot[]): Snapshot[] {
    const walk = (parent: string | null): Snapshot[] =>
      [...this.#byName.values()]
        .filter((each) => each.parent === parent)
        .toReversed()
        .flatMap((each) => [each, ...walk(each.name)]);
    return walk(null).filter((each) => listed.includes(each));
  }
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
