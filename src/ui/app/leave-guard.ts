/** Asks before the page is closed while a machine runs: closing it is pulling the plug. */
import { useEffect } from "react";
import { useApp, useDomains, usePreferences } from "./context.tsx";

export function useLeaveGuard(): void {
  const { connection } = useApp();
  const { confirmLeave } = usePreferences();
  const active = useDomains().some(({ state }) => state === "running" || state === "paused");
  // A make-believe machine loses nothing.
  const guard = active && confirmLeave && connection.uri.startsWith("qemu:");
  useEffect(() => {
    if (!guard) return undefined;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [guard]);
}
