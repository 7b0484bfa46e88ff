/** A whole number with buttons for less and more. */
import { FormGroup, NumberInput } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { FieldNote } from "./field-note.tsx";
import type { Said } from "./step-props.ts";

interface Props {
  readonly id: string;
  readonly label: string;
  readonly unit?: string;
  /** NaN for what is no number. */
  readonly value: number;
  readonly min: number;
  readonly max: number;
  /** What the buttons add and take. */
  readonly step: number;
  readonly said: Said;
  readonly hint: string;
  readonly onChange: (value: number) => void;
}

export function NumberField(props: Props) {
  const { id, label, unit, value, min, max, step, said, hint, onChange } = props;
  const t = useT();
  const move = (by: number): void =>
    onChange(Math.min(max, Math.max(min, (Number.isNaN(value) ? min : value) + by)));
  return (
    <FormGroup label={label} fieldId={id}>
      <NumberInput
        inputProps={{ id, inputMode: "numeric", "aria-describedby": `${id}-note` }}
        inputAriaLabel={label}
        inputName={id}
        {...(unit !== undefined && { unit })}
        widthChars={5}
        min={min}
        max={max}
        value={Number.isNaN(value) ? "" : value}
        validated={said.problem === undefined ? "default" : "error"}
        minusBtnAriaLabel={t("newVm.less", { what: label })}
        plusBtnAriaLabel={t("newVm.more", { what: label })}
        onMinus={() => move(-step)}
        onPlus={() => move(step)}
        onChange={(event) => onChange(event.currentTarget.valueAsNumber)}
      />
      <FieldNote id={`${id}-note`} said={said} hint={hint} />
    </FormGroup>
  );
}
