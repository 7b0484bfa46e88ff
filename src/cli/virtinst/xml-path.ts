/** Elements found and made by the small part of XPath that options need. */
import { type Draft, childrenOf, draft } from "../../virt/xml/draft.ts";

/** `name`, `name[2]`, `name[@key='value']`. */
const STEP = /^([^[]+)(?:\[(?:(\d+)|@([^=]+)='([^']*)')\])?$/;

interface Step {
  readonly name: string;
  readonly at: number;
  readonly where?: readonly [key: string, value: string];
}

/** Name spaces that are declared where they are first used. */
const NAMESPACES: Readonly<Record<string, string>> = {
  libosinfo: "http://libosinfo.org/xmlns/libvirt/domain/1.0",
  qemu: "http://libvirt.org/schemas/domain/qemu/1.0",
};

/** @throws Error where the step is none */
function parseStep(text: string): Step {
  const [, name, at, key, value] = STEP.exec(text) ?? [];
  if (name === undefined) throw new Error(`Invalid expression: ${text}`);
  return {
    name,
    at: at === undefined ? 1 : Number(at),
    ...(key === undefined || value === undefined ? {} : { where: [key, value] as const }),
  };
}

/** Steps joined, where `..` takes the last one away and `.` is nothing. */
export function joinPath(base: readonly string[], path: string): string[] {
  const steps = [...base];
  for (const word of path.split("/")) {
    if (word === "..") steps.pop();
    else if (word !== "." && word !== "") steps.push(word);
  }
  return steps;
}

function matching(parent: Draft, { name, where }: Step): Draft[] {
  return childrenOf(parent, name).filter(
    (child) => !where || child.attributes.get(where[0]) === where[1],
  );
}

/** The element at those steps below `root`, or undefined. */
export function elementAt(root: Draft, steps: readonly string[]): Draft | undefined {
  let here: Draft | undefined = root;
  for (const text of steps) {
    const step = parseStep(text);
    here = here && matching(here, step)[step.at - 1];
  }
  return here;
}

/** The element at those steps, made where it is missing. */
export function madeAt(root: Draft, steps: readonly string[]): Draft {
  let here = root;
  for (const text of steps) {
    const step = parseStep(text);
    const found = matching(here, step)[step.at - 1];
    here = found ?? appended(here, step);
  }
  return here;
}

function appended(parent: Draft, { name, where }: Step): Draft {
  const prefix = /^(.+):/.exec(name)?.[1];
  const url = prefix === undefined ? undefined : NAMESPACES[prefix];
  const isNested = prefix !== undefined && parent.name.startsWith(`${prefix}:`);
  const made = draft(name, {
    ...(url === undefined || isNested ? {} : { [`xmlns:${prefix}`]: url }),
    ...(where ? { [where[0]]: where[1] } : {}),
  });
  parent.children.push(made);
  return made;
}

/** Takes the element out, and those above that hold nothing else then. */
export function removeAt(root: Draft, steps: readonly string[]): void {
  for (let depth = steps.length; depth > 0; depth -= 1) {
    const parent = elementAt(root, steps.slice(0, depth - 1));
    const gone = elementAt(root, steps.slice(0, depth));
    if (!parent || !gone) return;
    if (depth < steps.length && (gone.attributes.size > 0 || hasContent(gone))) return;
    parent.children = parent.children.filter((child) => child !== gone);
  }
}

function hasContent(element: Draft): boolean {
  return element.children.some((child) => child.kind !== "text" || child.text.trim() !== "");
}
