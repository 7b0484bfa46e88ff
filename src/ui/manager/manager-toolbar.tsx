/** What is done with the chosen machines, and how the table looks. */
import { Button, SearchInput } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import PauseIcon from "@patternfly/react-icons/dist/esm/icons/pause-icon";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";
import PlusCircleIcon from "@patternfly/react-icons/dist/esm/icons/plus-circle-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import type { RefObject } from "react";
import { isLegal } from "../../virt/manager/legal-verbs.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { useApp } from "../app/context.tsx";
import { Menu } from "../common/menu.tsx";
import { hrefOf } from "../shell/route.ts";
import { MoreItems, PowerItems } from "../verbs/verb-items.tsx";
import { useVerbs } from "../verbs/verbs.tsx";
import { HelpPopover } from "./help-popover.tsx";
import { ViewMenu } from "./view-menu.tsx";

interface Props {
  readonly chosen: readonly ManagedDomain[];
  readonly search: string;
  readonly searchRef: RefObject<HTMLInputElement | null>;
  readonly onSearch: (text: string) => void;
}

export function ManagerToolbar({ chosen, search, searchRef, onSearch }: Props) {
  const { t } = useApp();
  return (
    <div className="tv-manager-tools">
      <Button component="a" href={hrefOf({ view: "new" })} icon={<PlusCircleIcon />}>
        {t("manager.newVm")}
      </Button>
      <ChosenTools chosen={chosen} />
      <SearchInput
        ref={searchRef}
        className="tv-manager-search"
        aria-label={t("manager.search")}
        placeholder={t("manager.search")}
        resetButtonLabel={t("manager.clearSearch")}
        value={search}
        onChange={(_, value) => onSearch(value)}
        onClear={() => onSearch("")}
      />
      <ViewMenu />
      <HelpPopover />
    </div>
  );
}

/** Each button does its verb to those of the chosen machines that it is legal for. */
function ChosenTools({ chosen }: { readonly chosen: readonly ManagedDomain[] }) {
  const { t } = useApp();
  const verbs = useVerbs();
  const none = chosen.length === 0;
  const resumes = chosen.length > 0 && chosen.every((each) => isLegal("resume", each));
  const pause = resumes ? "resume" : "suspend";
  return (
    <fieldset className="tv-chosen" aria-label={t("manager.chosen", { count: chosen.length })}>
      <Button
        variant="secondary"
        icon={<PlayIcon />}
        isDisabled={!verbs.canAsk("create", chosen)}
        onClick={() => verbs.ask("create", chosen)}
      >
        {t("verb.create")}
      </Button>
      <Button
        variant="secondary"
        icon={<PauseIcon />}
        isDisabled={!verbs.canAsk(pause, chosen)}
        onClick={() => verbs.ask(pause, chosen)}
      >
        {t(`verb.${pause}`)}
      </Button>
      <Menu
        label={t("verb.shutdown")}
        accessibleName={t("manager.power")}
        icon={<PowerOffIcon />}
        variant="secondary"
        disabled={none}
      >
        <PowerItems domains={chosen} />
      </Menu>
      <Menu
        accessibleName={t("manager.more")}
        icon={<EllipsisVIcon />}
        variant="plain"
        disabled={none}
      >
        <MoreItems domains={chosen} />
      </Menu>
    </fieldset>
  );
}
