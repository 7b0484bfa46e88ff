/** Above a terminal that is not joined to its guest: who has the console, and how to get it back. */
import { Alert, AlertActionLink } from "@patternfly/react-core";
import type { ConsoleState, ManagedConsole } from "../../../virt/manager/consoles.ts";
import { useApp } from "../../app/context.tsx";
import { errorText } from "../../common/error-text.ts";

interface Props {
  readonly console: ManagedConsole;
  readonly state: ConsoleState;
}

export function ConsoleNotice({ console, state }: Props) {
  const { t } = useApp();
  if (state !== "taken" && state !== "failed") return null;
  const variant = state === "taken" ? "info" : "danger";
  return (
    <Alert
      className="tv-ended"
      isInline
      component="h2"
      variant={variant}
      variantLabel={t(`alert.${variant}`)}
      title={t(state === "taken" ? "console.taken" : "console.failed")}
      actionLinks={
        <AlertActionLink onClick={() => void console.open()}>
          {t(state === "taken" ? "console.takeBack" : "console.tryAgain")}
        </AlertActionLink>
      }
    >
      {state === "taken" ? t("console.takenHint") : errorText(console.error)}
    </Alert>
  );
}
