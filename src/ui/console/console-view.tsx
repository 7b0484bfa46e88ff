/** The console of one machine: tools, terminal, status line. Loaded when first wanted. */
import "@xterm/xterm/css/xterm.css";
import { useEffect, useRef, useState } from "react";
import type { ConsoleDevice } from "../../virt/console.ts";
import type { Domain } from "../../virt/domain.ts";
import { useApp, usePreferences, useT } from "../app/context.tsx";
import { useDark } from "../app/theme.ts";
import { ConsoleToolbar } from "./console-toolbar.tsx";
import { EndedPanel } from "./ended-panel.tsx";
import { SearchBar } from "./search-bar.tsx";
import { StatusLine } from "./status-line.tsx";
import { sessionOf, type TerminalOptions, type TerminalSession } from "./terminal-session.ts";
import { useCopy } from "./use-copy.ts";

export default function ConsoleView({ domain }: { readonly domain: Domain }) {
  const { t } = useApp();
  const [device, setDevice] = useState<ConsoleDevice>("serial0");
  const session = useSession(domain, device);
  const copy = useCopy(session);
  const [finding, setFinding] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const { name } = domain.definition;

  useEffect(() => {
    if (!place.current) return undefined;
    return session.mount(place.current, {
      find: () => setFinding(true),
      leave: () => tools.current?.querySelector("button")?.focus(),
      copy: () => void copy(),
    });
  }, [session, copy]);
  useFocusWhenRunning(session, domain);
  useResetAtStart(session, domain);

  return (
    <div className="tv-console">
      <ConsoleToolbar
        ref={tools}
        domain={domain}
        session={session}
        device={device}
        onDevice={setDevice}
        finding={finding}
        onFind={() => setFinding(!finding)}
        onCopy={() => void copy()}
      />
      {finding && <SearchBar key={device} session={session} onClose={() => setFinding(false)} />}
      <EndedPanel domain={domain} />
      <section
        className="tv-terminal"
        style={{ background: session.terminal.options.theme?.background }}
        aria-label={t("console.label", { name })}
        ref={place}
      />
      <StatusLine domain={domain} session={session} />
    </div>
  );
}

function useSession(domain: Domain, device: ConsoleDevice): TerminalSession {
  const { connection } = useApp();
  const options = useTerminalOptions();
  const { uuid } = domain.definition;
  const session = sessionOf(connection.console(uuid, device), options);
  useEffect(() => session.change(options), [session, options]);
  return session;
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

/** The keyboard goes to the guest as soon as it runs, unless a dialog has it. */
function useFocusWhenRunning(session: TerminalSession, { state }: Domain): void {
  useEffect(() => {
    if (state === "running" && !document.querySelector("[role=dialog]")) session.terminal.focus();
  }, [session, state]);
}

/** A new boot must not inherit the colours and modes that the last one ended in. */
function useResetAtStart(session: TerminalSession, { startedAtMs }: Domain): void {
  const before = useRef(startedAtMs);
  useEffect(() => {
    if (before.current !== undefined && before.current !== startedAtMs) session.softReset();
    before.current = startedAtMs;
  }, [session, startedAtMs]);
}
