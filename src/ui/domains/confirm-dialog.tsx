/** Asks before a verb that loses data. */
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import type { MessageKey } from "../i18n/catalogue.ts";

/** Verbs that are asked about. */
export type Question = "reset" | "destroy" | "undefine";

interface Words {
  readonly title: "confirm.resetTitle" | "confirm.forceOffTitle" | "confirm.deleteTitle";
  readonly text: MessageKey & `confirm.${string}Text`;
  readonly button: "action.reset" | "action.forceOff" | "action.delete";
}

const WORDS: { readonly [Q in Question]: Words } = {
  reset: { title: "confirm.resetTitle", text: "confirm.resetText", button: "action.reset" },
  destroy: {
    title: "confirm.forceOffTitle",
    text: "confirm.forceOffText",
    button: "action.forceOff",
  },
  undefine: { title: "confirm.deleteTitle", text: "confirm.deleteText", button: "action.delete" },
};

interface Props {
  readonly question: Question;
  readonly name: string;
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function ConfirmDialog({ question, name, onConfirm, onCancel }: Props) {
  const t = useT();
  const { title, text, button } = WORDS[question];
  return (
    <Modal
      isOpen
      variant="small"
      role="alertdialog"
      aria-labelledby="confirm-title"
      aria-describedby="confirm-text"
      elementToFocus="#confirm-cancel"
      onEscapePress={onCancel}
    >
      <ModalHeader title={t(title, { name })} labelId="confirm-title" titleIconVariant="warning" />
      <ModalBody id="confirm-text">{t(text)}</ModalBody>
      <ModalFooter>
        <Button variant="danger" onClick={onConfirm}>
          {t(button)}
        </Button>
        <Button id="confirm-cancel" variant="link" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
