/** The table of machines: a tree grid whose rows are reached with the arrow keys. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role, jsx-a11y/no-noninteractive-element-to-interactive-role */
import "./vm-table.css";
import {
  type FocusEvent,
  memo,
  type RefObject,
  startTransition,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { useApp } from "../app/context.tsx";
import { type Graph } from "../preferences/preferences.ts";
import { useManager } from "../shell/context.tsx";
import type { Group, Order, SortBy } from "./arrange.ts";
import { ColumnHeads } from "./column-heads.tsx";
import type { Peaks } from "./figures.ts";
import { GroupRow } from "./group-row.tsx";
import { HostLine } from "./host-line.tsx";
import { type Row, rowsOf } from "./rows.ts";
import type { Selection } from "./selection.ts";
import { type MenuAnchor, type TableActions, useTableEvents } from "./use-table-events.ts";
import { FIRST_ROWS, VmRow } from "./vm-row.tsx";

interface Props {
  readonly groups: readonly Group[];
  readonly order: Order;
  readonly graphs: readonly Graph[];
  readonly peaks: Peaks;
  readonly selection: Selection;
  /** What is being done, by domain. */
  readonly doing: ReadonlyMap<string, string>;
  readonly onSort: (by: SortBy) => void;
  readonly onSelect: (selection: Selection) => void;
  readonly onMenu: (uuids: readonly string[], anchor: MenuAnchor) => void;
  readonly actions: TableActions;
}

/** Columns besides those of graphs. */
const FIXED_COLUMNS = 4;

export const VmTable = memo(function VmTable(props: Props) {
  const { groups, order, graphs, peaks, selection, doing, onSort, onSelect } = props;
  const { t } = useApp();
  const table = useRef<HTMLTableElement>(null);
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const [current, setCurrent] = useState("");
  const isGrouped = order.groupBy !== "none";
  const rows = useMemo(() => rowsOf(groups, isGrouped, closed), [groups, isGrouped, closed]);
  const shown = useMemo(() => uuidsOf(rows), [rows]);
  const currentRow = rows.some(({ place }) => place.id === current) ? current : firstStop(rows);
  const focus = useFocusKept(table);
  const events = useTableEvents({
    ...props,
    shown,
    onToggle: (id, isOpen) =>
      setClosed((before) => {
        const next = new Set(before);
        if (isOpen) next.delete(id);
        else next.add(id);
        return next;
      }),
  });
  return (
    <table
      ref={table}
      role="treegrid"
      aria-multiselectable
      aria-label={t("manager.machines")}
      className="tv-vms"
      {...events}
      onFocus={(event) => {
        focus.onFocus(event);
        const row = event.target.closest<HTMLElement>("tr[data-row]");
        if (row) setCurrent(row.dataset["row"] ?? "");
      }}
      onBlur={focus.onBlur}
    >
      <ColumnHeads {...{ order, graphs, onSort, onSelect, selection, shown }} />
      <tbody role="rowgroup">
        {useWaves(rows).map((row) => {
          const { id } = row.place;
          const isCurrent = id === currentRow;
          if (row.kind !== "vm") return <HeadRow key={id} {...props} {...{ row, isCurrent }} />;
          const { domain, place } = row;
          return (
            <VmRow
              key={id}
              {...{ domain, place, graphs, peaks, isCurrent }}
              isChosen={selection.chosen.has(domain.uuid)}
              doing={doing.get(domain.uuid) ?? ""}
            />
          );
        })}
      </tbody>
    </table>
  );
});

/**
 * Rows that were not there before come in two waves, as when a search is erased: those that can be seen do not
 * wait for all others.
 */
function useWaves(rows: readonly Row[]): readonly Row[] {
  const [settled, setSettled] = useState(rows);
  useEffect(() => startTransition(() => setSettled(rows)), [rows]);
  return useMemo(() => {
    if (rows === settled) return rows;
    const there = new Set(settled.map(({ place }) => place.id));
    return rows.filter(({ place }) => place.line < FIRST_ROWS || there.has(place.id));
  }, [rows, settled]);
}

/** Where Tab leads at first: the first machine, or what heads the list while none is shown. */
function firstStop(rows: readonly Row[]): string {
  return (rows.find(({ kind }) => kind === "vm") ?? rows[0])?.place.id ?? "";
}

/** UUIDs in the order of their rows: a machine with two tags has two rows. */
function uuidsOf(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => (row.kind === "vm" ? [row.domain.uuid] : [])))];
}

interface HeadRowProps extends Pick<Props, "groups" | "order" | "graphs"> {
  readonly row: Exclude<Row, { kind: "vm" }>;
  readonly isCurrent: boolean;
}

function HeadRow({ row, isCurrent, graphs, groups, order }: HeadRowProps) {
  const { t } = useApp();
  const { host } = useManager();
  const { place } = row;
  const { isOpen } = row;
  const head = { place, isCurrent, isOpen, columns: FIXED_COLUMNS + graphs.length };
  if (row.kind === "connection") {
    const all = new Set(groups.flatMap(({ domains }) => domains));
    return (
      <GroupRow {...head} name={host.hostname}>
        <HostLine count={all.size} />
      </GroupRow>
    );
  }
  const { name, domains } = row.group;
  const none = order.groupBy === "tag" ? t("manager.noTag") : t("manager.noGroup");
  const shown = order.groupBy === "state" ? t(`domainState.${name as "running"}`) : name;
  return (
    <GroupRow {...head} name={name === "" ? none : shown}>
      <span className="tv-host-line">{t("manager.count", { count: domains.length })}</span>
    </GroupRow>
  );
}

/** The focus stays in the table when the row that has it goes: what follows takes it. */
function useFocusKept(table: RefObject<HTMLTableElement | null>): {
  onFocus(event: FocusEvent<HTMLElement>): void;
  onBlur(): void;
} {
  const focused = useRef<number | null>(null);
  useLayoutEffect(() => {
    if (focused.current === null || document.activeElement !== document.body) return;
    const left = rowsIn(table.current);
    left[Math.min(focused.current, left.length - 1)]?.focus();
  });
  return {
    onFocus: ({ target }) => {
      const row = target.closest<HTMLElement>("tr[data-row]");
      focused.current = row ? rowsIn(table.current).indexOf(row) : null;
    },
    // Not called for a row that goes.
    onBlur: () => {
      focused.current = null;
    },
  };
}

function rowsIn(table: HTMLTableElement | null): HTMLElement[] {
  return [...(table?.querySelectorAll<HTMLElement>("tr[data-row]") ?? [])];
}
