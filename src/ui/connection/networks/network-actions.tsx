/** What can be done to a network. */
import { Button, DropdownItem } from "@patternfly/react-core";
import EllipsisVIcon from "@patternfly/react-icons/dist/esm/icons/ellipsis-v-icon";
import { useState } from "react";
import type { Connect } from "../../../virt/driver/connect.ts";
import { canDoNetwork } from "../../../virt/manager/legal-pool-verbs.ts";
import type { ManagedNetwork } from "../../../virt/manager/objects.ts";
import { useT } from "../../app/context.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { Menu } from "../../common/menu.tsx";
import { useManager, useTask } from "../../shell/context.tsx";
import { replace } from "../../shell/route.ts";
import { useDialogTask } from "../use-dialog-task.ts";

export function NetworkActions({ network }: { readonly network: ManagedNetwork }) {
  const t = useT();
  const manager = useManager();
  const run = useTask();
  const [deleting, setDeleting] = useState(false);
  const { ref, uuid, name, isActive, autostart } = network;
  const does = (title: string, work: (connect: Connect) => Promise<void>) => () =>
    void run({ title }, () => work(manager.connect).finally(() => manager.refreshNetwork(uuid)));
  const start = does(t("network.task.start", { name }), (connect) => connect.networkCreate(ref));
  const stop = does(t("network.task.stop", { name }), (connect) => connect.networkDestroy(ref));
  const toggle = does(t("network.task.autostart", { name }), (connect) =>
    connect.networkSetAutostart(ref, !autostart),
  );
  const canDelete = canDoNetwork("undefine", network);
  return (
    <fieldset className="tv-actions" aria-label={`${t("pool.actions")}: ${name}`}>
      <Button
        variant="secondary"
        isDisabled={!canDoNetwork(isActive ? "destroy" : "start", network)}
        onClick={isActive ? stop : start}
      >
        {t(isActive ? "pool.destroy" : "pool.start")}
      </Button>
      <Menu accessibleName={t("action.more", { name })} icon={<EllipsisVIcon />} variant="plain">
        <DropdownItem
          key="autostart"
          isDisabled={!canDoNetwork("autostart", network)}
          onClick={toggle}
        >
          {t(autostart ? "pool.autostartOff" : "pool.autostartOn")}
        </DropdownItem>
        <DropdownItem
          key="delete"
          isDisabled={!canDelete}
          isDanger={canDelete}
          onClick={() => setDeleting(true)}
        >
          {t("action.delete")}
        </DropdownItem>
      </Menu>
      {deleting && <DeleteNetwork network={network} onClose={() => setDeleting(false)} />}
    </fieldset>
  );
}

interface DeleteProps {
  readonly network: ManagedNetwork;
  readonly onClose: () => void;
}

function DeleteNetwork({ network, onClose }: DeleteProps) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const { ref, uuid, name } = network;
  const submit = async () => {
    await run(t("network.task.delete", { name }), () => manager.connect.networkUndefine(ref));
    await manager.refreshNetwork(uuid);
    replace({ view: "connection", tab: "networks" });
  };
  return (
    <FormDialog
      id="delete-network"
      title={t("network.deleteTitle", { name })}
      submitLabel={t("action.delete")}
      danger
      isValid
      onSubmit={submit}
      onClose={onClose}
    >
      {() => <p>{t("network.deleteText")}</p>}
    </FormDialog>
  );
}
