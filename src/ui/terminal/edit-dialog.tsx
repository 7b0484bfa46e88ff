/** The editor that commands like `virsh edit` open. */
import {
  Button,
  Modal,
  ModalBody,
  ModalFooter,
  ModalHeader,
  TextArea,
} from "@patternfly/react-core";
import { useState } from "react";
import { useApp } from "../app/context.tsx";

interface Props {
  readonly text: string;
  readonly onSave: (text: string) => void;
  readonly onCancel: () => void;
}

export function EditDialog({ text, onSave, onCancel }: Props) {
  const { t } = useApp();
  const [value, setValue] = useState(text);
  return (
    <Modal isOpen variant="large" onClose={onCancel} aria-label={t("terminal.edit")}>
      <ModalHeader title={t("terminal.edit")} />
      <ModalBody>
        <TextArea
          aria-label={t("terminal.text")}
          className="tv-mono"
          rows={20}
          resizeOrientation="vertical"
          spellCheck={false}
          value={value}
          onChange={(_event, changed) => setValue(changed)}
        />
      </ModalBody>
      <ModalFooter>
        <Button onClick={() => onSave(value)}>{t("terminal.save")}</Button>
        <Button variant="link" onClick={onCancel}>
          {t("terminal.cancel")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
