/** Copies from the terminal, and says so. */
import { useCallback } from "react";
import { useApp } from "../../app/context.tsx";
import type { TerminalSession } from "./terminal-session.ts";

export function useCopy(session: TerminalSession): () => Promise<void> {
  const { t, notices } = useApp();
  return useCallback(async () => {
    try {
      await navigator.clipboard.writeText(session.selectedOrAll());
      notices.add({ variant: "success", title: t("console.copied") });
    } catch {
      notices.add({ variant: "danger", title: t("console.copyDenied") });
    }
    session.terminal.focus();
  }, [session, notices, t]);
}
