/** What the machine is doing, in one line. */
import { DomainState } from "../../../virt/driver/domain-flags.ts";
import { cpuPercent, ratePerSecond, sumOf } from "../../../virt/manager/derive.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useApp } from "../../app/context.tsx";
import { formatCount } from "../../common/format.ts";
import type { TerminalSession } from "./terminal-session.ts";
import { useTerminalSize } from "./use-terminal-size.ts";
import { useStats } from "../../shell/context.tsx";

interface Props {
  readonly domain: ManagedDomain;
  readonly session: TerminalSession;
}

const PERIOD_MS = 1000;
const INSTRUCTIONS = /^vcpu\.\d+\.instructions\.sum$/;

export function StatusLine({ domain, session }: Props) {
  const { t, language } = useApp();
  const samples = useStats(domain.uuid, PERIOD_MS).slice(-2);
  const size = useTerminalSize(session);
  const running = domain.state === DomainState.running;
  const speed = ratePerSecond(samples, (sample) => sumOf(sample, INSTRUCTIONS)).at(-1);
  const load = cpuPercent(samples).at(-1);
  const known = (value: number | null | undefined): value is number =>
    running && value !== null && value !== undefined;
  const items: readonly { term: string; text: string; wide?: boolean }[] = [
    {
      term: t("status.speed"),
      text: known(speed) ? t("status.mips", { value: formatCount(speed / 1e6, language) }) : "–",
    },
    {
      term: t("status.cpu"),
      text: known(load) ? t("unit.percent", { value: Math.round(load) }) : "–",
    },
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
      <span className="tv-status-hint">{t("console.leave")}</span>
    </footer>
  );
}
