/** An element of the guest that is being put together: values by path, and parts below. */
import { type Draft, childrenOf, draft, draftText, setText } from "../../virt/xml/draft.ts";
import { integer } from "./numbers.ts";
import type { PartRule, Shape } from "./shape.ts";
import { elementAt, joinPath, madeAt, removeAt } from "./xml-path.ts";

/** What a path may be set to; null takes it away. */
export type Value = string | number | boolean | null;

/** A change by hand of the finished XML (`--xml`). */
export interface XmlAction {
  kind?: "set" | "delete" | "create";
  path?: string;
  value?: string;
}

export class Part {
  readonly shape: Shape;
  /** What the element held before, where it is one that is being changed. */
  readonly before: Draft | undefined;
  readonly actions: XmlAction[] = [];
  readonly #values = new Map<string, Value>();
  readonly #parts = new Map<string, Part[]>();

  constructor(shape: Shape, before?: Draft) {
    this.shape = shape;
    this.before = before;
  }

  /** The value as text, or undefined. `a:b:@c` is in the part b of the part a. */
  get(path: string): string | undefined {
    const value = this.value(path);
    return value === undefined || value === null || value === false ? undefined : String(value);
  }

  /** As it was set: false and null too; undefined where it never was. */
  value(path: string): Value | undefined {
    const { part, rest } = this.#owner(path);
    if (part !== this) return part.value(rest);
    const set = this.#values.get(path);
    if (set !== undefined || !this.before) return set;
    return readAt(this.before, path, this.shape.kinds.get(path) === "present");
  }

  /** @throws Error where a number is none */
  set(path: string, value: Value | undefined): void {
    const { part, rest } = this.#owner(path);
    if (part !== this) return part.set(rest, value);
    this.#values.delete(path);
    this.#values.set(path, this.#written(path, value ?? null));
  }

  /** Sets what has no value yet. */
  preset(path: string, value: Value | undefined): void {
    if (this.get(path) === undefined && value !== undefined && value !== null) {
      this.set(path, value);
    }
  }

  /** The only part of that name; `a:b` is the part b of the part a. */
  one(name: string): Part {
    return this.list(name)[0] ?? this.add(name);
  }

  /** The parts of that name. */
  list(name: string): Part[] {
    const { part, rest } = this.#owner(name);
    if (part !== this) return part.list(rest);
    const known = this.#parts.get(name);
    if (known) return known;
    const rule = this.#rule(name);
    const holder = this.before && elementAt(this.before, joinPath([], rule.at));
    const parts = holder
      ? childrenOf(holder, rule.shape.name).map((child) => new Part(rule.shape, child))
      : [];
    this.#parts.set(name, parts);
    return parts;
  }

  /** A new part at the end of the list. */
  add(name: string): Part {
    const made = this.fresh(name);
    this.list(name).push(made);
    return made;
  }

