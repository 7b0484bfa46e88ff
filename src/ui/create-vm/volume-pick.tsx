/** A volume that is chosen in the storage browser. */
import { Button, FormGroup } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { ChosenVolume } from "./draft.ts";
import { FieldNote } from "./field-note.tsx";
import type { StepProps } from "./step-props.ts";

interface Props extends Pick<StepProps, "said" | "browse"> {
  readonly field: "volume" | "existing";
  readonly picked: ChosenVolume | null;
  readonly onPick: (volume: ChosenVolume) => void;
}

export function VolumePick({ field, picked, said, browse, onPick }: Props) {
  const t = useT();
  const id = `new-vm-${field}`;
  return (
    <FormGroup label={t("newVm.volume")} fieldId={id} isRequired>
      <div className="tv-new-vm-drop">
        <Button
          id={id}
          variant="secondary"
          aria-label={t("newVm.browseFor", { what: t("newVm.volume") })}
          aria-describedby={`${id}-picked ${id}-note`}
          onClick={() => browse(t("newVm.chooseVolume"), onPick)}
        >
          {t("newVm.browse")}
        </Button>
        <span id={`${id}-picked`}>
          {picked ? (
            <>
              <span className="tv-new-vm-picked">{picked.path}</span>{" "}
              <span className="tv-subtle">
                {picked.format}, {formatBytes(picked.capacityBytes, t)}
              </span>
            </>
          ) : (
            <span className="tv-subtle">{t("newVm.nothingChosen")}</span>
          )}
        </span>
      </div>
      <FieldNote id={`${id}-note`} said={said(field)} />
    </FormGroup>
  );
}
