/** Rows and columns of a terminal, as they change. */
import { useEffect, useState } from "react";
import type { TerminalSession } from "./terminal-session.ts";

export interface TerminalSize {
  readonly rows: number;
  readonly columns: number;
}

export function useTerminalSize({ terminal }: TerminalSession): TerminalSize {
  const [size, setSize] = useState<TerminalSize>({ rows: terminal.rows, columns: terminal.cols });
  useEffect(() => {
    setSize({ rows: terminal.rows, columns: terminal.cols });
    const listening = terminal.onResize(({ rows, cols }) => setSize({ rows, columns: cols }));
    return () => listening.dispose();
  }, [terminal]);
  return size;
}
