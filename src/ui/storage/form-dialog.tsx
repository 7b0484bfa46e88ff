/** A dialog with fields: what is wrong is said once somebody tried, and errors stay in it. */
import {
  Alert,
  Button,
  Form,
  FormGroup,
  FormHelperText,
  HelperText,
  HelperTextItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextInput,
} from "@patternfly/react-core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useT } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";

interface Props {
  readonly id: string;
  readonly title: string;
  readonly submitLabel: string;
  readonly danger?: boolean;
  readonly isValid: boolean;
  /** The dialog closes when it resolves; at once when it returns nothing. */
  readonly onSubmit: () => Promise<void> | void;
  readonly onClose: () => void;
  /** @param shown whether problems are to be said */
  readonly children: (shown: boolean) => ReactNode;
}

export function FormDialog(props: Props) {
  const { id, title, submitLabel, danger = false, isValid, onSubmit, onClose, children } = props;
  const t = useT();
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setShown(true);
    if (!isValid) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
      onClose();
    } catch (cause) {
      setError(errorText(cause));
      setBusy(false);
    }
  };
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby={`${id}-title`}
      elementToFocus={`#${id} input, #${id} select, #${id} textarea, #${id}-submit`}
      onEscapePress={onClose}
    >
      <ModalHeader labelId={`${id}-title`} title={title} />
      <ModalBody tabIndex={0} aria-labelledby={`${id}-title`}>
        <Form id={id} onSubmit={(event) => void submit(event)} noValidate>
          {error !== null && (
            <Alert variant="danger" variantLabel={t("alert.danger")} isInline title={error} />
          )}
          {children(shown && !busy)}
        </Form>
      </ModalBody>
      <ModalFooter>
        <Button
          id={`${id}-submit`}
          type="submit"
          form={id}
          variant={danger ? "danger" : "primary"}
          isDisabled={busy}
          isLoading={busy}
          spinnerAriaLabel={t("app.loading")}
        >
          {submitLabel}
        </Button>
        <Button variant="link" onClick={onClose}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong; nothing when it is right, or not to be said yet. */
  readonly problem?: string | undefined;
  readonly hint?: string;
}

export function TextField({ id, label, value, onChange, problem, hint }: FieldProps) {
  return (
    <FormGroup label={label} fieldId={id} isRequired>
      <TextInput
        id={id}
        isRequired
        autoComplete="off"
        value={value}
        validated={problem === undefined ? "default" : "error"}
        aria-describedby={`${id}-note`}
        onChange={(_, text) => onChange(text)}
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
