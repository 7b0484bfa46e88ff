/** Which rows the manager shows, in which order: groups and the machines in them. */
import { labelsOf } from "../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { STATE_WORDS, type StateWord, stateWord } from "../common/domain-state.ts";
import type { Graph, Preferences } from "../preferences/preferences.ts";

export type Grouping = Preferences["managerGroupBy"];
export type SortBy = Preferences["managerSortBy"];

export interface Order {
  readonly groupBy: Grouping;
  readonly sortBy: SortBy;
  readonly down: boolean;
}

/** Domains under one heading. */
export interface Group {
  /** A tag, a group or a state; empty for those without one. */
  readonly name: string;
  readonly domains: readonly ManagedDomain[];
}

const COLLATOR = new Intl.Collator(undefined, { numeric: true });

/**
 * Groups, those without a name last. Without a grouping it is one, of all domains.
 *
 * @param domains by name
 * @param figure the latest figure of a graph; what has none counts as least
 */
export function arrange(
  domains: readonly ManagedDomain[],
  { groupBy, sortBy, down }: Order,
  figure: (uuid: string, graph: Graph) => number | null,
): readonly Group[] {
  const sorted = [...domains].sort(comparison(sortBy, down ? -1 : 1, figure));
  const groups = new Map<string, ManagedDomain[]>();
  for (const domain of sorted) {
    for (const name of groupsOf(domain, groupBy)) {
      const members = groups.get(name);
      if (members) members.push(domain);
      else groups.set(name, [domain]);
    }
  }
  return [...groups]
    .map(([name, members]) => ({ name, domains: members }))
    .sort((a, b) => compareGroups(a.name, b.name, groupBy));
}

function groupsOf(domain: ManagedDomain, groupBy: Grouping): readonly string[] {
  if (groupBy === "none") return [""];
  if (groupBy === "state") return [stateWord(domain)];
  const { group, tags } = labelsOf(domain.definition);
  if (groupBy === "group") return [group];
  return tags.length > 0 ? tags : [""];
}

function compareGroups(a: string, b: string, groupBy: Grouping): number {
  if (a === "" || b === "") return Number(a === "") - Number(b === "");
  return groupBy === "state" ? rank(a) - rank(b) : COLLATOR.compare(a, b);
}

const rank = (word: string): number => STATE_WORDS.indexOf(word as StateWord);

type Comparison = (a: ManagedDomain, b: ManagedDomain) => number;

/** Ascending with 1; equal ones always go by name. */
function comparison(
  sortBy: SortBy,
  sign: 1 | -1,
  figure: (uuid: string, graph: Graph) => number | null,
): Comparison {
  const byName: Comparison = (a, b) => COLLATOR.compare(a.name, b.name);
  if (sortBy === "name") return (a, b) => sign * byName(a, b);
  const least = Number.NEGATIVE_INFINITY;
  const key = (domain: ManagedDomain): number =>
    sortBy === "state" ? rank(stateWord(domain)) : (figure(domain.uuid, sortBy) ?? least);
  return (a, b) => {
    const [left, right] = [key(a), key(b)];
    if (left === right) return byName(a, b);
    return left < right ? -sign : sign;
  };
}
