/** Above the terminal of a machine that is not active: why, and how to go on. */
import { Alert, AlertActionLink } from "@patternfly/react-core";
import { useMemo } from "react";
import type { Domain } from "../../virt/domain.ts";
import { canDo } from "../../virt/verbs.ts";
import { useApp } from "../app/context.tsx";
import { reasonText } from "../common/reason-text.ts";
import { useVerbs } from "../domains/use-verbs.ts";
import { lastLines } from "./last-lines.ts";

/** Enough for a kernel's panic message with its first lines. */
const LINES = 6;

export function EndedPanel({ domain }: { readonly domain: Domain }) {
  const { t } = useApp();
  const run = useVerbs();
  const { state, reason, definition } = domain;
  if (state !== "shutoff" && state !== "crashed") return null;
  if (domain.job === "create") return null;
  const { name } = definition;
  const failed = state === "shutoff" && reason === "failed";
  const variant = failed || state === "crashed" ? "danger" : "info";
  const title = failed
    ? t("domain.failedTitle", { name })
    : t(state === "crashed" ? "domain.crashedTitle" : "domain.shutoffTitle", { name });
  return (
    <Alert
      className="tv-ended"
      isInline
      component="h2"
      variant={variant}
      variantLabel={t(`alert.${variant}`)}
      title={title}
      actionLinks={
        <AlertActionLink
          isDisabled={!canDo("create", domain)}
          onClick={() => void run("create", domain)}
        >
          {t(reason === "unknown" ? "action.run" : "action.runAgain")}
        </AlertActionLink>
      }
    >
      {reasonText(domain, t)}
      {state === "crashed" && <LastLines uuid={definition.uuid} />}
    </Alert>
  );
}

function LastLines({ uuid }: { readonly uuid: string }) {
  const { t, connection } = useApp();
  const lines = useMemo(
    () => lastLines(connection.console(uuid, "serial0").backlog(), LINES),
    [connection, uuid],
  );
  if (lines.length === 0) return null;
  return (
    <details className="tv-last-lines">
      <summary>{t("domain.lastLines")}</summary>
      <pre>{lines.join("\n")}</pre>
    </details>
  );
}
