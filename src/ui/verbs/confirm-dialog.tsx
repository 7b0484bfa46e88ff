/** Asks once before a verb, and names all machines that it is for. */
import {
  Button,
  Checkbox,
  List,
  ListItem,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
} from "@patternfly/react-core";
import { useState } from "react";
import { useApp } from "../app/context.tsx";
import { type CallVerb, QUESTIONS } from "./verb-words.ts";

interface Props {
  readonly verb: CallVerb;
  readonly names: readonly string[];
  readonly onConfirm: () => void;
  readonly onCancel: () => void;
}

export function ConfirmDialog({ verb, names, onConfirm, onCancel }: Props) {
  const { t, preferences } = useApp();
  const [again, setAgain] = useState(true);
  const question = QUESTIONS[verb];
  if (!question) return null;
  const { preference, one, many, text, isDanger } = question;
  const [name = ""] = names;
  const title = names.length === 1 ? t(one, { name }) : t(many, { count: names.length });
  const confirm = () => {
    if (preference !== null && !again) preferences.change({ [preference]: false });
    onConfirm();
  };
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
      <ModalHeader
        title={title}
        labelId="confirm-title"
        {...(isDanger && { titleIconVariant: "warning" as const })}
      />
      <ModalBody id="confirm-text">
        <p>{t(text)}</p>
        {names.length > 1 && (
          <List className="tv-names">
            {names.map((each) => (
              <ListItem key={each}>{each}</ListItem>
            ))}
          </List>
        )}
        {preference !== null && (
          <Checkbox
            id="confirm-again"
            className="tv-again"
            label={t("ask.notAgain")}
            isChecked={!again}
            onChange={(_, checked) => setAgain(!checked)}
          />
        )}
      </ModalBody>
      <ModalFooter>
        <Button variant={isDanger ? "danger" : "primary"} onClick={confirm}>
          {t(`verb.${verb}`)}
        </Button>
        <Button id="confirm-cancel" variant="link" onClick={onCancel}>
          {t("action.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
