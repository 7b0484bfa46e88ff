/** Tells what ended when another tab, which ran the machines, was closed. */
import { useEffect } from "react";
import { useApp } from "../app/context.tsx";
import { useShell } from "./context.tsx";

export function useMovedNotice(): void {
  const { manager, onHostMoved } = useShell();
  const { notices, t } = useApp();
  useEffect(
    () =>
      onHostMoved(() => {
        // The manager has not asked the new host yet: these are the machines that were running.
        const ended = manager.domains().filter(({ ref }) => ref.id > 0);
        if (ended.length === 0) return;
        const names = ended.map(({ name }) => name).join(", ");
        notices.add({
          variant: "info",
          title: t("shell.hostClosed"),
          text: t("shell.endedWithHost", { names }),
        });
      }),
    [manager, notices, onHostMoved, t],
  );
}