  /** A part that is not in the list yet. */
  fresh(name: string): Part {
    const { part, rest } = this.#owner(name);
    return part === this ? new Part(this.#rule(name).shape) : part.fresh(rest);
  }

  /** Whether nothing is set. */
  isEmpty(): boolean {
    const element = draft(this.shape.name);
    this.write(element, []);
    return element.attributes.size === 0 && element.children.length === 0;
  }

  /** Takes away all that is set. */
  clear(): void {
    this.#values.clear();
    this.#parts.clear();
    if (!this.before) return;
    this.before.attributes.clear();
    this.before.children = [];
  }

  /** Writes all into `root`; the part's own element is at `base`. */
  write(root: Draft, base: readonly string[]): void {
    const { order, parts } = this.shape;
    const ordered = new Set(order);
    for (const entry of order) this.#writeEntry(root, base, entry);
    for (const path of [...this.#values.keys()].filter((each) => !ordered.has(each))) {
      this.#writeEntry(root, base, path);
    }
    const others = Object.keys(parts).filter((name) => !ordered.has(`>${name}`));
    for (const name of others) this.#writeEntry(root, base, `>${name}`);
    for (const action of this.actions) perform(root, base, action);
  }

  #writeEntry(root: Draft, base: readonly string[], entry: string): void {
    if (entry.startsWith(">")) this.#writeParts(root, base, entry.slice(1));
    else if (this.#values.has(entry)) writeAt(root, base, entry, this.#values.get(entry) ?? null);
  }

  #writeParts(root: Draft, base: readonly string[], name: string): void {
    const rule = this.#rule(name);
    // A list's elements are counted among those of their name.
    for (const [index, part] of this.list(name).entries()) {
      const step = rule.isSingle ? rule.shape.name : `${rule.shape.name}[${index + 1}]`;
      part.write(root, [...joinPath(base, rule.at), step]);
    }
  }

  #written(path: string, value: Value): Value {
    const kind = this.shape.kinds.get(path);
    if (value === null || value === "") return null;
    if (kind === "int" && typeof value !== "boolean") return integer(String(value));
    if (typeof value !== "boolean") return value;
    if (kind === "onOff") return value ? "on" : "off";
    if (kind === "yesNo") return value ? "yes" : "no";
    return value;
  }

  #rule(name: string): PartRule {
    const rule = this.shape.parts[name];
    if (!rule) throw new Error(`${this.shape.name} has no part ${name}`);
    return rule;
  }

  #owner(path: string): { part: Part; rest: string } {
    const colon = path.indexOf(":");
    // Elements with a prefix have a colon too: only a part's name counts.
    if (colon < 0 || !(path.slice(0, colon) in this.shape.parts)) return { part: this, rest: path };
    return { part: this.one(path.slice(0, colon)), rest: path.slice(colon + 1) };
  }
}

function split(path: string): { steps: string; attribute?: string } {
  const at = /(?:^|\/)@([^/]+)$/.exec(path);
  return at?.[1] === undefined
    ? { steps: path }
    : { steps: path.slice(0, at.index), attribute: at[1] };
}

function readAt(root: Draft, path: string, isPresence: boolean): string | boolean | undefined {
  const { steps, attribute } = split(path);
  const found = elementAt(root, joinPath([], steps));
  if (!found) return undefined;
  if (isPresence) return true;
  return attribute === undefined ? draftText(found) : found.attributes.get(attribute);
}

/** True makes an empty element; false and null take the place away. */
export function writeAt(root: Draft, base: readonly string[], path: string, value: Value): void {
  const { steps, attribute } = split(path);
  const place = joinPath(base, steps);
  if (value === null || value === false) {
    const old = elementAt(root, place);
    if (!old) return;
    if (attribute !== undefined && value === null) old.attributes.delete(attribute);
    else if (value === null) old.children = [];
    if (value === false || (old.attributes.size === 0 && old.children.length === 0)) {
      removeAt(root, place);
    }
    return;
  }
  const element = madeAt(root, place);
  if (value === true) return;
  if (attribute === undefined) setText(element, value);
  else element.attributes.set(attribute, String(value));
}

/** @throws Error where the path says nothing */
function perform(root: Draft, base: readonly string[], action: XmlAction): void {
  const { kind, path = "", value } = action;
  if (kind === undefined) throw new Error("xpath.value must be paired with another xpath option");
  const [target = "", inline] = kind === "set" ? cutAtLastEquals(path) : [path];
  const place = target.replace(/^\.\/?/, "");
  if (kind === "delete") writeAt(root, base, place, place.includes("@") ? null : false);
  else writeAt(root, base, place, kind === "create" ? true : (value ?? inline ?? null));
}

/** `./a[@b='c']/@d=e` at the sign before `e`. */
function cutAtLastEquals(text: string): [string, string | undefined] {
  const at = /=(?![^[]*\])/.exec(text)?.index;
  return at === undefined ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}
