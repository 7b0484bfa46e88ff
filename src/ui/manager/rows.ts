/** The manager's rows in a flat list: the connection, groups, machines. */
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import type { Group } from "./arrange.ts";
import type { RowPlace } from "./vm-row.tsx";

export type Row =
  | { readonly kind: "connection"; readonly place: RowPlace; readonly isOpen: boolean }
  | {
      readonly kind: "group";
      readonly place: RowPlace;
      readonly isOpen: boolean;
      readonly group: Group;
    }
  | { readonly kind: "vm"; readonly place: RowPlace; readonly domain: ManagedDomain };

export const CONNECTION_ROW = "connection";

/**
 * @param groups one without a name where nothing is grouped
 * @param closed the ids of headings whose rows are hidden
 */
export function rowsOf(
  groups: readonly Group[],
  isGrouped: boolean,
  closed: ReadonlySet<string>,
): readonly Row[] {
  const place = { id: CONNECTION_ROW, level: 1, index: 0, of: 1, line: 0 };
  const isOpen = !closed.has(CONNECTION_ROW);
  const rows: Row[] = [{ kind: "connection", place, isOpen }];
  if (!isOpen) return rows;
  for (const [index, group] of groups.entries()) {
    if (isGrouped) {
      const id = `group ${group.name}`;
      const isGroupOpen = !closed.has(id);
      const groupPlace = { id, level: 2, index, of: groups.length, line: rows.length };
      rows.push({ kind: "group", place: groupPlace, isOpen: isGroupOpen, group });
      if (!isGroupOpen) continue;
    }
    rows.push(...vmRows(group, isGrouped ? 3 : 2, rows.length));
  }
  return rows;
}

/** A machine with two tags stands in two groups: the group is part of its row's id. */
function vmRows({ name, domains }: Group, level: number, from: number): Row[] {
  return domains.map((domain, index) => ({
    kind: "vm",
    place: {
      id: `vm ${name} ${domain.uuid}`,
      level,
      index,
      of: domains.length,
      line: from + index,
    },
    domain,
  }));
}
