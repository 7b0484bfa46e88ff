import { versionHolds } from "./version.ts";

/** A package named in a relationship field, perhaps with a bound on its version. */
export interface Relation {
  readonly name: string;
  /** One of << <= = >= >>; empty when any version will do. */
  readonly sign: string;
  readonly version: string;
}

/** Alternatives of which one must hold. */
export type Clause = readonly Relation[];

/**
 * Reads a relationship field (Debian Policy §7.1): clauses between commas, alternatives between
 * bars. Architecture qualifiers are dropped, as there is one architecture; a part that cannot be
 * read becomes a relation that nothing fulfils.
 */
export function parseRelations(field: string): Clause[] {
  const clauses = field.split(",").map((clause) => clause.trim());
  return clauses.filter((clause) => clause !== "").map((clause) => clause.split("|").map(parse));
}

const RELATION =
  /^\s*([a-z0-9][a-z0-9+.-]*)(?::[a-z0-9-]+)?\s*(?:\(\s*(<<|<=|=|>=|>>)\s*([^\s)]+)\s*\))?\s*$/;

function parse(text: string): Relation {
  const [, name = text.trim(), sign = "", version = ""] = RELATION.exec(text) ?? [];
  return { name, sign, version };
}

/** True when a package of that name in `version` fulfils the relation. */
export function isMetBy({ sign, version: bound }: Relation, version: string): boolean {
  return sign === "" || versionHolds(version, sign, bound);
}

/**
 * True when something that is provided fulfils the relation: one with a bound is only met by a
 * provision that states its version (§7.5).
 */
export function isProvidedBy(relation: Relation, provided: Relation): boolean {
  if (relation.name !== provided.name) {
    return false;
  }
  return relation.sign === "" || (provided.sign === "=" && isMetBy(relation, provided.version));
}

/** The relation in Debian's notation. */
export function relationText({ name, sign, version }: Relation): string {
  return sign === "" ? name : `${name} (${sign} ${version})`;
}
