/** Fields of forms: what is wrong with one is said once somebody was at it. */
import {
  FormGroup,
  FormHelperText,
  FormSelect,
  FormSelectOption,
  HelperText,
  HelperTextItem,
  TextInput,
} from "@patternfly/react-core";
import { useState } from "react";

interface TextProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value, said or not yet. */
  readonly problem?: string | undefined;
  /** Whether the problem is to be said, also where nobody typed. */
  readonly shown?: boolean;
  readonly hint?: string | undefined;
  readonly isOptional?: boolean;
  readonly isDisabled?: boolean;
  readonly placeholder?: string;
  /** The id of a `datalist` with proposals. */
  readonly list?: string;
}

export function TextField(props: TextProps) {
  const { id, label, value, onChange, hint, isOptional = false, isDisabled = false } = props;
  const [touched, setTouched] = useState(false);
  const problem = props.shown === true || touched ? props.problem : undefined;
  return (
    <FormGroup label={label} fieldId={id} isRequired={!isOptional}>
      <TextInput
        id={id}
        isRequired={!isOptional}
        isDisabled={isDisabled}
        autoComplete="off"
        spellCheck={false}
        value={value}
        validated={problem === undefined ? "default" : "error"}
        aria-describedby={`${id}-note`}
        {...(props.placeholder !== undefined && { placeholder: props.placeholder })}
        {...(props.list !== undefined && { list: props.list })}
        onChange={(_, text) => {
          setTouched(true);
          onChange(text);
        }}
      />
      <FieldNote id={`${id}-note`} problem={problem} hint={hint} />
    </FormGroup>
  );
}

interface NoteProps {
  readonly id: string;
  readonly problem?: string | undefined;
  readonly hint?: string | undefined;
}

/** The sentence below a field. */
export function FieldNote({ id, problem, hint }: NoteProps) {
  const text = problem ?? hint;
  if (text === undefined) return null;
  return (
    <FormHelperText>
      <HelperText isLiveRegion>
        <HelperTextItem id={id} variant={problem === undefined ? "default" : "error"}>
          {text}
        </HelperTextItem>
      </HelperText>
    </FormHelperText>
  );
}

interface ChoiceProps<Value extends string> {
  readonly id: string;
  readonly label: string;
  readonly value: Value;
  readonly options: readonly (readonly [value: Value, label: string])[];
  readonly onChange: (value: Value) => void;
  readonly hint?: string;
}

export function ChoiceField<Value extends string>(props: ChoiceProps<Value>) {
  const { id, label, value, options, onChange, hint } = props;
  return (
    <FormGroup label={label} fieldId={id}>
      <FormSelect
        id={id}
        value={value}
        aria-describedby={`${id}-note`}
        onChange={(_, chosen) => onChange(chosen as Value)}
      >
        {options.map(([each, text]) => (
          <FormSelectOption key={each} value={each} label={text} />
        ))}
      </FormSelect>
      <FieldNote id={`${id}-note`} hint={hint} />
    </FormGroup>
  );
}
