/** One machine's row. Its table hears all clicks and keys. */
// On narrow screens cells stack, and a browser then takes the table for none, unless roles are spelt out.
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role, jsx-a11y/no-noninteractive-element-to-interactive-role */
import { Button } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import PauseIcon from "@patternfly/react-icons/dist/esm/icons/pause-icon";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import { memo, useRef } from "react";
import { isLegal, type Verb } from "../../virt/manager/legal-verbs.ts";
import { labelsOf } from "../../virt/manager/labels.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { stateWord, troubleText } from "../common/domain-state.ts";
import { StateIcon } from "../common/state-icon.tsx";
import type { Graph } from "../preferences/preferences.ts";
import { hrefOf } from "../shell/route.ts";
import { useVerbs } from "../verbs/verbs.tsx";
import type { Peaks } from "./figures.ts";
import { GraphCells } from "./graph-cells.tsx";
import { useInWindow } from "./use-in-window.ts";

/** An icon has the drawings of all themes in it otherwise, of which one is seen. */
const ONE_SET = { set: "default" } as const;

export interface RowPlace {
  /** What the table finds the row by. */
  readonly id: string;
  /** 1 is the connection's. */
  readonly level: number;
  readonly index: number;
  readonly of: number;
  /** Of all rows, headings included; from 0. */
  readonly line: number;
}

interface Props {
  readonly domain: ManagedDomain;
  readonly place: RowPlace;
  readonly graphs: readonly Graph[];
  readonly peaks: Peaks;
  readonly isChosen: boolean;
  /** Tab leads into this row. */
  readonly isCurrent: boolean;
  /** What is being done to it; empty while nothing is. */
  readonly doing: string;
}

/** Drawn at once, whether they can be seen or not: more than a window shows. */
export const FIRST_ROWS = 24;

function Row(props: Props) {
  const { domain, place, graphs, isChosen, isCurrent } = props;
  const row = useRef<HTMLTableRowElement>(null);
  const { isDrawn, height } = useInWindow(row, place.line < FIRST_ROWS);
  // What has the focus is not taken out of the page.
  const isWhole = isDrawn || isCurrent;
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <tr
      ref={row}
      role="row"
      className="tv-vm-row"
      aria-label={domain.name}
      aria-selected={isChosen}
      aria-level={place.level}
      aria-posinset={place.index + 1}
      aria-setsize={place.of}
      data-row={place.id}
      data-uuid={domain.uuid}
      tabIndex={tabIndex}
      data-drawn={isWhole}
      {...(!isWhole && height !== null && { style: { height } })}
    >
      {isWhole ? <WholeCells {...props} /> : <PlainCell {...{ domain, graphs }} />}
    </tr>
  );
}

/** Places are made anew with every arrangement. */
export const VmRow = memo(Row, (before, now) =>
  (Object.keys(now) as (keyof Props)[]).every((key) =>
    key === "place" ? isSamePlace(before.place, now.place) : before[key] === now[key],
  ),
);

function isSamePlace(before: RowPlace, now: RowPlace): boolean {
  return (Object.keys(now) as (keyof RowPlace)[]).every((part) => before[part] === now[part]);
}

function WholeCells({ domain, graphs, peaks, isChosen, isCurrent, doing }: Props) {
  const { t } = useApp();
  const tabIndex = isCurrent ? 0 : -1;
  return (
    <>
      <td role="gridcell" className="tv-cell-check">
        <input
          type="checkbox"
          className="tv-check"
          aria-label={t("manager.choose", { name: domain.name })}
          checked={isChosen}
          tabIndex={tabIndex}
          // The table hears the click, with Shift.
          readOnly
        />
      </td>
      <NameCell domain={domain} tabIndex={tabIndex} />
      <StateCell domain={domain} doing={doing} />
      <GraphCells {...{ domain, graphs, peaks }} />
      <ActionsCell domain={domain} tabIndex={tabIndex} />
    </>
  );
}

interface CellProps {
  readonly domain: ManagedDomain;
  readonly tabIndex: number;
}

