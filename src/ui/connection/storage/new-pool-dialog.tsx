/** Defines a pool, makes what it needs and starts it. */
import { Button, Checkbox, FormGroup, TextArea } from "@patternfly/react-core";
import { useState } from "react";
import type { Connect } from "../../../virt/driver/connect.ts";
import type { StoragePoolRef } from "../../../virt/driver/refs.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { ChoiceField, FieldNote, TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { sizeOf } from "../../common/size.ts";
import { SizeField } from "../../common/size-field.tsx";
import { useManager } from "../../shell/context.tsx";
import { useDialogTask } from "../use-dialog-task.ts";
import { useFolderPicker } from "./folder-picker.ts";
import { POOL_TYPES, poolDefinition, type PoolDraft, poolProblems } from "./pool-draft.ts";

interface Props {
  readonly onClose: () => void;
  readonly onMade: (pool: StoragePoolRef) => void;
}

const FIRST: PoolDraft = {
  name: "",
  type: "dir",
  path: "/var/lib/libvirt/",
  size: sizeOf(2 ** 30),
  addresses: "",
};

export function NewPoolDialog({ onClose, onMade }: Props) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const [draft, setDraft] = useState(FIRST);
  const [builds, setBuilds] = useState(true);
  const change = (part: Partial<PoolDraft>) => setDraft((old) => ({ ...old, ...part }));
  const problems = poolProblems(draft);
  const { type } = draft;
  const submit = async () => {
    const xml = formatXml(poolDefinition(draft));
    const isBuilt = type !== "logical" || builds;
    const made = await run(t("pool.task.create", { name: draft.name.trim() }), () =>
      makePool(manager.connect, xml, isBuilt),
    );
    await manager.refreshPool(made.uuid);
    onMade(made);
  };
  return (
    <FormDialog
      id="new-pool"
      title={t("pool.newTitle")}
      submitLabel={t("create.create")}
      isValid={Object.keys(problems).length === 0}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="new-pool-name"
            label={t("pool.name")}
            value={draft.name}
            onChange={(name) => change({ name })}
            problem={problems.name}
            shown={shown}
          />
          <ChoiceField
            id="new-pool-type"
            label={t("pool.type")}
            value={type}
            options={POOL_TYPES.map((each) => [each, t(`pool.type.${each}`)] as const)}
            onChange={(chosen) => change({ type: chosen })}
          />
          <Place draft={draft} problem={problems.place} shown={shown} onChange={change} />
          {type === "logical" && (
            <Checkbox
              id="new-pool-build"
              label={t("pool.buildGroup")}
              description={t("pool.buildGroupHint")}
              isChecked={builds}
              onChange={(_, checked) => setBuilds(checked)}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

interface PlaceProps {
  readonly draft: PoolDraft;
  readonly problem: string | undefined;
  readonly shown: boolean;
  readonly onChange: (change: Partial<PoolDraft>) => void;
}

/** Where its volumes are to be. */
function Place({ draft, problem, shown, onChange }: PlaceProps) {
  const t = useT();
  const pickFolder = useFolderPicker();
  const pick = async () => {
    const path = await pickFolder?.();
    if (path) onChange({ path });
  };
  if (draft.type === "logical") {
    return (
      <SizeField
        id="new-pool-size"
        label={t("volume.capacity")}
        size={draft.size}
        onChange={(size) => onChange({ size })}
        problem={problem}
        shown={shown}
      />
    );
  }
  if (draft.type === "http") return <Addresses {...{ draft, problem, shown, onChange }} />;
  return (
    <>
      <TextField
        id="new-pool-path"
        label={t("pool.path")}
        value={draft.path}
        onChange={(path) => onChange({ path })}
        hint={t("pool.dirHint")}
        problem={problem}
        shown={shown}
      />
      {pickFolder && (
        <Button variant="secondary" onClick={() => void pick()}>
          {t("pool.pickFolder")}
        </Button>
      )}
    </>
  );
}

function Addresses({ draft, problem, shown, onChange }: PlaceProps) {
  const t = useT();
  const [touched, setTouched] = useState(false);
  const said = shown || touched ? problem : undefined;
  return (
    <FormGroup label={t("pool.urls")} fieldId="new-pool-urls" isRequired>
      <TextArea
        id="new-pool-urls"
        value={draft.addresses}
        rows={4}
        validated={said === undefined ? "default" : "error"}
        aria-describedby="new-pool-urls-note"
        onChange={(_, addresses) => {
          setTouched(true);
          onChange({ addresses });
        }}
      />
      <FieldNote id="new-pool-urls-note" hint={t("pool.urlsHint")} problem={said} />
    </FormGroup>
  );
}

/** What cannot start at once was mistyped, most likely: nothing of it stays. */
async function makePool(connect: Connect, xml: string, build: boolean): Promise<StoragePoolRef> {
  const pool = await connect.storagePoolDefineXML(xml, 0);
  try {
    // Apart: not every driver builds while it starts.
    if (build) await connect.storagePoolBuild(pool, 0);
    await connect.storagePoolCreate(pool, 0);
  } catch (error) {
    await connect.storagePoolUndefine(pool);
    throw error;
  }
  await connect.storagePoolSetAutostart(pool, true);
  return pool;
}
