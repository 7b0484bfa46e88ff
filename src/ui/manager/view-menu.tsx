/** How the table looks: its graphs, its groups, its order; kept with the preferences. */
import { Button, Checkbox, Popover, Radio } from "@patternfly/react-core";
import CaretDownIcon from "@patternfly/react-icons/dist/esm/icons/caret-down-icon";
import ColumnsIcon from "@patternfly/react-icons/dist/esm/icons/columns-icon";
import type { ReactNode } from "react";
import { useApp, usePreferences } from "../app/context.tsx";
import { GRAPHS, GROUPINGS, SORTINGS } from "../preferences/preferences.ts";

/** Stays open: several choices are made at once. */
export function ViewMenu() {
  const { t } = useApp();
  return (
    <Popover
      aria-label={t("view.title")}
      className="tv-manager-popover"
      position="bottom-end"
      closeBtnAriaLabel={t("action.close")}
      bodyContent={
        <div className="tv-view-choices">
          <Graphs />
          <Groups />
          <Sorting />
        </div>
      }
    >
      <Button variant="control" icon={<ColumnsIcon />}>
        {t("view.title")} <CaretDownIcon />
      </Button>
    </Popover>
  );
}

function Graphs() {
  const { t, preferences } = useApp();
  const { managerGraphs } = usePreferences();
  return (
    <Section label={t("view.graphs")}>
      {GRAPHS.map((graph) => (
        <Checkbox
          key={graph}
          id={`view-${graph}`}
          label={t(`graph.${graph}`)}
          isChecked={managerGraphs.includes(graph)}
          onChange={(_, isShown) =>
            preferences.change({
              managerGraphs: GRAPHS.filter((each) =>
                each === graph ? isShown : managerGraphs.includes(each),
              ),
            })
          }
        />
      ))}
    </Section>
  );
}

function Groups() {
  const { t, preferences } = useApp();
  const { managerGroupBy } = usePreferences();
  return (
    <Section label={t("view.groupBy")}>
      {GROUPINGS.map((by) => (
        <Radio
          key={by}
          id={`view-group-${by}`}
          name="view-group"
          label={t(`view.groupBy.${by}`)}
          isChecked={by === managerGroupBy}
          onChange={() => preferences.change({ managerGroupBy: by })}
        />
      ))}
    </Section>
  );
}

function Sorting() {
  const { t, preferences } = useApp();
  const { managerSortBy, managerSortDown } = usePreferences();
  return (
    <Section label={t("view.sortBy")}>
      {SORTINGS.map((by) => (
        <Radio
          key={by}
          id={`view-sort-${by}`}
          name="view-sort"
          label={by === "name" || by === "state" ? t(`manager.${by}`) : t(`graph.${by}`)}
          isChecked={by === managerSortBy}
          onChange={() => preferences.change({ managerSortBy: by })}
        />
      ))}
      <Checkbox
        id="view-descending"
        label={t("view.descending")}
        isChecked={managerSortDown}
        onChange={(_, down) => preferences.change({ managerSortDown: down })}
      />
    </Section>
  );
}

function Section({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <fieldset className="tv-view-section">
      <legend>{label}</legend>
      {children}
    </fieldset>
  );
}
