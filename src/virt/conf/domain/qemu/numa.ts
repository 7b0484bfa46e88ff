/** `<numa>` and `<numatune>`: cells in their order, distances from both ends. */
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  draft,
  ensureChild,
  removeChildren,
} from "../../../xml/draft.ts";
import { formatCpuset, parseCpuset } from "../../values.ts";

/** How far a cell is from itself, in the units of the ACPI table SLIT. */
const LOCAL_DISTANCE = "10";

/** Numbers the cells, brings them into order and completes their distances. */
export function fillNuma(domain: Draft): void {
  const numa = childAt(domain, "cpu", "numa");
  if (numa) {
    const cells = childrenOf(numa, "cell");
    for (const [at, cell] of cells.entries()) defaultAttribute(cell, "id", String(at));
    removeChildren(numa, "cell");
    const sorted = cells.toSorted((a, b) => idOf(a) - idOf(b));
    numa.children.push(...sorted);
    fillDistances(sorted);
  }
  fillTuning(domain);
}

function idOf(cell: Draft): number {
  return Number(cell.attributes.get("id"));
}

/** A distance that one end gives holds for the other, and each end is near itself. */
function fillDistances(cells: readonly Draft[]): void {
  const all = new Map<string, string>();
  const set = (from: number, to: number, value: string): void => {
    const key = `${from}/${to}`;
    if (!all.has(key)) all.set(key, value);
  };
  for (const cell of cells) {
    const siblings = childrenOf(childAt(cell, "distances") ?? draft("distances"), "sibling");
    for (const { attributes } of siblings) {
      all.set(`${idOf(cell)}/${attributes.get("id")}`, attributes.get("value") ?? LOCAL_DISTANCE);
    }
  }
  for (const [key, value] of [...all]) {
    const [from = 0, to = 0] = key.split("/").map(Number);
    set(to, from, value);
    set(from, from, LOCAL_DISTANCE);
    set(to, to, LOCAL_DISTANCE);
  }
  if (all.size === 0) return;
  for (const cell of cells) {
    const siblings = cells.flatMap((other): Draft[] => {
      const value = all.get(`${idOf(cell)}/${idOf(other)}`);
      return value === undefined ? [] : [draft("sibling", { id: idOf(other), value })];
    });
    if (siblings.length > 0) ensureChild(cell, "distances").children = siblings;
  }
}

function fillTuning(domain: Draft): void {
  const numatune = childAt(domain, "numatune");
  if (!numatune) return;
  const memory = childAt(numatune, "memory");
  const placed = childAt(domain, "vcpu")?.attributes.get("placement") ?? "static";
  if (memory) {
    const given = memory.attributes.has("nodeset") ? "static" : placed;
    if (!memory.attributes.has("placement") && given === "auto") {
      memory.attributes.set("placement", "auto");
    }
  }
  for (const node of childrenOf(numatune, "memory", "memnode")) {
    const nodeset = node.attributes.get("nodeset");
    if (nodeset !== undefined) node.attributes.set("nodeset", formatCpuset(parseCpuset(nodeset)));
  }
}
