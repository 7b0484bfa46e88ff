/** Over the views: what keeps machines from running in this page, and how to mend it. */
import { Alert } from "@patternfly/react-core";
import { useApp } from "./context.tsx";
import type { Missing } from "./missing.ts";

export function MissingAlert({ missing }: { readonly missing: Missing }) {
  const { t } = useApp();
  return (
    <Alert
      variant="danger"
      variantLabel={t("alert.danger")}
      isInline
      className="tv-missing"
      title={t("missing.title")}
    >
      <p>{t(missing.what as "missing.isolation")}</p>
      <p>{t(missing.fix as "missing.isolationFix")}</p>
    </Alert>
  );
}
