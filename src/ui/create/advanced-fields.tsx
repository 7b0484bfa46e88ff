/** What most machines leave as it is. */
import {
  ExpandableSection,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
} from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../app/context.tsx";
import { AIA_CHOICES, type Draft } from "./draft.ts";
import type { FieldProps } from "./machine-fields.tsx";

export function AdvancedFields({ draft, change }: FieldProps) {
  const t = useT();
  // What is not left as it is shall be seen.
  const [shown, setShown] = useState(draft.aia !== "auto");
  return (
    <ExpandableSection
      toggleText={t("create.advanced")}
      toggleId="create-advanced-toggle"
      contentId="create-advanced"
      isExpanded={shown}
      onToggle={(_, expanded) => setShown(expanded)}
      isIndented
    >
      <FormGroup label={t("create.aia")} fieldId="create-aia">
        <FormSelect
          id="create-aia"
          value={draft.aia}
          aria-describedby="create-aia-hint"
          onChange={(_, value) => change({ aia: value as Draft["aia"] })}
        >
          {AIA_CHOICES.map((choice) => (
            <FormSelectOption key={choice} value={choice} label={t(`create.aia.${choice}`)} />
          ))}
        </FormSelect>
        <FormHelperText>
          <HelperText>
            <HelperTextItem id="create-aia-hint">{t("create.aiaHint")}</HelperTextItem>
          </HelperText>
        </FormHelperText>
      </FormGroup>
    </ExpandableSection>
  );
}
