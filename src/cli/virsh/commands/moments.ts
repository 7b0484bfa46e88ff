/** What the commands on snapshots and on checkpoints do alike. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { textAt, type XmlElement } from "../../../virt/xml/element.ts";
import { CommandError } from "../shell/errors.ts";
import { byName } from "../shell/order.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import { type TreeNode, treesText } from "../shell/tree.ts";
import { timeText } from "./common.ts";

/** A snapshot or checkpoint. */
interface MomentRef {
  readonly domain: DomainRef;
  readonly name: string;
}

/** The options of both lists. */
interface ListCommand {
  has(name: "parent" | "roots" | "tree" | "name" | "topological" | "descendants"): boolean;
  given(name: "from"): boolean;
  exclusive(a: "tree" | "parent" | "roots", b: "name" | "roots" | "tree" | "from"): void;
}

/** Refuses options that contradict each other. @throws CommandError */
export function checkListOptions(command: ListCommand): void {
  command.exclusive("tree", "name");
  command.exclusive("parent", "roots");
  command.exclusive("parent", "tree");
  command.exclusive("roots", "tree");
  command.exclusive("roots", "from");
}

/** The bits of filters that were given, none of which goes with `--tree`. @throws CommandError */
export function filterBits<Name extends string>(
  command: { has(name: Name | "tree"): boolean },
  bits: { readonly [Each in Name]?: number },
): number {
  let sum = 0;
  for (const [name, bit] of Object.entries(bits) as [Name, number][]) {
    if (!command.has(name)) continue;
    if (command.has("tree")) {
      throw new CommandError(`--${name} and --tree are mutually exclusive`);
    }
    sum |= bit;
  }
  return sum;
}

/** What a list needs to know of one kind of moments. */
export interface MomentKind<Ref extends MomentRef> {
  /** The parent's name, or null. */
  parentOf(ref: Ref): Promise<string | null>;
  definitionOf(ref: Ref): Promise<XmlElement>;
  /** The columns between the creation time and the parent: titles with their elements. */
  readonly columns: Readonly<Record<string, string>>;
}

/** Prints a list, tree or table of moments; `start` is the one that a tree begins with. */
export async function printMoments<Ref extends MomentRef>(
  session: Session,
  command: ListCommand,
  kind: MomentKind<Ref>,
  found: readonly Ref[],
  start: Ref | null,
): Promise<void> {
  const isTree = command.has("tree");
  const all = isTree && start ? [...found, start] : found;
  const listed = command.has("topological") ? all : all.toSorted(byName);
  if (isTree) {
    const nodes: TreeNode[] = [];
    for (const each of listed) {
      const parent = each === start ? null : await kind.parentOf(each);
      nodes.push({ name: each.name, parent });
    }
    return session.print(treesText(nodes));
  }
  if (command.has("name")) return session.print(listed.map(({ name }) => `${name}\n`).join(""));
  const hasParents = command.has("parent");
  const rows: string[][] = [];
  for (const each of listed) rows.push(momentRow(await kind.definitionOf(each), kind, hasParents));
  const titles = ["Name", "Creation Time", ...Object.keys(kind.columns)];
  const header = hasParents ? [...titles, "Parent"] : titles;
  session.print(formatTable(header, rows, !session.options.quiet));
}

function momentRow<Ref extends MomentRef>(
  definition: XmlElement,
  { columns }: MomentKind<Ref>,
  hasParents: boolean,
): string[] {
  return [
    textAt(definition, "name") ?? "",
    timeText(Number(textAt(definition, "creationTime") ?? 0)),
    ...Object.values(columns).map((name) => textAt(definition, name) ?? ""),
    ...(hasParents ? [textAt(definition, "parent", "name") ?? ""] : []),
  ];
}

/** The result of asking for a parent, or null where there is none. @throws VmError for other failures */
export async function unlessNone<T>(code: number, ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof VmError && error.code === code) return null;
    throw error;
  }
}

/** Runs an edit; where it fails, that nothing was updated is told last. */
export async function updating(
  session: Session,
  name: string,
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    session.error(`Failed to update ${name}`);
    throw error;
  }
}
