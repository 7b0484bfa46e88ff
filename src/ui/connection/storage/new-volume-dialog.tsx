/** Makes a volume. Used wherever a disk image can be chosen. */
import { Checkbox, FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { useState } from "react";
import type { StorageVolRef } from "../../../virt/driver/refs.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { textAt } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { useT } from "../../app/context.tsx";
import { ChoiceField, TextField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { formatBytes } from "../../common/format.ts";
import { sizeOf } from "../../common/size.ts";
import { SizeField } from "../../common/size-field.tsx";
import { useVolumes } from "../../common/use-volumes.ts";
import { followVolume } from "../../../virt/manager/follow-volume.ts";
import { useManager } from "../../shell/context.tsx";
import { useDialogWork } from "../../shell/use-dialog-work.ts";
import {
  canStandOn,
  VOLUME_FORMATS,
  volumeDefinition,
  type VolumeDraft,
  type VolumePlace,
  volumeProblems,
} from "./volume-draft.ts";
import { volumeFormat } from "./volume-facts.ts";

interface Props {
  /** An active one. */
  readonly pool: ManagedPool;
  /** What the name field begins with. */
  readonly name?: string;
  readonly onClose: () => void;
  /** After it was made. */
  readonly onMade?: (volume: StorageVolRef) => void;
}

const USUAL_BYTES = 20 * 2 ** 30;

export function NewVolumeDialog({ pool, name = "", onClose, onMade }: Props) {
  const t = useT();
  const manager = useManager();
  const { task, run } = useDialogWork();
  const { volumes } = useVolumes(pool);
  const place = placeOf(pool, volumes ?? []);
  const isGroup = place.poolType === "logical";
  const [draft, setDraft] = useState<VolumeDraft>({
    name,
    format: isGroup ? "raw" : "qcow2",
    size: sizeOf(USUAL_BYTES),
    // Volumes of a group are whole unless they are wanted thin; files grow.
    allocates: isGroup,
    backing: null,
  });
  const change = (part: Partial<VolumeDraft>) => setDraft((old) => ({ ...old, ...part }));
  const problems = volumeProblems(draft, place);
  const submit = async () => {
    const xml = formatXml(volumeDefinition(draft, place.poolType));
    const { name: made } = draft;
    const title = t("volume.task.create", { name: made });
    const attempt = { title, subject: pool.uuid };
    await run(attempt, async (control) => {
      const where = { pool: pool.name, name: made };
      const volume = await followVolume(manager.connect, where, control, () =>
        manager.connect.storageVolCreateXML(pool.ref, xml, 0),
      ).finally(() => manager.refreshPool(pool.uuid));
      onMade?.(volume);
    });
  };
  return (
    <FormDialog
      id="new-volume"
      title={t("volume.newTitle")}
      submitLabel={t("create.create")}
      isValid={Object.keys(problems).length === 0}
      // Most are there at once; what takes its space takes its time.
      task={task?.progress ? task : undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="new-volume-name"
            label={t("volume.name")}
            value={draft.name}
            onChange={(text) => change({ name: text })}
            problem={problems.name}
            shown={shown}
          />
          {!isGroup && (
            <ChoiceField
              id="new-volume-format"
              label={t("volume.format")}
              value={draft.format}
              options={VOLUME_FORMATS.map((each) => [each, each] as const)}
              onChange={(format) => change({ format })}
            />
          )}
          {canStandOn(draft.format, place.poolType) && (
            <BackingFields
              isGroup={isGroup}
              volumes={volumes ?? []}
              backing={draft.backing}
              problem={problems.backing}
              shown={shown}
              onChange={change}
            />
          )}
          <SizeField
            id="new-volume-size"
            label={t("volume.capacity")}
            size={draft.size}
            onChange={(size) => change({ size })}
            problem={problems.size}
            shown={shown}
            hint={t("volume.spaceLeft", { left: formatBytes(pool.available, t) })}
          />
          {draft.format === "raw" && (
            <Checkbox
              id="new-volume-full"
              label={t("volume.allocate")}
              isChecked={draft.allocates}
              onChange={(_, allocates) => change({ allocates })}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

/** What a new volume of the pool is judged by. */
export function placeOf(pool: ManagedPool, volumes: readonly ManagedVolume[]): VolumePlace {
  return {
    poolType: pool.definition.attributes.get("type") ?? "dir",
    targetPath: textAt(pool.definition, "target", "path") ?? "",
    availableBytes: pool.available,
    names: volumes.map(({ name }) => name),
  };
}

const OTHER = "/";

interface BackingProps {
  /** Volumes of a group: snapshots of others of it. */
  readonly isGroup: boolean;
  readonly volumes: readonly ManagedVolume[];
  readonly backing: VolumeDraft["backing"];
  readonly problem: string | undefined;
  readonly shown: boolean;
  readonly onChange: (change: Partial<VolumeDraft>) => void;
}

/** One of the pool's volumes, anything else by its path or address, or nothing. */
function BackingFields({ isGroup, volumes, backing, problem, shown, onChange }: BackingProps) {
  const t = useT();
  const offered = volumes.filter((volume) => !UNFIT.has(volumeFormat(volume)));
  const known = offered.find(({ path }) => path === backing?.path);
  const [isOther, setOther] = useState(false);
  const choose = (value: string) => {
    const volume = offered.find(({ name }) => name === value);
    setOther(value === OTHER);
    if (volume) {
      const { path, info } = volume;
      onChange({
        backing: { path, format: volumeFormat(volume) },
        size: sizeOf(Number(info.capacity)),
      });
    } else onChange({ backing: value === OTHER ? { path: "", format: "qcow2" } : null });
  };
  return (
    <>
      <FormGroup
        label={t(isGroup ? "volume.snapshotOf" : "volume.backing")}
        fieldId="new-volume-backing"
      >
        <FormSelect
          id="new-volume-backing"
          value={isOther ? OTHER : (known?.name ?? "")}
          onChange={(_, value) => choose(value)}
        >
          <FormSelectOption value="" label={t("volume.noBacking")} />
          {offered.map(({ name }) => (
            <FormSelectOption key={name} value={name} label={name} />
          ))}
          {!isGroup && <FormSelectOption value={OTHER} label={t("volume.otherBacking")} />}
        </FormSelect>
      </FormGroup>
      {isOther && backing && (
        <>
          <TextField
            id="new-volume-backing-path"
            label={t("volume.backingPath")}
            value={backing.path}
            onChange={(path) => onChange({ backing: { ...backing, path } })}
            problem={problem}
            shown={shown}
          />
          <ChoiceField
            id="new-volume-backing-format"
            label={t("volume.backingFormat")}
            value={backing.format}
            options={VOLUME_FORMATS.map((each) => [each, each] as const)}
            onChange={(format) => onChange({ backing: { ...backing, format } })}
          />
        </>
      )}
    </>
  );
}

/** Not images. */
const UNFIT: ReadonlySet<string> = new Set(["dir", "thin-pool"]);
