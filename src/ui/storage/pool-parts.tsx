/** What the list of pools and a pool's own view have in common. */
import { Button, DropdownItem, Label, type LabelProps } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import SyncIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";
import InProgressIcon from "@patternfly/react-icons/dist/esm/icons/in-progress-icon";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { canDoPool, type PoolVerb } from "../../virt/storage/pool-verbs.ts";
import { useApp, useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { Menu } from "../common/menu.tsx";
import type { Translate } from "../i18n/catalogue.ts";
import { useAttempt } from "./use-storage.ts";

const COLORS: { readonly [State in StoragePool["state"]]: NonNullable<LabelProps["color"]> } = {
  inactive: "grey",
  building: "blue",
  running: "green",
  degraded: "orange",
  inaccessible: "red",
};

export function PoolState({ pool }: { readonly pool: StoragePool }) {
  const t = useT();
  const busy = pool.job !== undefined;
  return (
    <>
      <Label
        color={COLORS[pool.state]}
        {...(busy && { icon: <InProgressIcon className="tv-spin" /> })}
      >
        {t(`pool.state.${pool.state}`)}
      </Label>
      {pool.message !== undefined && <div className="tv-reason">{pool.message}</div>}
    </>
  );
}

/** `2 GiB of 10 GiB`; nothing while nobody knows. */
export function usedText(pool: StoragePool, t: Translate): string {
  const { capacityBytes, allocationBytes } = pool;
  if (capacityBytes === 0) return "";
  const used = formatBytes(allocationBytes, t);
  return t("pool.spaceOf", { used, capacity: formatBytes(capacityBytes, t) });
}

export function PoolActions({ pool }: { readonly pool: StoragePool }) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const { storage } = connection;
  const { uuid, name, autostart, type } = pool.definition;
  const isOff = pool.state === "inactive";
  const run = (action: string, work: () => Promise<void>) => void attempt(action, name, work);
  const item = (verb: PoolVerb, label: string, work: () => Promise<void>) => (
    <DropdownItem
      key={verb}
      isDisabled={!canDoPool(verb, pool)}
      isDanger={canDoPool(verb, pool)}
      onClick={() => run(label, work)}
    >
      {label}
    </DropdownItem>
  );
  const autostartLabel = t(autostart ? "pool.autostartOff" : "pool.autostartOn");
  return (
    <fieldset className="tv-actions" aria-label={`${t("pool.actions")}: ${name}`}>
      <Button
        variant="secondary"
        isDisabled={!canDoPool(isOff ? "start" : "destroy", pool)}
        onClick={() =>
          isOff
            ? run(t("pool.start"), () => storage.startPool(uuid))
            : run(t("pool.destroy"), () => storage.destroyPool(uuid))
        }
      >
        {t(isOff ? "pool.start" : "pool.destroy")}
      </Button>
      <Button
        variant="plain"
        icon={<SyncIcon />}
        aria-label={`${t("pool.refresh")}: ${name}`}
        isDisabled={!canDoPool("refresh", pool)}
        onClick={() => run(t("pool.refresh"), () => storage.refreshPool(uuid))}
      />
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem
          key="autostart"
          isDisabled={!pool.persistent}
          onClick={() => run(autostartLabel, () => storage.setPoolAutostart(uuid, !autostart))}
        >
          {autostartLabel}
        </DropdownItem>
        {type !== "http" &&
          item("delete", t("pool.delete"), async () => {
            await storage.deletePool(uuid);
            await storage.undefinePool(uuid);
          })}
        {item("undefine", t("pool.undefine"), () => storage.undefinePool(uuid))}
      </Menu>
    </fieldset>
  );
}
