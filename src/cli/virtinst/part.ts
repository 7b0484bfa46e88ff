/** An element of the guest that is being put together: values by path, and parts below. */
import { type Draft, childrenOf, draft, draftText, setText } from "../../virt/xml/draft.ts";
import { integer } from "./numbers.ts";
import type { PartRule, Shape } from "./shape.ts";
import { detach, elementAt, empty, joinPath, madeAt, removeAt, removeEmptyAt } from "./xml-path.ts";

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
  readonly actions: XmlAction[] = [];
  /** What the element held before, where it is one that is being changed. */
  #before: Draft | undefined;
  /** The document of `before`. */
  readonly #document: Draft | undefined;
  readonly #values = new Map<string, Value>();
  readonly #parts = new Map<string, Part[]>();

  constructor(shape: Shape, before?: Draft, document = before) {
    this.shape = shape;
    this.#before = before;
    this.#document = document;
  }

  get before(): Draft | undefined {
    return this.#before;
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
    if (set !== undefined || !this.#before) return set;
    return readAt(this.#before, path, this.shape.kinds.get(path) === "present");
  }

  /** @throws Error where a number is none */
  set(path: string, value: Value | undefined): void {
    const { part, rest } = this.#owner(path);
    if (part !== this) return part.set(rest, value);
    const written = this.#written(path, value ?? null);
    this.#values.delete(path);
    this.#values.set(path, written);
  }

  /** Sets what has no value yet. */
  preset(path: string, value: Value | undefined): void {
    if (this.get(path) === undefined && value !== undefined && value !== null) {
      this.set(path, value);
    }
  }

  /** Whether setting the path to `value` would leave it as it is. */
  holds(path: string, value: Value): boolean {
    const { part, rest } = this.#owner(path);
    if (part !== this) return part.holds(rest, value);
    const kind = this.shape.kinds.get(path);
    return comparable(kind, this.value(path)) === comparable(kind, this.#written(path, value));
  }

  /** The only part of that name; `a:b` is the part b of the part a. */
  one(name: string): Part {
    return this.list(name)[0] ?? this.add(name);
  }

  /** The parts of that name, to look at. */
  list(name: string): readonly Part[] {
    return this.#members(name);
  }

  /** A new part at the end of the list. */
  add(name: string): Part {
    const made = this.fresh(name);
    this.include(name, made);
    return made;
  }

  /** Puts a part into the list, at its end unless told where. */
  include(name: string, part: Part, at?: number): void {
    const members = this.#members(name);
    if (!members.includes(part)) members.splice(at ?? members.length, 0, part);
  }

  /** Takes a part out of the list and its element out of the document. */
  remove(name: string, part: Part): void {
    const members = this.#members(name);
    const at = members.indexOf(part);
    if (at >= 0) members.splice(at, 1);
    part.#detach();
  }

  removeAll(name: string): void {
    for (const part of [...this.list(name)]) this.remove(name, part);
  }

  /** A part that is not in the list yet. */
  fresh(name: string): Part {
    const { part, rest } = this.#owner(name);
    return part === this ? new Part(this.#rule(name).shape) : part.fresh(rest);
  }

  /** Whether nothing is set. */
  isEmpty(): boolean {
    const element = draft(this.shape.name);
    if (this.#before && (this.#before.attributes.size > 0 || this.#before.children.length > 0)) {
      return false;
    }
    this.write(element, []);
    return element.attributes.size === 0 && element.children.length === 0;
  }

  /** Takes away all that is set, and the element itself unless it is to stay. */
  clear(keepsElement: boolean): void {
    this.#values.clear();
    for (const [name, rule] of Object.entries(this.shape.parts)) {
      if (rule.isSingle) for (const part of this.list(name)) part.clear(false);
      else this.removeAll(name);
    }
    if (keepsElement) {
      if (this.#before) empty(this.#before);
      return;
    }
    this.#detach();
    this.#before = undefined;
  }

  #detach(): void {
    if (!this.#before || !this.#document) return;
    detach(this.#document, this.#before);
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
    for (const part of this.list(name)) part.write(root, [...base, ...this.stepsTo(name, part)]);
  }

  /** Where a part of a list stands below this one's element. */
  stepsTo(name: string, part: Part): string[] {
    const { part: owner, rest } = this.#owner(name);
    if (owner !== this) {
      const first = name.slice(0, name.length - rest.length - 1);
      return [...this.stepsTo(first, owner), ...owner.stepsTo(rest, part)];
    }
    const { shape, at, isSingle } = this.#rule(name);
    // A list's elements are counted among those of their name.
    const index = isSingle ? "" : `[${this.list(name).indexOf(part) + 1}]`;
    return joinPath([], `${at}/${shape.name}${index}`);
  }

  #members(name: string): Part[] {
    const { part, rest } = this.#owner(name);
    if (part !== this) return part.#members(rest);
    const known = this.#parts.get(name);
    if (known) return known;
    const rule = this.#rule(name);
    const holder = this.#before && elementAt(this.#before, joinPath([], rule.at));
    const parts = holder
      ? childrenOf(holder, rule.shape.name).map(
          (child) => new Part(rule.shape, child, this.#document),
        )
      : [];
    this.#parts.set(name, parts);
    return parts;
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

/** A value as it counts when values are compared: numbers whatever their base, absence as null. */
function comparable(kind: string | undefined, value: Value | undefined): Value {
  if (kind === "present") return value === true;
  if (value === undefined || value === null) return null;
  if (kind !== "int") return String(value);
  try {
    return integer(String(value));
  } catch {
    return String(value);
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

/**
 * True makes an element; null takes a value away, and what holds nothing then; false takes the
 * element away.
 */
export function writeAt(root: Draft, base: readonly string[], path: string, value: Value): void {
  const { steps, attribute } = split(path);
  const place = joinPath(base, steps);
  if (value === false) {
    removeAt(root, place);
    return;
  }
  if (value === null) {
    const old = elementAt(root, place);
    if (old && attribute !== undefined) old.attributes.delete(attribute);
    else if (old) old.children = [];
    removeEmptyAt(root, place);
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
  if (kind === undefined && value === undefined) return;
  if (kind === undefined) throw new Error("xpath.value must be paired with another xpath option");
  if (kind === "set" && value === undefined && !path.includes("=")) {
    throw new Error(`${path}: Setting xpath must be in the form of XPATH=VALUE`);
  }
  const at = kind === "set" && value === undefined ? path.lastIndexOf("=") : path.length;
  const target = path.slice(0, at);
  const isAbsolute = !target.startsWith(".");
  const place = isAbsolute ? target.replace(new RegExp(`^/${root.name}(?:/|$)`), "") : target;
  const where = isAbsolute ? [] : base;
  if (kind === "delete") writeAt(root, where, place, false);
  else if (kind === "create") writeAt(root, where, place, true);
  else writeAt(root, where, place, (value ?? path.slice(at + 1)) || null);
}
