import { Alert } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";

/** What a form's work failed with, above its fields, and told to screen readers; nothing for null. */
export function FormError({ text }: { readonly text: string | null }) {
  const t = useT();
  if (text === null) return null;
  return (
    <Alert
      variant="danger"
      variantLabel={t("alert.danger")}
      isInline
      isLiveRegion
      component="p"
      title={text}
    />
  );
}
