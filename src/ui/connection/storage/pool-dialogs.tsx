/** What is asked before a pool is renamed, or something of it is lost. */
import { useState } from "react";
import type { ManagedPool } from "../../../virt/manager/objects.ts";
import { renamePool } from "../../../virt/manager/rename-pool.ts";
import { useT } from "../../app/context.tsx";
import { TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { useManager } from "../../shell/context.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import { poolPath } from "./pool-facts.ts";

export type PoolQuestionName = "rename" | "delete" | "undefine";

interface Props {
  readonly pool: ManagedPool;
  readonly onClose: () => void;
  readonly onGone: () => void;
}

export function PoolQuestion(props: Props & { readonly question: PoolQuestionName }) {
  const { question, ...rest } = props;
  return question === "rename" ? (
    <RenamePool {...rest} />
  ) : (
    <RemovePool {...rest} withContents={question === "delete"} />
  );
}

function RenamePool({ pool, onClose }: Props) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const [name, setName] = useState(pool.name);
  const wanted = name.trim();
  const isNew = wanted !== "" && wanted !== pool.name;
  const submit = async () => {
    await run(t("pool.task.rename", { name: pool.name }), () =>
      renamePool(manager.connect, pool.ref, wanted),
    );
    await manager.refreshPool(pool.uuid);
  };
  return (
    <FormDialog
      id="rename-pool"
      title={t("pool.renameTitle", { name: pool.name })}
      submitLabel={t("pool.rename")}
      isValid={isNew}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <TextField
          id="rename-pool-name"
          label={t("pool.name")}
          value={name}
          onChange={setName}
          problem={isNew ? undefined : t("pool.problem.newName")}
          shown={shown}
        />
      )}
    </FormDialog>
  );
}

function RemovePool({ pool, onClose, onGone, withContents }: Props & { withContents: boolean }) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const { name, ref, uuid } = pool;
  const action = withContents ? "delete" : "undefine";
  const submit = async () => {
    await run(t(`pool.task.${action}`, { name }), async () => {
      if (withContents) await manager.connect.storagePoolDelete(ref, 0);
      await manager.connect.storagePoolUndefine(ref);
    });
    await manager.refreshPool(uuid);
    onGone();
  };
  return (
    <FormDialog
      id="remove-pool"
      title={t(`pool.${action}Title`, { name })}
      submitLabel={t(`pool.${action}`)}
      danger
      isValid
      onSubmit={submit}
      onClose={onClose}
    >
      {() => <p>{t(`pool.${action}Text`, { path: poolPath(pool) })}</p>}
    </FormDialog>
  );
}
