/** The storage of machines that are to be deleted: a tick for each that goes, too. */
import { Checkbox } from "@patternfly/react-core";
import { useApp } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { DoomedStorage } from "./use-storage-of.ts";

interface Props {
  readonly storage: readonly DoomedStorage[];
  readonly isTicked: (each: DoomedStorage) => boolean;
  /** Several machines: each line names its own. */
  readonly hasOwners: boolean;
  readonly onTick: (id: string, isTicked: boolean) => void;
}

export function StorageTable({ storage, isTicked, hasOwners, onTick }: Props) {
  const { t } = useApp();
  if (storage.length === 0) return <p>{t("delete.noStorage")}</p>;
  return (
    <fieldset className="tv-fieldset">
      <legend>{t("delete.storage")}</legend>
      {storage.map((each) => (
        <Checkbox
          key={each.id}
          id={`delete ${each.id}`}
          className="tv-storage-line"
          isDisabled={each.volume === null}
          isChecked={isTicked(each)}
          label={
            <>
              {hasOwners && <span>{each.ownerName}</span>} <span>{each.target}</span>{" "}
              <code>{each.path}</code>
              {each.capacity > 0 && (
                <span className="tv-subtle"> {formatBytes(each.capacity, t)}</span>
              )}
            </>
          }
          description={descriptionOf(each, t)}
          onChange={(_, tick) => onTick(each.id, tick)}
        />
      ))}
    </fieldset>
  );
}

function descriptionOf({ volume, cautions, users }: DoomedStorage, t: Translate): string {
  if (volume === null) return t("delete.unmanaged");
  const names = users.join(", ");
  return cautions
    .map((caution) =>
      caution === "inUse" ? t("delete.inUse", { names }) : t(`delete.caution.${caution}`),
    )
    .join(" ");
}
