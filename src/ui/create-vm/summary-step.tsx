/** Step 5: what will be made, and what happens then. */
import {
  Checkbox,
  DescriptionList,
  DescriptionListDescription,
  DescriptionListGroup,
  DescriptionListTerm,
} from "@patternfly/react-core";
import { isInstaller } from "../../virt/manager/served-guest.ts";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Settled } from "./draft.ts";
import type { StepProps } from "./step-props.ts";
import { sourceText, storageText } from "./texts.ts";

const MIB = 2 ** 20;

export function SummaryStep({ settled, change }: StepProps) {
  const t = useT();
  const { memoryMib, vcpus, network, customizes, starts } = settled;
  const rows = [
    [t("newVm.name"), settled.name],
    [
      t("newVm.summary.source"),
      `${t(`newVm.source.${settled.source}`)}: ${sourceText(settled, t)}`,
    ],
    [t("newVm.summary.memory"), formatBytes(memoryMib * MIB, t)],
    [t("newVm.summary.vcpus"), String(vcpus)],
    [t("newVm.summary.storage"), storageText(settled, t)],
    [t("newVm.summary.network"), network === "" ? t("newVm.network.none") : network],
  ] as const;
  return (
    <>
      <DescriptionList isHorizontal isCompact aria-label={t("newVm.summary")}>
        {rows.map(([term, text]) => (
          <DescriptionListGroup key={term}>
            <DescriptionListTerm>{term}</DescriptionListTerm>
            <DescriptionListDescription className="tv-new-vm-picked">
              {text}
            </DescriptionListDescription>
          </DescriptionListGroup>
        ))}
      </DescriptionList>
      {installs(settled) && <p>{t("newVm.summary.installer")}</p>}
      <Checkbox
        id="new-vm-customize"
        label={t("newVm.customize")}
        description={t("newVm.customizeHint")}
        isChecked={customizes}
        onChange={(_, checked) => change({ customizes: checked })}
      />
      <Checkbox
        id="new-vm-start"
        label={t("newVm.start")}
        isChecked={starts && !customizes}
        isDisabled={customizes}
        onChange={(_, checked) => change({ starts: checked })}
      />
    </>
  );
}

/** Whether the first start differs from those that follow. */
function installs({ source, guest, storage, starts, customizes }: Settled): boolean {
  const isInstalling = source === "guest" && guest !== undefined && isInstaller(guest);
  return isInstalling && storage !== "none" && starts && !customizes;
}
