/** Makes an empty volume. */
import { Checkbox, FormGroup, FormSelect, FormSelectOption } from "@patternfly/react-core";
import { useState } from "react";
import type { VolumeRequest } from "../../protocol/storage-service.ts";
import type { StoragePool } from "../../virt/storage/pool.ts";
import { useApp } from "../app/context.tsx";
import { FormDialog, TextField } from "./form-dialog.tsx";
import { isSize, type Size, sizeBytes, SizeField, sizeOf } from "./size-field.tsx";
import { nameProblem } from "./volume-name.ts";

const FORMATS = ["qcow2", "raw"] as const;
export type Format = (typeof FORMATS)[number];

interface Props {
  readonly pool: StoragePool;
  readonly onClose: () => void;
}

export function NewVolumeDialog({ pool, onClose }: Props) {
  const { t, connection } = useApp();
  const [name, setName] = useState("");
  const [size, setSize] = useState<Size>(sizeOf(10 * 2 ** 30));
  const isGroup = pool.definition.type === "logical";
  const [format, setFormat] = useState<Format>(isGroup ? "raw" : "qcow2");
  const [backing, setBacking] = useState("");
  // Volumes of a group are whole unless they are wanted thin; files grow.
  const [full, setFull] = useState(isGroup);
  const problem = nameProblem(name, pool);
  const submit = async () => {
    const isOver = format === "qcow2" || isGroup;
    const below = isOver ? pool.volumes.find((volume) => volume.name === backing) : undefined;
    const request: VolumeRequest = {
      name,
      capacityBytes: sizeBytes(size),
      format,
      ...(format === "qcow2" ? { compat: "1.1" } : !full && { allocationBytes: 0 }),
      ...(below && { backing: { path: below.path, format: below.format } }),
    };
    await connection.storage.createVolume(pool.definition.uuid, request);
  };
  return (
    <FormDialog
      id="new-volume"
      title={t("volume.newTitle")}
      submitLabel={t("create.create")}
      isValid={problem === null && isSize(size)}
      onSubmit={submit}
      onClose={onClose}
    >
      {(shown) => (
        <>
          <TextField
            id="new-volume-name"
            label={t("volume.name")}
            value={name}
            onChange={setName}
            problem={shown && problem ? t(problem) : undefined}
          />
          <SizeField id="new-volume-size" size={size} onChange={setSize} shown={shown} />
          {!isGroup && <FormatField id="new-volume-format" format={format} onChange={setFormat} />}
          {format === "raw" && (
            <Checkbox
              id="new-volume-full"
              label={t("volume.allocate")}
              isChecked={full}
              onChange={(_, checked) => setFull(checked)}
            />
          )}
          {(format === "qcow2" || isGroup) && (
            <BackingField
              label={t(isGroup ? "volume.snapshotOf" : "volume.backing")}
              pool={pool}
              value={backing}
              onChange={(value) => {
                setBacking(value);
                const below = pool.volumes.find((volume) => volume.name === value);
                if (below) setSize(sizeOf(below.capacityBytes));
              }}
            />
          )}
        </>
      )}
    </FormDialog>
  );
}

interface BackingProps {
  readonly label: string;
  readonly pool: StoragePool;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

/** One of the pool's volumes, or none. */
function BackingField({ label, pool, value, onChange }: BackingProps) {
  const { t } = useApp();
  const offered = pool.volumes.filter(
    ({ type, format, job }) => type !== "dir" && format !== "thin-pool" && job === undefined,
  );
  return (
    <FormGroup label={label} fieldId="new-volume-backing">
      <FormSelect id="new-volume-backing" value={value} onChange={(_, next) => onChange(next)}>
        <FormSelectOption value="" label={t("volume.noBacking")} />
        {offered.map(({ name }) => (
          <FormSelectOption key={name} value={name} label={name} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}

interface FormatProps {
  readonly id: string;
  readonly format: Format;
  readonly onChange: (format: Format) => void;
}

export function FormatField({ id, format, onChange }: FormatProps) {
  const { t } = useApp();
  return (
    <FormGroup label={t("volume.format")} fieldId={id}>
      <FormSelect id={id} value={format} onChange={(_, value) => onChange(value as Format)}>
        {FORMATS.map((each) => (
          <FormSelectOption key={each} value={each} label={each} />
        ))}
      </FormSelect>
    </FormGroup>
  );
}
