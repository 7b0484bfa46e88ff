/** What the machine is doing, in one line. */
import { useEffect, useState } from "react";
import { type Domain, uptimeMs } from "../../virt/domain.ts";
import { useApp } from "../app/context.tsx";
import { formatCount, formatDuration } from "../common/format.ts";
import { reasonText } from "../common/reason-text.ts";
import { useStats } from "../common/use-stats.ts";
import { jobText } from "../domains/state-label.tsx";
import type { TerminalSession } from "./terminal-session.ts";
import { useTerminalSize } from "./use-terminal-size.ts";

interface Props {
  readonly domain: Domain;
  readonly session: TerminalSession;
}

export function StatusLine({ domain, session }: Props) {
  const { t, language } = useApp();
  const { mips, load } = useStats(domain);
  const uptime = useUptime(domain);
  const size = useTerminalSize(session);
  const state = jobText(domain, t) || t(`state.${domain.state}`);
  const running = domain.state === "running";
  // What the header says too, or few ask for, gives way on narrow screens.
  const items: readonly { term: string; text: string; wide?: boolean }[] = [
    { term: t("status.state"), text: state, wide: true },
    {
      term: t("status.speed"),
      text: running ? t("status.mips", { value: formatCount(mips, language) }) : "–",
    },
    {
      term: t("status.cpu"),
      text: running ? t("unit.percent", { value: Math.round(load * 100) }) : "–",
    },
    { term: t("status.uptime"), text: domain.state === "shutoff" ? "–" : uptime },
    { term: t("status.size"), text: t("status.sizeValue", size), wide: true },
  ];
  return (
    <footer className="tv-status">
      <dl>
        {items.map(({ term, text, wide }) => (
          <div key={term} className={wide ? "tv-status-wide" : undefined}>
            <dt>{term}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <span className="tv-status-hint">{reasonText(domain, t) || t("console.leave")}</span>
    </footer>
  );
}

/** Ticks while the machine runs; else its record says all. */
function useUptime(domain: Domain): string {
  const [nowMs, setNowMs] = useState(() => Date.now());
  const running = domain.state === "running";
  useEffect(() => {
    if (!running) return undefined;
    const timer = setInterval(() => setNowMs(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return formatDuration(uptimeMs(domain, nowMs));
}
