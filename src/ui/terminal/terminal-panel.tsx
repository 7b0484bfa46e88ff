/** Commands as on a host's terminal: virsh, virt-install, qemu-img. */
import { Button } from "@patternfly/react-core";
import { useApp } from "../app/context.tsx";

export default function TerminalPanel({ onClose }: { readonly onClose: () => void }) {
  const { t } = useApp();
  return (
    <section aria-label={t("shell.terminal")}>
      <Button onClick={onClose}>{t("error.close")}</Button>
    </section>
  );
}
