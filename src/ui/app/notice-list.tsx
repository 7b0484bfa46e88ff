/** Messages over the page, as they come and go. */
import { Alert, AlertActionCloseButton, AlertGroup } from "@patternfly/react-core";
import { useSyncExternalStore } from "react";
import { useApp } from "./context.tsx";

/** Successes go away by themselves; errors stay until they are closed. */
const SUCCESS_MS = 3000;

export function NoticeList() {
  const { t, notices } = useApp();
  const list = useSyncExternalStore(notices.subscribe, notices.get);
  return (
    <AlertGroup isToast isLiveRegion>
      {list.map(({ id, variant, title, text }) => (
        <Alert
          key={id}
          variant={variant}
          variantLabel={t(`alert.${variant}`)}
          title={title}
          timeout={variant === "success" ? SUCCESS_MS : false}
          onTimeout={() => notices.remove(id)}
          actionClose={
            <AlertActionCloseButton
              aria-label={t("error.close")}
              onClose={() => notices.remove(id)}
            />
          }
        >
          {text}
        </Alert>
      ))}
    </AlertGroup>
  );
}
