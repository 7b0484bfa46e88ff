/** A machine's consoles: tools, terminal, status line. Loaded when first wanted. */
import "@xterm/xterm/css/xterm.css";
import "./console.css";
import { EmptyState, EmptyStateBody } from "@patternfly/react-core";
import { useEffect, useRef, useState } from "react";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { DomainState } from "../../../virt/driver/domain-flags.ts";
import { useApp } from "../../app/context.tsx";
import { SearchBar } from "./search-bar.tsx";
import type { TerminalSession } from "./terminal-session.ts";
import { useCopy } from "./use-copy.ts";
import { ConsoleNotice } from "./console-notice.tsx";
import { ConsoleTools } from "./console-tools.tsx";
import { type ConsoleDevice, consoleDevices } from "./devices.ts";
import { EndedPanel } from "./ended-panel.tsx";
import { KeyBar } from "./key-bar.tsx";
import { StatusLine } from "./status-line.tsx";
import { useConsole } from "./use-console.ts";
import { useTextDrop } from "./use-text-drop.ts";

interface Props {
  readonly domain: ManagedDomain;
  /** Alias of the one that is shown first; the first one when absent. */
  readonly device?: string;
  /** It has a window of its own. */
  readonly alone?: boolean;
}

export function ConsoleTab({ domain, device, alone = false }: Props) {
  const { t } = useApp();
  const devices = consoleDevices(domain);
  const [chosen, setChosen] = useState(device);
  const shown = devices.find(({ alias }) => alias === chosen) ?? devices[0];
  if (!shown) {
    return (
      <EmptyState headingLevel="h2" titleText={t("console.none")}>
        <EmptyStateBody>{t("console.noneHint")}</EmptyStateBody>
      </EmptyState>
    );
  }
  return <OneConsole {...{ domain, devices, shown, alone }} onDevice={setChosen} />;
}

interface OneProps {
  readonly domain: ManagedDomain;
  readonly devices: readonly ConsoleDevice[];
  readonly shown: ConsoleDevice;
  readonly alone: boolean;
  readonly onDevice: (alias: string) => void;
}

function OneConsole({ domain, devices, shown, alone, onDevice }: OneProps) {
  const { t } = useApp();
  const { console, session, state } = useConsole(domain, shown.alias);
  const copy = useCopy(session);
  const [finding, setFinding] = useState(false);
  const whole = useRef<HTMLDivElement>(null);
  const place = useRef<HTMLDivElement>(null);
  const tools = useRef<HTMLDivElement>(null);
  const drop = useTextDrop(session);

  useEffect(() => {
    if (!place.current) return undefined;
    return session.mount(place.current, {
      find: () => setFinding(true),
      leave: () => tools.current?.querySelector("button")?.focus(),
      copy: () => void copy(),
    });
  }, [session, copy]);
  useFocusWhenOpen(session, state === "open");
  useResetAtStart(session, domain);

  return (
    <div className="tv-console" ref={whole}>
      <ConsoleTools
        {...{ domain, devices, shown, session, alone, onDevice, finding }}
        ref={tools}
        whole={whole}
        open={state === "open"}
        onFind={() => setFinding(!finding)}
        onCopy={() => void copy()}
      />
      {finding && (
        <SearchBar key={shown.alias} session={session} onClose={() => setFinding(false)} />
      )}
      <EndedPanel domain={domain} console={console} />
      <ConsoleNotice console={console} state={state} />
      <section
        className="tv-terminal"
        style={{ background: session.terminal.options.theme?.background }}
        aria-label={t("console.of", { device: shown.name, name: domain.name })}
        ref={place}
        {...drop}
      />
      <KeyBar session={session} disabled={state !== "open"} />
      <StatusLine domain={domain} session={session} />
    </div>
  );
}

/** The keyboard goes to the guest as soon as it listens, unless a dialog has it. */
function useFocusWhenOpen(session: TerminalSession, open: boolean): void {
  useEffect(() => {
    if (open && !document.querySelector("[role=dialog]")) session.terminal.focus();
  }, [session, open]);
}

/** A new boot must not inherit the colours and modes that the last one ended in. */
function useResetAtStart(session: TerminalSession, { ref: { id }, state }: ManagedDomain): void {
  const before = useRef(id);
  useEffect(() => {
    if (state === DomainState.shutoff) return;
    if (before.current !== id) session.softReset();
    before.current = id;
  }, [session, id, state]);
}
