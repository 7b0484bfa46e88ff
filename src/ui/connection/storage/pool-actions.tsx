/** What can be done to a pool. */
import { Button, DropdownItem } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import SyncIcon from "@patternfly/react-icons/dist/esm/icons/sync-alt-icon";
import { useState } from "react";
import { canDoPool } from "../../../virt/manager/legal-pool-verbs.ts";
import type { Manager } from "../../../virt/manager/manager.ts";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { Menu } from "../../common/menu.tsx";
import { useManager, useTask } from "../../shell/context.tsx";
import { replace } from "../../shell/route.ts";
import { PoolQuestion, type PoolQuestionName } from "./pool-dialogs.tsx";
import { poolType } from "./pool-facts.ts";

export function PoolActions({ pool }: { readonly pool: ManagedPool }) {
  const t = useT();
  const act = usePoolActs(pool);
  const [question, setQuestion] = useState<PoolQuestionName | null>(null);
  const { name, autostart, isPersistent } = pool;
  const isOff = canDoPool("start", pool);
  const ask = (which: PoolQuestionName, isDanger: boolean) => (
    <DropdownItem
      key={which}
      isDisabled={!isOff || !isPersistent}
      isDanger={isDanger && isOff && isPersistent}
      onClick={() => setQuestion(which)}
    >
      {t(`pool.${which}`)}
    </DropdownItem>
  );
  return (
    <fieldset className="tv-actions" aria-label={`${t("pool.actions")}: ${name}`}>
      <Button variant="secondary" onClick={isOff ? act.start : act.stop}>
        {t(isOff ? "pool.start" : "pool.destroy")}
      </Button>
      <Button
        variant="plain"
        icon={<SyncIcon />}
        aria-label={`${t("pool.refresh")}: ${name}`}
        isDisabled={!canDoPool("refresh", pool)}
        onClick={act.refresh}
      />
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem
          key="autostart"
          isDisabled={!isPersistent}
          onClick={() => act.setAutostart(!autostart)}
        >
          {t(autostart ? "pool.autostartOff" : "pool.autostartOn")}
        </DropdownItem>
        <DropdownItem key="build" isDisabled={!canDoPool("build", pool)} onClick={act.build}>
          {t("pool.build")}
        </DropdownItem>
        {ask("rename", false)}
        {poolType(pool) !== "http" && ask("delete", true)}
        {ask("undefine", true)}
      </Menu>
      {question && (
        <PoolQuestion
          question={question}
          pool={pool}
          onClose={() => setQuestion(null)}
          onGone={() => replace({ view: "connection", tab: "storage" })}
        />
      )}
    </fieldset>
  );
}

function usePoolActs(pool: ManagedPool) {
  const t = useT();
  const manager = useManager();
  const run = useTask();
  const { ref, uuid, name } = pool;
  const { connect } = manager;
  const does =
    (title: string, work: (calls: Manager["connect"]) => Promise<void>): (() => void) =>
    () =>
      void run({ title }, () => work(connect).finally(() => manager.refreshPool(uuid)));
  return {
    start: does(t("pool.task.start", { name }), (calls) => calls.storagePoolCreate(ref, 0)),
    stop: does(t("pool.task.destroy", { name }), (calls) => calls.storagePoolDestroy(ref)),
    refresh: does(t("pool.task.refresh", { name }), (calls) => calls.storagePoolRefresh(ref, 0)),
    build: does(t("pool.task.build", { name }), (calls) => calls.storagePoolBuild(ref, 0)),
    setAutostart: (on: boolean) =>
      does(t("pool.task.autostart", { name }), (calls) => calls.storagePoolSetAutostart(ref, on))(),
  };
}
