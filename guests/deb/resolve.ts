/** Which packages a list of packages needs: what apt's solver is for, on one suite's index. */
import { GuestError } from "../errors.ts";
import type { PackageEntry } from "./package-index.ts";
import { isMetBy, isProvidedBy, parseRelations, relationText, type Clause } from "./relations.ts";
import type { Relation } from "./relations.ts";

/** What the resolver asks of an index. */
export interface PackageSource {
  versions(name: string): PackageEntry[];
  providers(name: string): PackageEntry[];
}

/** An index in which every way leads to a conflict would be searched for ever. */
const MAX_STEPS = 200_000;

/**
 * The packages in `wanted` and all that they depend on, each behind what it needs (but for
 * circles). Of alternatives the first that can be had is taken, unless one is there already;
 * behind a choice that leads to a conflict the next one is tried. Recommended packages are not.
 *
 * @param omitted packages to be taken for present although they are not
 * @throws GuestError that names the dependency which cannot be had
 */
export function resolvePackages(
  source: PackageSource,
  wanted: readonly string[],
  omitted: ReadonlySet<string> = new Set(),
): PackageEntry[] {
  const search = new Search(source, omitted);
  const clauses = wanted.map((name) => ({ by: "", clause: [{ name, sign: "", version: "" }] }));
  if (!search.fulfil(clauses, 0)) {
    throw new GuestError(search.failure);
  }
  return search.inOrder();
}

interface Need {
  /** Name of the package that has it; empty for the caller's list. */
  readonly by: string;
  readonly clause: Clause;
}

interface Choice {
  readonly entry: PackageEntry;
  readonly needs: readonly Need[];
  readonly provides: readonly Relation[];
  /** Conflicts and Breaks: for packages that are there together they mean the same. */
  readonly refuses: readonly Relation[];
}

class Search {
  readonly #source: PackageSource;
  readonly #omitted: ReadonlySet<string>;
  readonly #chosen = new Map<string, Choice>();
  #steps = 0;
  /** Of the deepest dead end: those before it were left for another choice. */
  #deepest = -1;
  failure = "";

  constructor(source: PackageSource, omitted: ReadonlySet<string>) {
    this.#source = source;
    this.#omitted = omitted;
  }

  /** Fulfils `needs` from place `from` on; when that is impossible, leaves everything as it was. */
  fulfil(needs: readonly Need[], from: number): boolean {
    const at = needs.findIndex(({ clause }, i) => i >= from && !this.#hasOne(clause));
    const need = needs[at];
    if (need === undefined) {
      return true;
    }
    for (const choice of this.#candidates(need.clause)) {
      const enemy = this.#enemyOf(choice);
      if (enemy !== null) {
        this.#fail(at, `${choice.entry.name}${wantedBy(need)} conflicts with ${enemy}.`);
        continue;
      }
      this.#chosen.set(choice.entry.name, choice);
      if (this.fulfil(needs.toSpliced(at + 1, 0, ...choice.needs), at + 1)) {
        return true;
      }
      this.#chosen.delete(choice.entry.name);
    }
    const clause = need.clause.map(relationText).join(" | ");
    this.#fail(at, `The mirror's index has no package ${clause}${wantedBy(need)}.`);
    return false;
  }

  inOrder(): PackageEntry[] {
    const order = new Set<PackageEntry>();
    const visited = new Set<Choice>();
    const visit = (choice: Choice): void => {
      if (!visited.has(choice)) {
        visited.add(choice);
        for (const relation of choice.needs.flatMap(({ clause }) => clause)) {
          [...this.#chosen.values()].filter((other) => meets(other, relation)).forEach(visit);
        }
        order.add(choice.entry);
      }
    };
    [...this.#chosen.values()].forEach(visit);
    return [...order];
  }

  #hasOne(clause: Clause): boolean {
    return clause.some(
      (relation) =>
        this.#omitted.has(relation.name) ||
        [...this.#chosen.values()].some((choice) => meets(choice, relation)),
    );
  }

  *#candidates(clause: Clause): Generator<Choice> {
    for (const relation of clause) {
      const named = this.#source.versions(relation.name).toReversed();
      for (const entry of [...named, ...this.#source.providers(relation.name)]) {
        if (++this.#steps > MAX_STEPS) {
          throw new GuestError(`No way to fulfil all dependencies was found: ${this.failure}`);
        }
        const choice = choiceOf(entry);
        if (meets(choice, relation) && !this.#chosen.has(entry.name)) {
          yield choice;
        }
      }
    }
  }

  /** A chosen package that cannot be together with `choice`. */
  #enemyOf(choice: Choice): string | null {
    for (const other of this.#chosen.values()) {
      const isEnemy =
        choice.refuses.some((relation) => meets(other, relation)) ||
        other.refuses.some((relation) => meets(choice, relation));
      if (isEnemy) {
        return other.entry.name;
      }
    }
    return null;
  }

  #fail(at: number, message: string): void {
    if (at > this.#deepest) {
      this.#deepest = at;
      this.failure = message;
    }
  }
}

function meets({ entry, provides }: Choice, relation: Relation): boolean {
  return (
    (entry.name === relation.name && isMetBy(relation, entry.version)) ||
    provides.some((provided) => isProvidedBy(relation, provided))
  );
}

function choiceOf(entry: PackageEntry): Choice {
  const { preDepends, depends, provides, conflicts, breaks } = entry.relations;
  const clauses = [...parseRelations(preDepends), ...parseRelations(depends)];
  return {
    entry,
    needs: clauses.map((clause) => ({ by: entry.name, clause })),
    provides: parseRelations(provides).flat(),
    refuses: [...parseRelations(conflicts), ...parseRelations(breaks)].flat(),
  };
}

function wantedBy({ by }: Need): string {
  return by === "" ? "" : `, which ${by} needs,`;
}
