/** Rows of a form: a label and one field. */
import {
  Checkbox,
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextArea,
  TextInput,
} from "@patternfly/react-core";
import { type ReactNode, useId } from "react";

/** A dialog over a form may have the same rows: ids are made unique. */
function useRowId(name: string): string {
  return `${name}-${useId()}`;
}

interface RowProps {
  /** What the row's id begins with. */
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly hint?: string | undefined;
  readonly isDisabled?: boolean;
}

interface TextProps extends RowProps {
  readonly type?: "text" | "number";
  readonly onBlur?: () => void;
  /** What is proposed: values and what they stand for. */
  readonly proposals?: readonly (readonly [value: string, label: string])[];
  /** Stands beside the field: a button. */
  readonly beside?: ReactNode;
}

export function TextRow(props: TextProps) {
  const { label, value, onChange, hint, isDisabled = false, type = "text" } = props;
  const id = useRowId(props.id);
  return (
    <FormGroup label={label} fieldId={id}>
      <div className="tv-beside">
        <TextInput
          id={id}
          type={type}
          min={0}
          autoComplete="off"
          spellCheck={false}
          value={value}
          isDisabled={isDisabled}
          {...describedBy(id, hint)}
          {...(props.onBlur && { onBlur: props.onBlur })}
          {...(props.proposals && { list: `${id}-list` })}
          onChange={(_, text) => onChange(text)}
        />
        {props.beside}
      </div>
      {props.proposals && (
        <datalist id={`${id}-list`}>
          {props.proposals.map(([each, text]) => (
            <option key={each} value={each}>
              {text}
            </option>
          ))}
        </datalist>
      )}
      <Hint id={id} text={hint} />
    </FormGroup>
  );
}

export function AreaRow({ id: name, label, value, onChange, hint }: RowProps) {
  const id = useRowId(name);
  return (
    <FormGroup label={label} fieldId={id}>
      <TextArea
        id={id}
        value={value}
        rows={3}
        resizeOrientation="vertical"
        {...describedBy(id, hint)}
        onChange={(_, text) => onChange(text)}
      />
      <Hint id={id} text={hint} />
    </FormGroup>
  );
}

interface ChoiceProps extends RowProps {
  readonly options: readonly (readonly [value: string, label: string])[];
}

/** A value that is not among the options is one more of them. */
export function ChoiceRow(props: ChoiceProps) {
  const { label, value, onChange, hint, options, isDisabled } = props;
  const id = useRowId(props.id);
  const isKnown = options.some(([each]) => each === value);
  const all = isKnown ? options : [[value, value] as const, ...options];
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        isDisabled={isDisabled === true}
        {...describedBy(id, hint)}
        onChange={(_, chosen) => onChange(chosen)}
      >
        {all.map(([each, text]) => (
          <FormSelectOption key={each} value={each} label={text} />
        ))}
      </FormSelect>
      <Hint id={id} text={hint} />
    </FormGroup>
  );
}

/** On is `yes`, off is empty. */
export function FlagRow({ id: name, label, value, onChange, hint, isDisabled }: RowProps) {
  const id = useRowId(name);
  return (
    <FormGroup>
      <Checkbox
        id={id}
        label={label}
        isChecked={value !== ""}
        isDisabled={isDisabled === true}
        {...(hint !== undefined && { description: hint })}
        onChange={(_, checked) => onChange(checked ? "yes" : "")}
      />
    </FormGroup>
  );
}

interface FixedProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly beside?: ReactNode;
}

/** What is shown only. */
export function FixedRow({ id: name, label, value, beside }: FixedProps) {
  const id = useRowId(name);
  return (
    <FormGroup label={label} fieldId={id}>
      <div className="tv-beside">
        <TextInput id={id} readOnlyVariant="plain" value={value} />
        {beside}
      </div>
    </FormGroup>
  );
}

function describedBy(id: string, hint: string | undefined) {
  return hint === undefined ? {} : { "aria-describedby": `${id}-hint` };
}

function Hint({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <FormHelperText>
      <HelperText>
        <HelperTextItem id={`${id}-hint`}>{text}</HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}
