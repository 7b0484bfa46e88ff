/** Rows and columns of a terminal, as they change. */
import { useCallback, useSyncExternalStore } from "react";
import type { TerminalSession } from "./terminal-session.ts";

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

export function useTerminalSize({ terminal }: TerminalSession): TerminalSize {
  const subscribe = useCallback(
    (changed: () => void) => {
      const listening = terminal.onResize(changed);
      return () => listening.dispose();
    },
    [terminal],
  );
  const rows = useSyncExternalStore(subscribe, () => terminal.rows);
  const columns = useSyncExternalStore(subscribe, () => terminal.cols);
  return { rows, columns };
}
