/** Asks before the page is closed while a machine runs in it: closing it is pulling the plug. */
import { useEffect } from "react";
import { usePreferences } from "../app/context.tsx";
import { useDomains, useShell } from "./context.tsx";

export function useLeaveGuard(): void {
  const { holdsMachines } = useShell();
  const { confirmLeave } = usePreferences();
  const active = useDomains().some(({ ref }) => ref.id > 0);
  useEffect(() => {
    if (!active || !confirmLeave) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      if (holdsMachines()) event.preventDefault();
    };
    addEventListener("beforeunload", ask);
    return () => removeEventListener("beforeunload", ask);
  }, [active, confirmLeave, holdsMachines]);
}
