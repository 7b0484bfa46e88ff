/** Where a new disk's data will be: in an image that is made for it, or in one that is there. */
import { FormGroup, Radio } from "@patternfly/react-core";
import { useT } from "../../../app/context.tsx";
import { formatBytes } from "../../../common/format.ts";
import { usePools } from "../../../shell/context.tsx";
import { type NewImage, proposedImage, writablePools } from "../model/new-image.ts";
import { ChoiceRow, TextRow } from "../rows.tsx";

interface Props {
  readonly image: NewImage | null;
  readonly onChange: (image: NewImage | null) => void;
}

export function ImageFields({ image, onChange }: Props) {
  const t = useT();
  const pools = writablePools(usePools());
  const made = proposedImage(pools);
  const pool = pools.find(({ uuid }) => uuid === image?.pool);
  return (
    <>
      <FormGroup role="radiogroup" label={t("hw.storage")} fieldId="hw-storage">
        <Radio
          id="hw-storage-new"
          name="hw-storage"
          label={t("hw.storageNew")}
          isChecked={image !== null}
          isDisabled={made === null}
          onChange={() => onChange(made)}
        />
        <Radio
          id="hw-storage-old"
          name="hw-storage"
          label={t("hw.storageOld")}
          isChecked={image === null}
          onChange={() => onChange(null)}
        />
      </FormGroup>
      {image && (
        <>
          <TextRow
            id="hw-size"
            label={t("hw.size")}
            type="number"
            value={image.size}
            hint={pool && t("hw.sizeHint", { size: formatBytes(pool.available, t) })}
            onChange={(size) => onChange({ ...image, size })}
          />
          <ChoiceRow
            id="hw-pool"
            label={t("hw.pool")}
            value={image.pool}
            options={pools.map(({ uuid, name }) => [uuid, name])}
            onChange={(uuid) => onChange({ ...image, pool: uuid })}
          />
          <ChoiceRow
            id="hw-image-format"
            label={t("hw.format")}
            value={image.format}
            options={[
              ["qcow2", "qcow2"],
              ["raw", "raw"],
            ]}
            onChange={(format) =>
              onChange({ ...image, format: format === "raw" ? "raw" : "qcow2" })
            }
          />
        </>
      )}
    </>
  );
}
