/** The wizard that makes a machine. */
import { Button, Modal, ModalHeader } from "@patternfly/react-core";
import { useApp } from "../app/context.tsx";

export default function CreateVm({ onClose }: { readonly onClose: () => void }) {
  const { t } = useApp();
  return (
    <Modal isOpen onClose={onClose} aria-label={t("list.create")}>
      <ModalHeader title={t("list.create")} />
      <Button onClick={onClose}>{t("error.close")}</Button>
    </Modal>
  );
}
