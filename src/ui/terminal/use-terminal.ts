/** The page's terminal for its panel, and the edit that a command waits for. */
import { useEffect, useState } from "react";
import { vmError } from "../../protocol/vm-error.ts";
import { useApp, usePreferences } from "../app/context.tsx";
import { useDark } from "../app/theme.ts";
import { saveFile } from "../common/save.ts";
import { terminalTheme } from "../common/terminal-theme.ts";
import { useShell } from "../shell/context.tsx";
import { pickFile } from "./pick-file.ts";
import { type InstanceServices, TerminalInstance, type TerminalLook } from "./terminal-instance.ts";

export interface Edit {
  readonly text: string;
  finish(text: string): void;
  cancel(): void;
}

const HISTORY_KEY = "tabvisor.terminal-history";
let instance: TerminalInstance | null = null;

export interface TerminalUse {
  readonly terminal: TerminalInstance;
  readonly edit: Edit | null;
  /** The colour around the text, where no whole line has room. */
  readonly background: string | undefined;
}

export function useTerminal(): TerminalUse {
  const { runTerminal } = useShell();
  const [edit, setEdit] = useState<Edit | null>(null);
  const look = useLook();
  const services = useServices(setEdit);
  const terminal = (instance ??= new TerminalInstance(runTerminal, services, look));
  useEffect(() => terminal.change(look, services));
  return { terminal, edit, background: look.theme.background };
}

function useLook(): TerminalLook {
  const { theme, fontSize, scrollback, consoleColours, screenReader } = usePreferences();
  const dark = useDark(theme) || consoleColours === "dark";
  return {
    fontSize,
    scrollback,
    screenReaderMode: screenReader,
    theme: terminalTheme(dark ? "dark" : "light"),
  };
}

function useServices(setEdit: (edit: Edit | null) => void): InstanceServices {
  const { t } = useApp();
  return {
    greeting: `${t("terminal.greeting")}\n`,
    history: { load: loadHistory, save: saveHistory },
    edit: (text) =>
      new Promise((resolve, reject) => {
        const close = (done: () => void) => () => {
          setEdit(null);
          done();
        };
        const cancelled = vmError("operationAborted", t("terminal.givenUp"));
        setEdit({
          text,
          finish: (changed) => close(() => resolve(changed))(),
          cancel: close(() => reject(cancelled)),
        });
      }),
    save: saveFile,
    pick: pickFile,
  };
}

function loadHistory(): readonly string[] {
  try {
    const lines: unknown = JSON.parse(localStorage.getItem(HISTORY_KEY) ?? "[]");
    return Array.isArray(lines) ? lines.filter((line) => typeof line === "string") : [];
  } catch {
    return [];
  }
}

function saveHistory(lines: readonly string[]): void {
  try {
    localStorage.setItem(HISTORY_KEY, JSON.stringify(lines));
  } catch {
    // Private windows keep nothing.
  }
}
