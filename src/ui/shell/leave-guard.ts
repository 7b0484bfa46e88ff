/**
 * Asks before the page is closed while a machine runs in it, or bytes are on their way: closing it is
 * pulling the plug.
 */
import { useEffect, useSyncExternalStore } from "react";
import { usePreferences } from "../app/context.tsx";
import { useDomains, useShell } from "./context.tsx";

export function useLeaveGuard(): void {
  const { holdsMachines, tasks } = useShell();
  const { confirmLeave } = usePreferences();
  const active = useDomains().some(({ ref }) => ref.id > 0);
  // What can be given up is given up with the page.
  const busy = useSyncExternalStore(tasks.subscribe, () =>
    tasks.get().some(({ state, cancel }) => state === "running" && cancel !== undefined),
  );
  useEffect(() => {
    if (!(active || busy) || !confirmLeave) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      if (busy || holdsMachines()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [active, busy, confirmLeave, holdsMachines]);
}
