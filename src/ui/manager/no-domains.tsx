/** What the manager shows where there is no machine, or none that is searched for. */
import {
  Button,
  EmptyState,
  EmptyStateActions,
  EmptyStateBody,
  EmptyStateFooter,
} from "@patternfly/react-core";
import SearchIcon from "@patternfly/react-icons/dist/esm/icons/search-icon";
import VirtualMachineIcon from "@patternfly/react-icons/dist/esm/icons/virtual-machine-icon";
import { useApp } from "../app/context.tsx";
import { hrefOf } from "../shell/route.ts";

export function NoDomains() {
  const { t } = useApp();
  return (
    <EmptyState titleText={t("manager.empty")} icon={VirtualMachineIcon} headingLevel="h2">
      <EmptyStateBody>{t("manager.emptyHint")}</EmptyStateBody>
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button component="a" href={hrefOf({ view: "new" })}>
            {t("manager.newVm")}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}

interface NoMatchProps {
  readonly search: string;
  readonly onClear: () => void;
}

export function NoMatch({ search, onClear }: NoMatchProps) {
  const { t } = useApp();
  return (
    <EmptyState
      titleText={t("manager.noMatch", { search })}
      icon={SearchIcon}
      headingLevel="h2"
      variant="sm"
    >
      <EmptyStateFooter>
        <EmptyStateActions>
          <Button variant="link" onClick={onClear}>
            {t("manager.clearSearch")}
          </Button>
        </EmptyStateActions>
      </EmptyStateFooter>
    </EmptyState>
  );
}
