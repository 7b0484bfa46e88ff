/** Copies a volume into the same pool or another one. */
import { useState } from "react";
import { isActivePool } from "../../../virt/manager/legal-pool-verbs.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { freeFileName } from "../../../virt/manager/free-file-name.ts";
import { useT } from "../../app/context.tsx";
import { ChoiceField, TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { sizeOf } from "../../common/size.ts";
import { useVolumes } from "../../common/use-volumes.ts";
import { followVolume } from "../../../virt/manager/follow-volume.ts";
import { useManager, usePools } from "../../shell/context.tsx";
import { useDialogWork } from "../../shell/use-dialog-work.ts";
import { placeOf } from "./new-volume-dialog.tsx";
import { isReadOnly, poolType } from "./pool-facts.ts";
import {
  VOLUME_FORMATS,
  volumeDefinition,
  type VolumeFormat,
  volumeProblems,
} from "./volume-draft.ts";
import { volumeFormat } from "./volume-facts.ts";

interface Props {
  readonly pool: ManagedPool;
  readonly volume: ManagedVolume;
  readonly onClose: () => void;
}

export function CloneVolume({ pool, volume, onClose }: Props) {
  const t = useT();
  const manager = useManager();
  const { task, run } = useDialogWork();
  const targets = usePools().filter((each) => isActivePool(each) && !isReadOnly(each));
  const [uuid, setUuid] = useState(isReadOnly(pool) ? targets[0]?.uuid : pool.uuid);
  const target = targets.find((each) => each.uuid === uuid);
  const { volumes: there } = useVolumes(target);
  const [typed, setName] = useState<string | null>(null);
  const [format, setFormat] = useState(() => formatOf(volume));
  if (!target) return null;
  const name = typed ?? freeFileName(volume.name, new Set(there?.map((each) => each.name)));
  const isGroup = poolType(target) === "logical";
  const draft = {
    name,
    format: isGroup ? "raw" : format,
    size: sizeOf(Number(volume.info.capacity)),
    allocates: isGroup,
    backing: null,
  } as const;
  const problem = volumeProblems(draft, placeOf(target, there ?? [])).name;
  const submit = () => {
    const { connect } = manager;
    const xml = formatXml(volumeDefinition(draft, poolType(target)));
    const title = t("volume.task.clone", { name: volume.name });
    return run({ title, subject: target.uuid }, (control) =>
      followVolume(connect, { pool: target.name, name }, control, () =>
        connect.storageVolCreateXMLFrom(target.ref, xml, volume.ref, 0),
      ).finally(() => manager.refreshPool(target.uuid)),
    );
  };
  return (
    <FormDialog
      id="clone-volume"
      title={t("volume.cloneTitle", { name: volume.name })}
      submitLabel={t("volume.clone")}
      isValid={problem === undefined}
      task={task}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="clone-name"
            label={t("volume.name")}
            value={name}
            onChange={setName}
            problem={problem}
            shown={shown}
          />
          {targets.length > 1 && (
            <ChoiceField
              id="clone-pool"
              label={t("volume.pool")}
              value={target.uuid}
              options={targets.map((each) => [each.uuid, each.name] as const)}
              onChange={setUuid}
            />
          )}
          {!isGroup && (
            <ChoiceField
              id="clone-format"
              label={t("volume.format")}
              value={format}
              options={VOLUME_FORMATS.map((each) => [each, each] as const)}
              onChange={setFormat}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

/** The same, or qcow2 for what cannot be made. */
function formatOf(volume: ManagedVolume): VolumeFormat {
  return VOLUME_FORMATS.find((each) => each === volumeFormat(volume)) ?? "qcow2";
}
