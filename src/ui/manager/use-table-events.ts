/** What clicks and keys do in the table of machines; its rows hear none themselves. */
import type { HTMLAttributes, KeyboardEvent, MouseEvent } from "react";
import { choose, chooseAll, extend, NOTHING, type Selection, toggle } from "./selection.ts";

/** Where a menu opens: at a button, or at a point of the window, for a row. */
export type MenuAnchor =
  | { readonly kind: "button"; readonly button: HTMLElement }
  | { readonly kind: "point"; readonly x: number; readonly y: number; readonly row: HTMLElement };

export interface TableActions {
  open(uuid: string): void;
  remove(uuids: readonly string[]): void;
  editLabels(uuids: readonly string[]): void;
}

interface Table {
  readonly selection: Selection;
  /** UUIDs in the order of their rows. */
  readonly shown: readonly string[];
  readonly onSelect: (selection: Selection) => void;
  readonly onToggle: (id: string, isOpen: boolean) => void;
  readonly onMenu: (uuids: readonly string[], anchor: MenuAnchor) => void;
  readonly actions: TableActions;
}

type Handlers = Pick<
  HTMLAttributes<HTMLTableElement>,
  "onClick" | "onDoubleClick" | "onContextMenu" | "onKeyDown" | "onMouseDown"
>;

export function useTableEvents(table: Table): Handlers {
  return {
    onMouseDown: (event) => {
      // Shift+click chooses machines, not their text.
      if (event.shiftKey && rowOf(event)) event.preventDefault();
    },
    onClick: (event) => clicked(table, event),
    onDoubleClick: (event) => {
      const uuid = uuidOf(rowOf(event));
      if (uuid !== undefined && !isControl(event)) table.actions.open(uuid);
    },
    onContextMenu: (event) => {
      const row = rowOf(event);
      const uuid = uuidOf(row);
      if (!row || uuid === undefined || isLink(event)) return;
      event.preventDefault();
      const point = { kind: "point", x: event.clientX, y: event.clientY, row } as const;
      table.onMenu(meant(table, uuid), point);
    },
    onKeyDown: (event) => pressed(table, event),
  };
}

/** The whole choice where the row is part of it, else the row alone. */
function meant({ selection }: Table, uuid: string): readonly string[] {
  return selection.chosen.has(uuid) ? [...selection.chosen] : [uuid];
}

type AnyEvent = MouseEvent<HTMLElement> | KeyboardEvent<HTMLElement>;

const elementOf = ({ target }: AnyEvent): Element | null =>
  target instanceof Element ? target : null;
const rowOf = (event: AnyEvent) =>
  elementOf(event)?.closest<HTMLElement>("tr[data-row]") ?? undefined;
const uuidOf = (row: HTMLElement | undefined) => row?.dataset["uuid"];
const isControl = (event: AnyEvent) => elementOf(event)?.closest("a, button, input") !== null;
const isLink = (event: AnyEvent) => elementOf(event)?.closest("a") !== null;
const withCommand = ({ ctrlKey, metaKey }: AnyEvent) => ctrlKey || metaKey;

function clicked(table: Table, event: MouseEvent<HTMLElement>): void {
  const row = rowOf(event);
  if (!row) return;
  const uuid = uuidOf(row);
  if (uuid === undefined) return table.onToggle(idOf(row), !isOpen(row));
  const target = elementOf(event);
  const kebab = target?.closest<HTMLElement>("button.tv-kebab");
  if (kebab) return table.onMenu([uuid], { kind: "button", button: kebab });
  const isBox = target?.matches("input.tv-check") ?? false;
  if (!isBox && isControl(event)) return;
  if (event.shiftKey) table.onSelect(extend(table.selection, uuid, table.shown));
  else if (isBox || withCommand(event)) table.onSelect(toggle(table.selection, uuid));
  else table.onSelect(choose(uuid));
  if (!isBox) row.focus();
}

const idOf = (row: HTMLElement) => row.dataset["row"] ?? "";
const isOpen = (row: HTMLElement) => row.ariaExpanded === "true";

function pressed(table: Table, event: KeyboardEvent<HTMLElement>): void {
  const row = rowOf(event);
  // Keys belong to the row itself; links, boxes and buttons in it have their own.
  if (!row || event.target !== row || event.altKey) return;
  const done = withCommand(event) ? commanded(table, event) : plain(table, event, row);
  if (done) event.preventDefault();
}

function commanded({ selection, shown, onSelect }: Table, event: KeyboardEvent): boolean {
  if (event.key.toLowerCase() !== "a") return false;
  onSelect(chooseAll(selection, shown));
  return true;
}

function plain(table: Table, event: KeyboardEvent<HTMLElement>, row: HTMLElement): boolean {
  if (moved(table, event, row)) return true;
  const uuid = uuidOf(row);
  if (uuid === undefined) return headingPressed(table, event.key, row);
  switch (event.key) {
    case "Enter":
      table.actions.open(uuid);
      return true;
    case " ":
      table.onSelect(toggle(table.selection, uuid));
      return true;
    case "Escape":
      table.onSelect(NOTHING);
      return true;
    case "Delete":
      table.actions.remove(meant(table, uuid));
      return true;
    case "F2":
      table.actions.editLabels(meant(table, uuid));
      return true;
    default:
      return false;
  }
}

function headingPressed({ onToggle }: Table, key: string, row: HTMLElement): boolean {
  const open = isOpen(row);
  if (key === "Enter" || key === " ") onToggle(idOf(row), !open);
  else if (key === "ArrowRight" && !open) onToggle(idOf(row), true);
  else if (key === "ArrowLeft" && open) onToggle(idOf(row), false);
  else return false;
  return true;
}

/** Moves the focus; with Shift, the choice follows it. */
function moved(table: Table, { key, shiftKey }: KeyboardEvent, row: HTMLElement): boolean {
  const rows = [...(row.parentElement?.querySelectorAll<HTMLElement>("tr[data-row]") ?? [])];
  const to = targetOf(key, row, rows);
  if (!to) return false;
  to.focus();
  const [from, uuid] = [uuidOf(row), uuidOf(to)];
  if (shiftKey && uuid !== undefined) {
    const { selection, shown } = table;
    const anchored = selection.anchor === null && from !== undefined ? choose(from) : selection;
    table.onSelect(extend(anchored, uuid, shown));
  }
  return true;
}

function targetOf(key: string, row: HTMLElement, rows: HTMLElement[]): HTMLElement | undefined {
  const at = rows.indexOf(row);
  switch (key) {
    case "ArrowDown":
      return rows[at + 1] ?? row;
    case "ArrowUp":
      return rows[at - 1] ?? row;
    case "Home":
      return rows[0];
    case "End":
      return rows.at(-1);
    case "ArrowLeft":
      // From a machine, or a heading that is closed, to the heading above.
      return row.ariaExpanded === "true" ? undefined : headingOf(row, rows.slice(0, at));
    default:
      return undefined;
  }
}

function headingOf(row: HTMLElement, above: HTMLElement[]): HTMLElement | undefined {
  const level = Number(row.ariaLevel);
  return above.findLast((each) => Number(each.ariaLevel) < level);
}
