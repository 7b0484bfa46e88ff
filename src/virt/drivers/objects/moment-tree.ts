/** Moments of a domain (libvirt's word for snapshots and checkpoints): a tree by parents' names. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { element, textAt, textElement, type XmlElement } from "../../xml/element.ts";

export interface Moment {
  readonly name: string;
  /** The parent's name; null for a root. */
  readonly parent: string | null;
  /** Canonical `domainsnapshot` or `domaincheckpoint` without its parent. */
  readonly definition: XmlElement;
}

/** What the flags of a list mean, which differ between snapshots and checkpoints. */
export interface MomentFilter {
  /** Only roots of a domain; all descendants, not children only, of a moment. */
  readonly wide: boolean;
  readonly topological: boolean;
  matches(moment: Moment, isLeaf: boolean): boolean;
}

/** The moments of one kind that a domain has, one of them the current one (virDomainMomentObjList). */
export class MomentTree {
  /** In the order in which they were linked to their parents: libvirt lists siblings the other way round. */
  readonly #byName = new Map<string, Moment>();
  /** The name of the current moment. */
  current: string | null = null;

  get size(): number {
    return this.#byName.size;
  }

  has(name: string): boolean {
    return this.#byName.has(name);
  }

  find(name: string): Moment | undefined {
    return this.#byName.get(name);
  }

  /** @throws VmError operationFailed for a name that is taken */
  add(moment: Moment): void {
    if (this.has(moment.name)) {
      throw vmError("operationFailed", `domain moment ${moment.name} already exists`, {
        domain: ErrorDomain.domain,
      });
    }
    this.#byName.set(moment.name, moment);
  }

  /** Puts a moment in the place of the one of its name. */
  replace(moment: Moment): void {
    this.#byName.delete(moment.name);
    this.#byName.set(moment.name, moment);
  }

  /** Refuses a parent that is unknown, or a descendant of the moment itself. @throws VmError invalidArg */
  checkParent({ name, parent }: Moment): void {
    const errors = { domain: ErrorDomain.domain };
    if (parent === null) return;
    if (parent === name) {
      throw vmError("invalidArg", `cannot set moment ${name} as its own parent`, errors);
    }
    if (!this.has(parent)) {
      throw vmError("invalidArg", `parent ${parent} for moment ${name} not found`, errors);
    }
    for (let at = this.find(parent); at; at = this.find(at.parent ?? "")) {
      if (at.parent !== name) continue;
      throw vmError("invalidArg", `parent ${at.name} would create cycle to ${name}`, errors);
    }
  }

  /** The children of a moment, or the roots; the last that was linked comes first. */
  children(parent: string | null): Moment[] {
    return [...this.#byName.values()].filter((each) => each.parent === parent).toReversed();
  }

  /** All below a moment, parents before their children. */
  descendants(name: string): Moment[] {
    return this.children(name).flatMap((child) => [child, ...this.descendants(child.name)]);
  }

  /** Takes one moment out: its children become its parent's. */
  remove(name: string): void {
    const parent = this.find(name)?.parent ?? null;
    for (const child of this.children(name).toReversed()) this.replace({ ...child, parent });
    this.#byName.delete(name);
    if (this.current === name) this.current = parent;
  }

  /** Takes out all below a moment, and the moment itself unless `childrenOnly`. */
  removeTree(name: string, childrenOnly: boolean): void {
    const gone = this.descendants(name).map((each) => each.name);
    if (this.current !== null && gone.includes(this.current)) this.current = name;
    for (const each of gone) this.#byName.delete(each);
    if (!childrenOnly) this.remove(name);
  }

  clear(): void {
    this.#byName.clear();
    this.current = null;
  }

  /** The moments of the domain, or with `below` of a moment. */
  list({ wide, topological, matches }: MomentFilter, below: string | null = null): Moment[] {
    const scope =
      below !== null
        ? wide
          ? this.descendants(below)
          : this.children(below)
        : wide
          ? this.children(null)
          : topological
            ? this.children(null).flatMap((root) => [root, ...this.descendants(root.name)])
            : [...this.#byName.values()];
    return scope.filter((moment) => matches(moment, this.children(moment.name).length === 0));
  }
}

/** The stored definition with its parent's name, where libvirt shows it. */
export function withParent({ definition, parent }: Moment): XmlElement {
  if (parent === null) return definition;
  const at = definition.children.findIndex(
    (each) => each.kind === "element" && each.name === "creationTime",
  );
  const children = [...definition.children];
  children.splice(at, 0, element("parent", {}, [textElement("name", parent)]));
  return { ...definition, children };
}

/** The other way round: a canonical definition that has its parent to a moment. */
export function withoutParent(stored: XmlElement): Moment {
  const children = stored.children.filter(
    (each) => each.kind !== "element" || each.name !== "parent",
  );
  return {
    name: textAt(stored, "name") ?? "",
    parent: textAt(stored, "parent", "name") ?? null,
    definition: { ...stored, children },
  };
}
