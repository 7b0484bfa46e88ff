/** Generated source as a tree, so that a failing program can be cut down piece by piece. */

/** A piece of source that can be left out: nothing outside jumps into it. */
export interface Chunk {
  readonly id: number;
  readonly parts: Part[];
}

export type Part = string | Chunk;

/** Lines of the tree without the chunks in `removed`. */
export function render(chunk: Chunk, removed: ReadonlySet<number> = new Set()): string {
  if (removed.has(chunk.id)) return "";
  return chunk.parts
    .map((part) => (typeof part === "string" ? `${part}\n` : render(part, removed)))
    .join("");
}

function idsOf(chunk: Chunk, removed: ReadonlySet<number>): number[] {
  if (removed.has(chunk.id)) return [];
  const inner = chunk.parts.filter((part) => typeof part !== "string");
  return [chunk.id, ...inner.flatMap((part) => idsOf(part, removed))];
}

/** Sources that `minimise` tries at most. */
const ATTEMPTS = 600;

/**
 * The chunks that can be left out while `fails` still holds, outer ones tried first.
 *
 * @param fails is given the removed chunks; a source that no longer assembles does not fail
 */
export function minimise(
  root: Chunk,
  fails: (removed: ReadonlySet<number>) => boolean,
): ReadonlySet<number> {
  let removed = new Set<number>();
  let attempts = 0;
  for (let shrunk = true; shrunk;) {
    shrunk = false;
    for (const id of idsOf(root, removed)) {
      if (id === root.id) continue;
      if (++attempts > ATTEMPTS) return removed;
      const fewer = new Set([...removed, id]);
      if (!fails(fewer)) continue;
      removed = fewer;
      shrunk = true;
    }
  }
  return removed;
}
