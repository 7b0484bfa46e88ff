/** Dialogs for what can be done to a volume. */
import { Checkbox, FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { useState } from "react";
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import { StorageVolResizeFlags } from "../../virt/driver/storage-flags.ts";
import type { StoragePool, StorageVolume } from "../../virt/storage/pool.ts";
import { WIPE_ALGORITHMS } from "../../virt/storage/words.ts";
import { useApp } from "../app/context.tsx";
import { FormDialog, TextField } from "./form-dialog.tsx";
import { FormatField, type Format } from "./new-volume-dialog.tsx";
import { isSize, sizeBytes, SizeField, sizeOf } from "./size-field.tsx";
import { freeVolumeName } from "./transfers.ts";
import { useAttempt } from "./use-storage.ts";
import { nameProblem } from "./volume-name.ts";

export type VolumeQuestion = "clone" | "resize" | "wipe" | "delete";

interface Props {
  readonly pool: StoragePool;
  readonly volume: StorageVolume;
  readonly onClose: () => void;
}

export function VolumeDialog({
  question,
  ...props
}: Props & { readonly question: VolumeQuestion }) {
  switch (question) {
    case "clone":
      return <CloneDialog {...props} />;
    case "resize":
      return <ResizeDialog {...props} />;
    case "wipe":
      return <WipeDialog {...props} />;
    case "delete":
      return <DeleteDialog {...props} />;
  }
}

function CloneDialog({ pool, volume, onClose }: Props) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const taken = new Set(pool.volumes.map(({ name }) => name));
  const [name, setName] = useState(() => freeVolumeName(volume.name, taken));
  const [format, setFormat] = useState<Format>(volume.format === "raw" ? "raw" : "qcow2");
  const problem = nameProblem(name, pool);
  const { uuid } = pool.definition;
  // It goes on in the list, where it can be given up.
  const submit = (): void => {
    const request: VolumeRequest = {
      name,
      capacityBytes: volume.capacityBytes,
      format,
      ...(format === "qcow2" && { compat: "1.1" }),
    };
    const from = { pool: uuid, name: volume.name };
    void attempt(t("volume.clone"), name, () =>
      connection.storage.cloneVolume(uuid, request, from),
    );
  };
  return (
    <FormDialog
      id="clone-volume"
      title={t("volume.cloneTitle", { name: volume.name })}
      submitLabel={t("volume.clone")}
      isValid={problem === null}
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
            problem={shown && problem ? t(problem) : undefined}
          />
          {pool.definition.type !== "logical" && (
            <FormatField id="clone-format" format={format} onChange={setFormat} />
          )}
        </>
      )}
    </FormDialog>
  );
}

function ResizeDialog({ pool, volume, onClose }: Props) {
  const { t, connection } = useApp();
  const [size, setSize] = useState(() => sizeOf(volume.capacityBytes));
  const [shrink, setShrink] = useState(false);
  const isSmaller = sizeBytes(size) < volume.capacityBytes;
  const submit = () =>
    connection.storage.resizeVolume(
      pool.definition.uuid,
      volume.name,
      sizeBytes(size),
      shrink && isSmaller ? StorageVolResizeFlags.shrink : 0,
    );
  return (
    <FormDialog
      id="resize-volume"
      title={t("volume.resizeTitle", { name: volume.name })}
      submitLabel={t("volume.resize")}
      danger={shrink && isSmaller}
      isValid={isSize(size)}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <SizeField id="resize-size" size={size} onChange={setSize} shown={shown} />
          {isSmaller && (
            <Checkbox
              id="resize-shrink"
              label={t("volume.shrink")}
              isChecked={shrink}
              onChange={(_, checked) => setShrink(checked)}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

type Offered = Exclude<(typeof WIPE_ALGORITHMS)[number], "trim">;
const OFFERED = WIPE_ALGORITHMS.filter((each): each is Offered => each !== "trim");

function WipeDialog({ pool, volume, onClose }: Props) {
  const { t, connection } = useApp();
  const attempt = useAttempt();
  const [algorithm, setAlgorithm] = useState<Offered>("zero");
  const { name } = volume;
  const submit = (): void =>
    void attempt(t("volume.wipe"), name, () =>
      connection.storage.wipeVolume(pool.definition.uuid, name, algorithm),
    );
  return (
    <FormDialog
      id="wipe-volume"
      title={t("volume.wipeTitle", { name })}
      submitLabel={t("volume.wipe")}
      danger
      isValid
      onSubmit={submit}
      onClose={onClose}
    >
      {() => (
        <>
          <p>{t("volume.wipeHint")}</p>
          <FormGroup label={t("volume.algorithm")} fieldId="wipe-algorithm">
            <FormSelect
              id="wipe-algorithm"
              value={algorithm}
              onChange={(_, value) => setAlgorithm(value as Offered)}
            >
              {OFFERED.map((each) => (
                <FormSelectOption key={each} value={each} label={t(`volume.wipe.${each}`)} />
              ))}
            </FormSelect>
          </FormGroup>
        </>
      )}
    </FormDialog>
  );
}

function DeleteDialog({ pool, volume, onClose }: Props) {
  const { t, connection } = useApp();
  const { name } = volume;
  return (
    <FormDialog
      id="delete-volume"
      title={t("volume.deleteTitle", { name })}
      submitLabel={t("volume.delete")}
      danger
      isValid
      onSubmit={() => connection.storage.deleteVolume(pool.definition.uuid, name)}
      onClose={onClose}
    >
      {() => <p>{t("volume.deleteText")}</p>}
    </FormDialog>
  );
}