function NameCell({ domain: { uuid, name, definition, autostart }, tabIndex }: CellProps) {
  const { t } = useApp();
  const { title, description, group, tags } = labelsOf(definition);
  return (
    <th role="rowheader" scope="row" className="tv-cell-name">
      <a
        className="tv-name"
        href={hrefOf({ view: "vm", uuid, tab: "console" })}
        tabIndex={tabIndex}
        {...(description !== "" && { title: description })}
      >
        {name}
      </a>
      {title !== "" && <span className="tv-vm-title">{title}</span>}
      {(tags.length > 0 || group !== "" || autostart) && (
        <span className="tv-labels">
          {autostart && <RowLabel look="pf-m-outline" text={t("manager.autostart")} />}
          {group !== "" && <RowLabel look="pf-m-purple pf-m-filled" text={group} />}
          {tags.map((tag) => (
            <RowLabel key={tag} look="pf-m-blue pf-m-filled" text={tag} />
          ))}
        </span>
      )}
    </th>
  );
}

/** PatternFly's label, which measures itself in every row that appears: the browser lays the page out for each. */
function RowLabel({ look, text }: { readonly look: string; readonly text: string }) {
  return (
    <span className={`pf-v6-c-label pf-m-compact ${look}`} title={text}>
      <span className="pf-v6-c-label__content">
        <span className="pf-v6-c-label__text">{text}</span>
      </span>
    </span>
  );
}

/** Names and labels alone, so that a browser's search finds rows that are not drawn. */
function PlainCell({ domain, graphs }: Pick<Props, "domain" | "graphs">) {
  const { uuid, name, definition } = domain;
  const { title, group, tags } = labelsOf(definition);
  const labels = [group, ...tags].filter((label) => label !== "");
  return (
    <th role="rowheader" scope="row" className="tv-cell-plain" colSpan={graphs.length + 4}>
      <a className="tv-name" href={hrefOf({ view: "vm", uuid, tab: "console" })} tabIndex={-1}>
        {name}
      </a>
      {title !== "" && <span className="tv-vm-title">{title}</span>}
      {labels.length > 0 && <span className="tv-labels">{labels.join(" ")}</span>}
    </th>
  );
}

function StateCell({ domain, doing }: { readonly domain: ManagedDomain; readonly doing: string }) {
  const { t } = useApp();
  const word = stateWord(domain);
  const trouble = troubleText(domain, t);
  return (
    <td role="gridcell" className="tv-cell-state">
      <span className="tv-state" {...(doing !== "" && { title: doing })}>
        {doing === "" ? (
          <StateIcon state={word} />
        ) : (
          <InProgressIcon {...ONE_SET} className="tv-state-icon tv-spin" />
        )}
        {t(`domainState.${word}`)}
      </span>
      {trouble !== "" && <span className="tv-reason">{trouble}</span>}
    </td>
  );
}

/** The verb of the first button: what a machine in this state is most often told. */
function firstVerb(domain: ManagedDomain): Extract<Verb, "create" | "suspend" | "resume"> {
  if (isLegal("suspend", domain)) return "suspend";
  return isLegal("resume", domain) ? "resume" : "create";
}

function ActionsCell({ domain, tabIndex }: CellProps) {
  const { t } = useApp();
  const verbs = useVerbs();
  const first = firstVerb(domain);
  const label = first === "create" && domain.hasManagedSave ? "restore" : first;
  const { name } = domain;
  const of = (action: string) => t("action.of", { action, name });
  return (
    <td role="gridcell" className="tv-cell-actions">
      <Button
        variant="plain"
        icon={first === "suspend" ? <PauseIcon {...ONE_SET} /> : <PlayIcon {...ONE_SET} />}
        aria-label={of(t(`verb.${label}`))}
        title={t(`verb.${label}`)}
        tabIndex={tabIndex}
        isDisabled={!verbs.canAsk(first, [domain])}
        onClick={() => verbs.ask(first, [domain])}
      />
      <Button
        variant="plain"
        icon={<PowerOffIcon {...ONE_SET} />}
        aria-label={of(t("verb.shutdown"))}
        title={t("verb.shutdown")}
        tabIndex={tabIndex}
        isDisabled={!verbs.canAsk("shutdown", [domain])}
        onClick={() => verbs.ask("shutdown", [domain])}
      />
      <Button
        variant="plain"
        className="tv-kebab"
        icon={<EllipsisVIcon {...ONE_SET} />}
        aria-label={t("action.more", { name })}
        aria-haspopup="menu"
        tabIndex={tabIndex}
      />
    </td>
  );
}
