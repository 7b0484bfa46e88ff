/** Dialogs for what can be done to a volume. */
import { Alert, Checkbox } from "@patternfly/react-core";
import { useState } from "react";
import { StorageVolResizeFlags } from "../../../virt/driver/storage-flags.ts";
import { volumeBacking } from "../../../virt/manager/backing-chain.ts";
import type { ManagedPool, ManagedVolume } from "../../../virt/manager/objects.ts";
import { usersOf } from "../../../virt/manager/volume-users.ts";
import { resizedCapacity } from "../../../virt/storage/volume-checks.ts";
import { WIPE_ALGORITHMS } from "../../../virt/storage/words.ts";
import { useT } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";
import { ChoiceField } from "../../common/fields.tsx";
import { FormDialog } from "../../common/form-dialog.tsx";
import { type Size, sizeBytes, sizeOf } from "../../common/size.ts";
import { SizeField } from "../../common/size-field.tsx";
import { followVolume } from "../../../virt/manager/follow-volume.ts";
import { useDomains, useManager } from "../../shell/context.tsx";
import { useDialogWork } from "../../shell/use-dialog-work.ts";
import { useDialogTask } from "../use-dialog-task.ts";
import { CloneVolume } from "./clone-volume.tsx";

export type VolumeQuestion = "clone" | "resize" | "wipe" | "delete";

interface Props {
  readonly pool: ManagedPool;
  readonly volumes: readonly ManagedVolume[];
  readonly volume: ManagedVolume;
  readonly onClose: () => void;
}

export function VolumeDialog({ question, ...props }: Props & { question: VolumeQuestion }) {
  switch (question) {
    case "clone":
      return <CloneVolume {...props} />;
    case "resize":
      return <ResizeVolume {...props} />;
    case "wipe":
      return <WipeVolume {...props} />;
    case "delete":
      return <DeleteVolume {...props} />;
  }
}

function ResizeVolume({ pool, volume, onClose }: Props) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const { name, ref } = volume;
  const before = Number(volume.info.capacity);
  const [size, setSize] = useState(() => sizeOf(before));
  const [shrinks, setShrinks] = useState(false);
  const bytes = sizeBytes(size);
  const isSmaller = bytes < before;
  const flags = shrinks && isSmaller ? StorageVolResizeFlags.shrink : 0;
  const problem = resizeProblem(pool, volume, size, flags);
  const submit = async () => {
    await run(t("volume.task.resize", { name }), () =>
      manager.connect.storageVolResize(ref, BigInt(bytes), flags),
    );
    await manager.refreshPool(pool.uuid);
  };
  return (
    <FormDialog
      id="resize-volume"
      title={t("volume.resizeTitle", { name })}
      submitLabel={t("volume.resize")}
      danger={flags !== 0}
      isValid={problem === undefined}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <SizeField
            id="resize-size"
            label={t("volume.capacity")}
            size={size}
            onChange={setSize}
            problem={problem}
            shown={shown}
          />
          {isSmaller && (
            <Checkbox
              id="resize-shrink"
              label={t("volume.shrink")}
              isChecked={shrinks}
              onChange={(_, checked) => setShrinks(checked)}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

/** What libvirt would say of the new size. */
function resizeProblem(
  pool: ManagedPool,
  { info }: ManagedVolume,
  size: Size,
  flags: number,
): string | undefined {
  const bytes = sizeBytes(size);
  if (!Number.isSafeInteger(bytes) || bytes < 0) {
    return `XML error: Invalid value '${size.text}' for element or attribute './capacity'.`;
  }
  const volume = {
    capacityBytes: Number(info.capacity),
    allocationBytes: Number(info.allocation),
  };
  try {
    resizedCapacity({ availableBytes: pool.available }, volume, bytes, flags);
    return undefined;
  } catch (error) {
    return errorText(error);
  }
}

type Offered = Exclude<(typeof WIPE_ALGORITHMS)[number], "trim">;
const OFFERED = WIPE_ALGORITHMS.filter((each): each is Offered => each !== "trim");

function WipeVolume({ pool, volume, onClose }: Props) {
  const t = useT();
  const manager = useManager();
  const { task, run } = useDialogWork();
  const [algorithm, setAlgorithm] = useState<Offered>("zero");
  const { name, ref } = volume;
  const submit = () =>
    run({ title: t("volume.task.wipe", { name }), subject: pool.uuid }, (control) =>
      followVolume(manager.connect, ref, control, () =>
        manager.connect.storageVolWipePattern(ref, WIPE_ALGORITHMS.indexOf(algorithm), 0),
      ).finally(() => manager.refreshPool(pool.uuid)),
    );
  return (
    <FormDialog
      id="wipe-volume"
      title={t("volume.wipeTitle", { name })}
      submitLabel={t("volume.wipe")}
      danger
      isValid
      task={task}
      onSubmit={submit}
      onClose={onClose}
    >
      {() => (
        <>
          <p>{t("volume.wipeHint")}</p>
          <ChoiceField
            id="wipe-algorithm"
            label={t("volume.algorithm")}
            value={algorithm}
            options={OFFERED.map((each) => [each, t(`volume.wipe.${each}`)] as const)}
            onChange={setAlgorithm}
          />
        </>
      )}
    </FormDialog>
  );
}

function DeleteVolume({ pool, volumes, volume, onClose }: Props) {
  const t = useT();
  const manager = useManager();
  const run = useDialogTask();
  const { name, ref, path } = volume;
  const users = usersOf(volume, useDomains()).map((domain) => domain.name);
  const above = volumes.filter((each) => volumeBacking(each.definition)?.path === path);
  const needed = [...users, ...above.map((each) => each.name)];
  const submit = async () => {
    await run(t("volume.task.delete", { name }), () => manager.connect.storageVolDelete(ref, 0));
    await manager.refreshPool(pool.uuid);
  };
  return (
    <FormDialog
      id="delete-volume"
      title={t("volume.deleteTitle", { name })}
      submitLabel={t("volume.delete")}
      danger
      isValid
      onSubmit={submit}
      onClose={onClose}
    >
      {() => (
        <>
          <p>{t("volume.deleteText")}</p>
          {needed.length > 0 && (
            <Alert
              variant="warning"
              variantLabel={t("alert.warning")}
              isInline
              component="p"
              title={t("volume.neededBy", { names: needed.join(", ") })}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}
