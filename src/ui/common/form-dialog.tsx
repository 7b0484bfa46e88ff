/** A dialog with fields: errors of the work stay in it, and it stays open until the work is done. */
import {
  Button,
  Form,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  type ModalProps,
} from "@patternfly/react-core";
import { type FormEvent, type ReactNode, useState } from "react";
import { useT } from "../app/context.tsx";
import { TaskFooter, TaskPanel } from "../shell/task-in-dialog.tsx";
import type { Task } from "../shell/tasks.ts";
import { useIsOpen } from "../shell/use-dialog-work.ts";
import { errorText } from "./error-text.ts";
import { FormError } from "./form-error.tsx";

interface Props {
  /** Of the form; the title's and the button's begin with it. */
  readonly id: string;
  readonly title: string;
  readonly submitLabel: string;
  readonly danger?: boolean;
  readonly variant?: NonNullable<ModalProps["variant"]>;
  readonly isValid: boolean;
  /** What is under way: it is shown instead of the fields, and may go on when the dialog is closed. */
  readonly task?: Task | undefined;
  /** The dialog closes when it resolves; at once when it returns nothing. */
  readonly onSubmit: () => Promise<void> | void;
  readonly onClose: () => void;
  /** @param shown whether problems are to be said, also of fields that nobody touched */
  readonly children: (shown: boolean) => ReactNode;
}

export function FormDialog(props: Props) {
  const {
    id,
    title,
    submitLabel,
    danger = false,
    variant = "small",
    task,
    onClose,
    children,
  } = props;
  const t = useT();
  const { shown, busy, error, submit } = useSubmit(props);
  return (
    <Modal
      isOpen
      variant={variant}
      aria-labelledby={`${id}-title`}
      elementToFocus={`#${id} input, #${id} select, #${id} textarea, #${id}-submit`}
      onEscapePress={onClose}
    >
      <ModalHeader labelId={`${id}-title`} title={title} />
      <ModalBody tabIndex={0} aria-labelledby={`${id}-title`}>
        {task ? (
          <TaskPanel task={task} />
        ) : (
          <Form id={id} onSubmit={(event) => void submit(event)} noValidate>
            <FormError text={error} />
            {children(shown && !busy)}
          </Form>
        )}
      </ModalBody>
      <ModalFooter>
        {task ? (
          <TaskFooter task={task} onClose={onClose} />
        ) : (
          <>
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
          </>
        )}
      </ModalFooter>
    </Modal>
  );
}

function useSubmit({ isValid, onSubmit, onClose }: Props) {
  const [shown, setShown] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const isOpen = useIsOpen();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setShown(true);
    if (!isValid || busy) return;
    setBusy(true);
    setError(null);
    try {
      await onSubmit();
      // What went on without it has no other dialog to close.
      if (isOpen()) onClose();
    } catch (cause) {
      setError(errorText(cause));
      setBusy(false);
    }
  };
  return { shown, busy, error, submit };
}
