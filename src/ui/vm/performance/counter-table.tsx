/** A group of counters: how fast each one grows, and how far it got. */
import { Card, CardBody, CardTitle } from "@patternfly/react-core";
import type { StatGroup, StatRow } from "../../../api/stat-rows.ts";
import type { VcpuStats } from "../../../api/types.ts";
import { useApp } from "../../app/context.tsx";
import { formatBytes, formatCount, formatShort } from "../../common/format.ts";

interface Props {
  readonly group: StatGroup;
  readonly stats: VcpuStats;
  /** The reading before, `elapsedMs` earlier. */
  readonly before: VcpuStats | null;
  readonly elapsedMs: number;
}

export function CounterTable({ group, stats, before, elapsedMs }: Props) {
  const { t } = useApp();
  const title = t(`perf.${group.id}`);
  return (
    <Card isCompact>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <p className="tv-hint">{t(`perf.${group.id}Hint`)}</p>
        <table className="tv-counters" aria-label={title}>
          <thead>
            <tr>
              <th scope="col">{t("perf.counter")}</th>
              <th scope="col">{t("perf.perSecond")}</th>
              <th scope="col">{t("perf.total")}</th>
            </tr>
          </thead>
          <tbody>
            {group.rows.map((row) => (
              <Counter
                key={row.id}
                row={row}
                value={row.of(stats)}
                rate={before && elapsedMs > 0 ? rateOf(row, stats, before, elapsedMs) : null}
              />
            ))}
          </tbody>
        </table>
      </CardBody>
    </Card>
  );
}

function rateOf(row: StatRow, stats: VcpuStats, before: VcpuStats, elapsedMs: number) {
  if (row.gauge) return null;
  return (Math.max(0, row.of(stats) - row.of(before)) * 1000) / elapsedMs;
}

interface CounterProps {
  readonly row: StatRow;
  readonly value: number;
  /** Each second; null where there is none. */
  readonly rate: number | null;
}

function Counter({ row, value, rate }: CounterProps) {
  const { t, language } = useApp();
  const total = () => {
    if (row.unit === "ms") return t("unit.seconds", { value: (value / 1000).toFixed(2) });
    return row.unit === "bytes" ? formatBytes(value, t) : formatShort(value, language);
  };
  const perSecond = () => {
    if (rate === null) return "–";
    if (row.unit === "ms") return t("unit.percent", { value: Math.round(rate / 10) });
    return formatShort(rate < 10 ? Math.round(rate * 10) / 10 : Math.round(rate), language);
  };
  return (
    <tr>
      <th scope="row">{t(`perf.${row.id}`)}</th>
      <td>{perSecond()}</td>
      <td title={row.unit === "count" ? formatCount(value, language) : undefined}>{total()}</td>
    </tr>
  );
}
