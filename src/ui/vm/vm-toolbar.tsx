/** The machine's buttons and menus, each enabled exactly when it is legal. */
import { Button, Divider, DropdownItem } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import PauseIcon from "@patternfly/react-icons/dist/esm/icons/pause-icon";
import PlayIcon from "@patternfly/react-icons/dist/esm/icons/play-icon";
import PowerOffIcon from "@patternfly/react-icons/dist/esm/icons/power-off-icon";
import { isLegal } from "../../virt/manager/legal-verbs.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { formatXml } from "../../virt/xml/format.ts";
import { useT } from "../app/context.tsx";
import { Menu } from "../common/menu.tsx";
import { save } from "../common/save.ts";
import { MoreItems, PowerItems } from "../verbs/verb-items.tsx";
import { useVerbs } from "../verbs/verbs.tsx";
import { useDoing } from "./use-doing.ts";

export function VmToolbar({ domain }: { readonly domain: ManagedDomain }) {
  const t = useT();
  const verbs = useVerbs();
  const doing = useDoing(domain.uuid);
  const domains = [domain];
  const { name } = domain;
  const pause = isLegal("resume", domain) ? "resume" : "suspend";
  const run = domain.hasManagedSave ? "restore" : "create";
  return (
    <fieldset className="tv-vm-tools" aria-label={t("vm.tools", { name })}>
      <Button
        icon={<PlayIcon />}
        isDisabled={doing !== undefined || !verbs.canAsk("create", domains)}
        onClick={() => verbs.ask("create", domains)}
      >
        {t(`verb.${run}`)}
      </Button>
      <Button
        variant="secondary"
        className="tv-vm-pause"
        icon={pause === "resume" ? <PlayIcon /> : <PauseIcon />}
        isDisabled={doing !== undefined || !verbs.canAsk(pause, domains)}
        onClick={() => verbs.ask(pause, domains)}
      >
        {t(`verb.${pause}`)}
      </Button>
      <Menu
        label={t("verb.shutdown")}
        accessibleName={t("vm.power", { name })}
        icon={<PowerOffIcon />}
        variant="secondary"
      >
        <PowerItems domains={domains} />
      </Menu>
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem key="download" onClick={() => save(`${name}.xml`, xmlOf(domain))}>
          {t("vm.downloadXml")}
        </DropdownItem>
        <Divider component="li" key="after-download" />
        <MoreItems domains={domains} />
      </Menu>
    </fieldset>
  );
}

/** What it will be at its next start. */
function xmlOf({ definition }: ManagedDomain): string {
  return formatXml(definition);
}
