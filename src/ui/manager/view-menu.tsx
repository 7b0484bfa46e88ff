/** How the table looks: its graphs, its groups, its order; kept with the preferences. */
import {
  Dropdown,
  DropdownGroup,
  DropdownItem,
  DropdownList,
  MenuToggle,
  type MenuToggleElement,
} from "@patternfly/react-core";
import ColumnsIcon from "@patternfly/react-icons/dist/esm/icons/columns-icon";
import { type ReactNode, type Ref, useState } from "react";
import { useApp, usePreferences } from "../app/context.tsx";
import { GRAPHS, GROUPINGS, type Preferences, SORTINGS } from "../preferences/preferences.ts";

/** Stays open: several choices are made at once. */
export function ViewMenu() {
  const { t } = useApp();
  const [isOpen, setOpen] = useState(false);
  const toggle = (ref: Ref<MenuToggleElement>): ReactNode => (
    <MenuToggle
      ref={ref}
      icon={<ColumnsIcon />}
      isExpanded={isOpen}
      onClick={() => setOpen(!isOpen)}
    >
      {t("view.title")}
    </MenuToggle>
  );
  return (
    <Dropdown
      isOpen={isOpen}
      onOpenChange={setOpen}
      isScrollable
      popperProps={{ position: "end" }}
      role="menu"
      toggle={toggle}
    >
      <Choices />
    </Dropdown>
  );
}

function Choices() {
  const { t, preferences } = useApp();
  const { managerGraphs, managerGroupBy, managerSortBy, managerSortDown } = usePreferences();
  const choice = (
    key: string,
    label: string,
    isSelected: boolean,
    change: Partial<Preferences>,
  ) => (
    <DropdownItem
      key={key}
      hasCheckbox
      isSelected={isSelected}
      onClick={() => preferences.change(change)}
    >
      {label}
    </DropdownItem>
  );
  return (
    <>
      <Section label={t("view.graphs")}>
        {GRAPHS.map((graph) => {
          const isShown = managerGraphs.includes(graph);
          const wanted = GRAPHS.filter((each) =>
            each === graph ? !isShown : managerGraphs.includes(each),
          );
          return choice(graph, t(`graph.${graph}`), isShown, { managerGraphs: wanted });
        })}
      </Section>
      <Section label={t("view.groupBy")}>
        {GROUPINGS.map((by) =>
          choice(by, t(`view.groupBy.${by}`), by === managerGroupBy, { managerGroupBy: by }),
        )}
      </Section>
      <Section label={t("view.sortBy")}>
        {SORTINGS.map((by) => {
          const label = by === "name" || by === "state" ? t(`manager.${by}`) : t(`graph.${by}`);
          return choice(by, label, by === managerSortBy, { managerSortBy: by });
        })}
        {choice("down", t("view.descending"), managerSortDown, {
          managerSortDown: !managerSortDown,
        })}
      </Section>
    </>
  );
}

function Section({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <DropdownGroup label={label}>
      <DropdownList>{children}</DropdownList>
    </DropdownGroup>
  );
}
