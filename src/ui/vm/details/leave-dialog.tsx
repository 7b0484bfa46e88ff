/** Asks what becomes of changes that are not applied when somebody goes elsewhere. */
import { Button, Modal, ModalBody, ModalFooter, ModalHeader } from "@patternfly/react-core";
import { useState } from "react";
import { useT } from "../../app/context.tsx";
import type { EditGuard } from "./edit-guard.ts";

interface Props {
  readonly guard: EditGuard;
  readonly onStay: () => void;
  readonly onLeave: () => void;
}

export function LeaveDialog({ guard, onStay, onLeave }: Props) {
  const t = useT();
  const [busy, setBusy] = useState(false);
  const discard = (): void => {
    guard.discard();
    onLeave();
  };
  const apply = async (): Promise<void> => {
    setBusy(true);
    // Where it fails the form says why.
    if (await guard.apply()) onLeave();
    else onStay();
  };
  return (
    <Modal
      isOpen
      variant="small"
      aria-labelledby="leave-title"
      aria-describedby="leave-text"
      elementToFocus="#leave-apply"
      onEscapePress={onStay}
    >
      <ModalHeader labelId="leave-title" title={t("hw.leaveTitle")} />
      <ModalBody id="leave-text">{t("hw.leaveText")}</ModalBody>
      <ModalFooter>
        <Button id="leave-apply" isDisabled={busy} isLoading={busy} onClick={() => void apply()}>
          {t("hw.apply")}
        </Button>
        <Button variant="secondary" isDisabled={busy} onClick={discard}>
          {t("hw.discard")}
        </Button>
        <Button variant="link" isDisabled={busy} onClick={onStay}>
          {t("hw.stay")}
        </Button>
      </ModalFooter>
    </Modal>
  );
}
