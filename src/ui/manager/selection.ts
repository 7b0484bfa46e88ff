/** Which machines are chosen, as in every list: click, Ctrl+click, Shift+click. */

export interface Selection {
  /** UUIDs. */
  readonly chosen: ReadonlySet<string>;
  /** Where a range begins; null before the first choice. */
  readonly anchor: string | null;
}

export const NOTHING: Selection = { chosen: new Set(), anchor: null };

/** Chooses one alone. */
export function choose(uuid: string): Selection {
  return { chosen: new Set([uuid]), anchor: uuid };
}

export function toggle({ chosen }: Selection, uuid: string): Selection {
  const next = new Set(chosen);
  if (!next.delete(uuid)) next.add(uuid);
  return { chosen: next, anchor: uuid };
}

/** Chooses all from the anchor to `uuid`, in the order that is shown, and drops the others. */
export function extend({ anchor }: Selection, uuid: string, shown: readonly string[]): Selection {
  const from = anchor === null ? -1 : shown.indexOf(anchor);
  const to = shown.indexOf(uuid);
  if (from < 0 || to < 0) return choose(uuid);
  return { chosen: new Set(shown.slice(Math.min(from, to), Math.max(from, to) + 1)), anchor };
}

/** All that are shown; nothing where all are chosen already. */
export function chooseAll({ chosen }: Selection, shown: readonly string[]): Selection {
  const all = shown.every((uuid) => chosen.has(uuid));
  return all ? NOTHING : { chosen: new Set(shown), anchor: shown[0] ?? null };
}

/** Forgets what is not there any more; the same object where nothing is forgotten. */
export function keepOnly(selection: Selection, there: ReadonlySet<string>): Selection {
  const kept = [...selection.chosen].filter((uuid) => there.has(uuid));
  return kept.length === selection.chosen.size
    ? selection
    : { ...selection, chosen: new Set(kept) };
}
