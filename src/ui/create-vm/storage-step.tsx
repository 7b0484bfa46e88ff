/** Step 3: the machine's disk. */
import { FormGroup, FormSelect, FormSelectOption, Radio, TextInput } from "@patternfly/react-core";
import { useApp, useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import { SIZE_UNITS } from "../common/size.ts";
import { bringsDisk, STORAGES } from "./draft.ts";
import { FieldNote } from "./field-note.tsx";
import type { StepProps } from "./step-props.ts";
import { sourceText } from "./texts.ts";
import { VolumePick } from "./volume-pick.tsx";

export function StorageStep(props: StepProps) {
  const t = useT();
  const { settled } = props;
  if (settled.medium === "volume") return <p>{t("newVm.diskIsVolume")}</p>;
  if (!bringsDisk(settled)) return <OwnDisk {...props} />;
  return (
    <>
      <p>{t("newVm.diskFromSource", { what: sourceText(settled, t) })}</p>
      <SizeField {...props} />
      <PoolField {...props} />
    </>
  );
}

function OwnDisk(props: StepProps) {
  const t = useT();
  const { settled, change } = props;
  return (
    <FormGroup label={t("newVm.storage")} role="radiogroup" fieldId="new-vm-storage" isStack>
      {STORAGES.map((storage) => (
        <Radio
          key={storage}
          id={`new-vm-storage-${storage}`}
          name="new-vm-storage"
          label={t(`newVm.storage.${storage}`)}
          description={t(`newVm.storage.${storage}Hint`)}
          isChecked={settled.storage === storage}
          onChange={() => change({ storage })}
          body={settled.storage === storage && <StorageFields {...props} />}
        />
      ))}
    </FormGroup>
  );
}

function StorageFields(props: StepProps) {
  const { settled, change } = props;
  switch (settled.storage) {
    case "new":
      return (
        <div className="tv-new-vm-fields">
          <SizeField {...props} />
          <PoolField {...props} />
        </div>
      );
    case "existing":
      return (
        <VolumePick
          {...props}
          field="existing"
          picked={settled.existing}
          onPick={(existing) => change({ existing })}
        />
      );
    case "none":
      return null;
  }
}

/** A disk that the source brings has a size of its own. */
function SizeField({ settled, change, said }: StepProps) {
  const t = useT();
  const { size } = settled;
  const isOptional = bringsDisk(settled);
  const { problem, warning } = said("size");
  return (
    <FormGroup
      label={t(isOptional ? "newVm.sizeOptional" : "newVm.size")}
      fieldId="new-vm-size"
      isRequired={!isOptional}
    >
      <div className="tv-new-vm-size">
        <TextInput
          id="new-vm-size"
          inputMode="decimal"
          autoComplete="off"
          value={size.text}
          validated={problem === undefined ? "default" : "error"}
          aria-describedby="new-vm-size-note"
          onChange={(_, text) => change({ size: { ...size, text } })}
        />
        <FormSelect
          aria-label={t("newVm.sizeUnit")}
          value={size.unit}
          onChange={(_, unit) => change({ size: { ...size, unit: Number(unit) } })}
        >
          {SIZE_UNITS.map(({ name }, unit) => (
            <FormSelectOption key={name} value={unit} label={name} />
          ))}
        </FormSelect>
      </div>
      <FieldNote
        id="new-vm-size-note"
        said={{ problem, warning }}
        hint={isOptional ? t("newVm.sizeOptionalHint") : undefined}
      />
    </FormGroup>
  );
}

function PoolField({ settled, around, change, said }: StepProps) {
  const { t } = useApp();
  const note = said("pool");
  return (
    <FormGroup label={t("newVm.pool")} fieldId="new-vm-pool">
      <FormSelect
        id="new-vm-pool"
        value={settled.pool}
        validated={note.problem === undefined ? "default" : "error"}
        aria-describedby="new-vm-pool-note"
        onChange={(_, pool) => change({ pool })}
      >
        {around.pools.map(({ name, availableBytes }) => (
          <FormSelectOption
            key={name}
            value={name}
            label={
              availableBytes === undefined
                ? t("newVm.poolMade", { name })
                : t("newVm.poolOption", { name, size: formatBytes(availableBytes, t) })
            }
          />
        ))}
      </FormSelect>
      <FieldNote id="new-vm-pool-note" said={note} />
    </FormGroup>
  );
}
