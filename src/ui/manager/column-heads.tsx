/** The table's head: buttons that sort, and a box that chooses all. */
/* oxlint-disable jsx-a11y/no-redundant-roles, jsx-a11y/no-interactive-element-to-noninteractive-role, jsx-a11y/no-noninteractive-element-to-interactive-role */
import LongArrowAltDownIcon from "@patternfly/react-icons/dist/esm/icons/long-arrow-alt-down-icon";
import LongArrowAltUpIcon from "@patternfly/react-icons/dist/esm/icons/long-arrow-alt-up-icon";
import { useApp } from "../app/context.tsx";
import type { Graph } from "../preferences/preferences.ts";
import type { Order, SortBy } from "./arrange.ts";
import { chooseAll, type Selection } from "./selection.ts";

interface Props {
  readonly order: Order;
  readonly graphs: readonly Graph[];
  readonly selection: Selection;
  readonly shown: readonly string[];
  readonly onSort: (by: SortBy) => void;
  readonly onSelect: (selection: Selection) => void;
}

export function ColumnHeads({ order, graphs, selection, shown, onSort, onSelect }: Props) {
  const { t } = useApp();
  const all = shown.length > 0 && shown.every((uuid) => selection.chosen.has(uuid));
  const some = !all && selection.chosen.size > 0;
  const head = (by: SortBy, label: string, className: string) => (
    <SortHead key={by} {...{ by, label, className, order, onSort }} />
  );
  return (
    <thead role="rowgroup">
      <tr role="row">
        <th role="columnheader" scope="col" className="tv-cell-check">
          <input
            type="checkbox"
            className="tv-check"
            aria-label={t("manager.chooseAll")}
            checked={all}
            ref={(box) => {
              if (box) box.indeterminate = some;
            }}
            disabled={shown.length === 0}
            onChange={() => onSelect(chooseAll(selection, shown))}
          />
        </th>
        {head("name", t("manager.name"), "tv-cell-name")}
        {head("state", t("manager.state"), "tv-cell-state")}
        {graphs.map((graph) => head(graph, t(`graph.${graph}`), "tv-cell-graph"))}
        <th role="columnheader" scope="col" className="tv-cell-actions">
          {t("manager.actions")}
        </th>
      </tr>
    </thead>
  );
}

interface SortHeadProps extends Pick<Props, "order" | "onSort"> {
  readonly by: SortBy;
  readonly label: string;
  readonly className: string;
}

function SortHead({ by, label, className, order: { sortBy, down }, onSort }: SortHeadProps) {
  const isSorted = by === sortBy;
  const Arrow = down ? LongArrowAltDownIcon : LongArrowAltUpIcon;
  const sort = isSorted ? (down ? "descending" : "ascending") : "none";
  return (
    <th role="columnheader" scope="col" className={className} aria-sort={sort}>
      <button type="button" className="tv-sort" onClick={() => onSort(by)}>
        {label}
        <Arrow className={isSorted ? "" : "tv-sort-off"} />
      </button>
    </th>
  );
}
