/**
 * Elements found, made and removed by the part of XPath that options need. What is made stands on a
 * line of its own, two spaces further in than its parent; what is removed takes its line along.
 */
import { type Draft, type DraftNode, childrenOf, draft, draftText } from "../../virt/xml/draft.ts";

interface Step {
  /** `*` is any. */
  readonly name: string;
  /** Below the parent at any depth. */
  readonly isDeep: boolean;
  readonly predicates: readonly string[];
}

/** Name spaces that are declared where they are first used. */
const NAMESPACES: Readonly<Record<string, string>> = {
  libosinfo: "http://libosinfo.org/xmlns/libvirt/domain/1.0",
  qemu: "http://libvirt.org/schemas/domain/qemu/1.0",
};

/** `name`, `//name`, `name[2]`, `name[@key='value'][child]`. */
const STEP = /^(\/\/)?([^[\]'"@\s=]+)((?:\[[^\]]+\])*)$/;

/** @throws Error where the step is none */
function parseStep(text: string): Step {
  const [, deep, name, predicates] = STEP.exec(text) ?? [];
  if (name === undefined) throw new Error(`${text} xmlXPathEval() failed`);
  const found = [...(predicates ?? "").matchAll(/\[([^\]]+)\]/g)].map(([, inner]) => inner ?? "");
  return { name, isDeep: deep !== undefined, predicates: found };
}

/** Steps joined, where `..` takes the last one away, `.` is nothing, and `//` goes to the next. */
export function joinPath(base: readonly string[], path: string): string[] {
  const steps = [...base];
  let isDeep = false;
  for (const [index, word] of cutAtSlashes(path).entries()) {
    if (word === "..") steps.pop();
    else if (word === "") isDeep = index > 0;
    else if (word !== ".") {
      steps.push(`${isDeep ? "//" : ""}${word}`);
      isDeep = false;
    }
  }
  return steps;
}

/** Slashes in brackets are others. */
function cutAtSlashes(path: string): string[] {
  const words = [""];
  let depth = 0;
  for (const char of path) {
    if (char === "[") depth += 1;
    if (char === "]") depth -= 1;
    if (char === "/" && depth === 0) words.push("");
    else words.push(`${words.pop() ?? ""}${char}`);
  }
  return words;
}

function descendants(parent: Draft): Draft[] {
  return childrenOf(parent).flatMap((child) => [child, ...descendants(child)]);
}

/** The elements at a step. */
function matching(parent: Draft, { name, isDeep, predicates }: Step): Draft[] {
  const all = isDeep ? descendants(parent) : childrenOf(parent);
  const named = all.filter((child) => name === "*" || child.name === name);
  return predicates.reduce((left, text) => fulfilling(left, text), named);
}

const COMPARISON = /^(@?)([^=\s]+)(?:\s*=\s*(?:'([^']*)'|"([^"]*)"))?$/;

/** @throws Error where the predicate is none */
function fulfilling(elements: readonly Draft[], predicate: string): Draft[] {
  const text = predicate.trim();
  if (/^\d+$/.test(text)) return elements.slice(Number(text) - 1, Number(text));
  if (text === "last()") return elements.slice(-1);
  const [, at, name, single, double] = COMPARISON.exec(text) ?? [];
  if (name === undefined) throw new Error(`[${predicate}] xmlXPathEval() failed`);
  const value = single ?? double;
  return elements.filter((element) => {
    const found = at === "@" ? [element.attributes.get(name)] : childTexts(element, name);
    return found.some((each) => each !== undefined && (value === undefined || each === value));
  });
}

function childTexts(element: Draft, name: string): string[] {
  if (name === "." || name === "text()") return [draftText(element)];
  return childrenOf(element, name).map(draftText);
}

/** The first element at those steps below `root`, or undefined. */
export function elementAt(root: Draft, steps: readonly string[]): Draft | undefined {
  return elementsAt(root, steps)[0];
}

function elementsAt(root: Draft, steps: readonly string[]): Draft[] {
  return steps
    .map(parseStep)
    .reduce<Draft[]>((here, step) => here.flatMap((each) => matching(each, step)), [root]);
}

/** The element at those steps, made where it is missing. */
export function madeAt(root: Draft, steps: readonly string[]): Draft {
  let parent: Draft | undefined;
  let here = root;
  for (const text of steps) {
    const step = parseStep(text);
    const found = matching(here, step)[0] ?? appended(here, parent, step);
    parent = here;
    here = found;
  }
  return here;
}

function appended(parent: Draft, above: Draft | undefined, { name, predicates }: Step): Draft {
  const prefix = /^(.+):/.exec(name)?.[1];
  const url = prefix === undefined ? undefined : NAMESPACES[prefix];
  const isNested = prefix !== undefined && parent.name.startsWith(`${prefix}:`);
  const [, key, value] = /^@([^=]+)='([^']*)'$/.exec(predicates[0] ?? "") ?? [];
  const made = draft(name, {
    ...(url === undefined || isNested ? {} : { [`xmlns:${prefix}`]: url }),
    ...(key === undefined ? {} : { [key]: value }),
  });
  appendLine(parent, above, made);
  return made;
}

function appendLine(parent: Draft, above: Draft | undefined, made: Draft): void {
  if (parent.children.at(-1)?.kind !== "text") {
    const before = above?.children[above.children.indexOf(parent) - 1];
    appendText(parent, before?.kind === "text" ? before.text : "\n");
  }
  const end = textOf(parent.children.at(-1));
  appendText(parent, "  ");
  parent.children.push(made, { kind: "text", text: end });
}

const textOf = (node: DraftNode | undefined): string => (node?.kind === "text" ? node.text : "");

function appendText(parent: Draft, text: string): void {
  const last = parent.children.at(-1);
  if (last?.kind === "text") parent.children.pop();
  parent.children.push({ kind: "text", text: textOf(last) + text });
}

/** Takes the element out with all that is in it. */
export function removeAt(root: Draft, steps: readonly string[]): void {
  const parent = elementAt(root, steps.slice(0, -1));
  const gone = elementAt(root, steps);
  if (parent && gone) removeChild(parent, gone);
}

function removeChild(parent: Draft, gone: Draft): void {
  const at = parent.children.indexOf(gone);
  if (at < 0) return;
  const hasLine = parent.children[at - 1]?.kind === "text";
  parent.children.splice(hasLine ? at - 1 : at, hasLine ? 2 : 1);
  if (parent.children.every(({ kind }) => kind === "text")) parent.children = [];
}

/** Takes the element out of the tree where it stands. */
export function detach(root: Draft, gone: Draft): void {
  const parent = [root, ...descendants(root)].find((each) => each.children.includes(gone));
  if (parent) removeChild(parent, gone);
}

/** Takes the element out where it holds nothing, and then those above. */
export function removeEmptyAt(root: Draft, steps: readonly string[]): void {
  for (let depth = steps.length; depth > 0; depth -= 1) {
    const place = steps.slice(0, depth);
    const gone = elementAt(root, place);
    if (!gone || !isBare(gone)) return;
    removeAt(root, place);
  }
}

function isBare({ attributes, children }: Draft): boolean {
  return children.length === 0 && [...attributes.keys()].every((name) => name.startsWith("xmlns"));
}

/** Takes all out of the element but its name spaces. */
export function empty(element: Draft): void {
  element.children = [];
  for (const name of element.attributes.keys()) {
    if (!name.startsWith("xmlns")) element.attributes.delete(name);
  }
}
