/** A console's terminal for a view, and whether it has the guest's attention. */
import { useEffect, useState, useSyncExternalStore } from "react";
import type { ConsoleState, ManagedConsole } from "../../../virt/manager/consoles.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { usePreferences, useT } from "../../app/context.tsx";
import { useDark } from "../../app/theme.ts";
import { sessionOf, type TerminalOptions, type TerminalSession } from "./terminal-session.ts";
import { useManager } from "../../shell/context.tsx";

export interface ConsoleUse {
  readonly console: ManagedConsole;
  readonly session: TerminalSession;
  readonly state: ConsoleState;
}

export function useConsole(domain: ManagedDomain, device: string): ConsoleUse {
  const manager = useManager();
  const options = useTerminalOptions();
  const console = manager.consoles.of(domain, device);
  const session = sessionOf(console, options);
  useEffect(() => session.change(options), [session, options]);
  const state = useSyncExternalStore(
    (changed) => console.subscribe(changed),
    () => console.state,
  );
  return { console, session, state };
}

function useTerminalOptions(): TerminalOptions {
  const t = useT();
  const { theme, fontSize, scrollback, consoleColours, gpu, screenReader } = usePreferences();
  const dark = useDark(theme) || consoleColours === "dark";
  const wanted: TerminalOptions = {
    fontSize,
    scrollback,
    colours: dark ? "dark" : "light",
    gpu,
    screenReader,
    words: { promptLabel: t("console.input"), tooMuchOutput: t("console.tooMuch") },
  };
  const [options, setOptions] = useState(wanted);
  if (JSON.stringify(options) === JSON.stringify(wanted)) return options;
  setOptions(wanted);
  return wanted;
}
