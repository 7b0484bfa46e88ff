/** Asks for a size. */
import { FormGroup, FormSelect, FormSelectOption, TextInput } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../app/context.tsx";
import { FieldNote } from "./fields.tsx";
import { type Size, SIZE_UNITS } from "./size.ts";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly size: Size;
  readonly onChange: (size: Size) => void;
  readonly problem?: string | undefined;
  readonly shown?: boolean;
  readonly hint?: string | undefined;
}

export function SizeField({ id, label, size, onChange, problem, shown = false, hint }: Props) {
  const t = useT();
  const [touched, setTouched] = useState(false);
  const said = shown || touched ? problem : undefined;
  return (
    <FormGroup label={label} fieldId={id} isRequired>
      <div className="tv-size">
        <TextInput
          id={id}
          isRequired
          inputMode="decimal"
          autoComplete="off"
          value={size.text}
          validated={said === undefined ? "default" : "error"}
          aria-describedby={`${id}-note`}
          onChange={(_, text) => {
            setTouched(true);
            onChange({ ...size, text });
          }}
        />
        <FormSelect
          aria-label={t("volume.unit")}
          value={size.unit}
          onChange={(_, unit) => onChange({ ...size, unit: Number(unit) })}
        >
          {SIZE_UNITS.map(({ name }, index) => (
            <FormSelectOption key={name} value={index} label={name} />
          ))}
        </FormSelect>
      </div>
      <FieldNote id={`${id}-note`} problem={said} hint={hint} />
    </FormGroup>
  );
}
