/** What a machine does and what it costs: charts of the last minutes, and all counters. */
import "./performance.css";
import {
  Card,
  CardBody,
  CardTitle,
  EmptyState,
  FormSelect,
  FormSelectOption,
  Gallery,
} from "@patternfly/react-core";
import { useState } from "react";
import { STAT_GROUPS } from "../../../api/stat-rows.ts";
import type { MachineStats, VcpuStats } from "../../../api/types.ts";
import { machineStatsFrom } from "../../../virt/driver/vcpu-counters.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import type { StatsSample } from "../../../virt/manager/stats-history.ts";
import { useApp } from "../../app/context.tsx";
import { CounterTable } from "./counter-table.tsx";
import { useManager, useStats } from "../../shell/context.tsx";
import { type Chart, chartsOf } from "./charts.ts";
import { formatOf } from "./format-of.ts";
import { Plot } from "./plot.tsx";

const PERIOD_MS = 1000;

export function PerformanceTab({ domain }: { readonly domain: ManagedDomain }) {
  const { t } = useApp();
  const { host } = useManager();
  const samples = useStats(domain.uuid, PERIOD_MS);
  if (domain.ref.id < 0) return <EmptyState titleText={t("perf.none")} headingLevel="h2" />;
  const { times, charts } = chartsOf(samples, host.cpus);
  return (
    // What scrolls must be reached with the keyboard (WCAG 2.1.1); nothing in it takes the focus.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="tv-performance" tabIndex={0} aria-label={t("domain.performance")}>
      <Gallery hasGutter minWidths={{ default: "min(100%, 26rem)" }}>
        {charts.map((chart) => (
          <ChartCard key={chart.id} chart={chart} times={times} />
        ))}
      </Gallery>
      <Counters samples={samples} />
    </section>
  );
}

function ChartCard({ chart, times }: { readonly chart: Chart; readonly times: readonly number[] }) {
  const { t, language } = useApp();
  const { id, unit, lines, most } = chart;
  const format = formatOf(unit, t, language);
  const title = t(`perf.chart.${id}`);
  const figures = lines.map(({ label, values }) => {
    const last = values.at(-1);
    return { label: t(label), text: last === null || last === undefined ? "–" : format(last) };
  });
  return (
    <Card isCompact>
      <CardTitle component="h2">{title}</CardTitle>
      <CardBody>
        <dl className="tv-figures">
          {figures.map(({ label, text }, at) => (
            <div key={label} className={`tv-figure-${at}`}>
              <dt>{label}</dt>
              <dd>{text}</dd>
            </div>
          ))}
        </dl>
        <Plot
          label={`${title}: ${figures.map(({ label, text }) => `${label} ${text}`).join(", ")}`}
          times={times}
          lines={lines.map(({ label, values }) => ({ label: t(label), values }))}
          {...{ most, format }}
          isBytes={unit === "bytes" || unit === "bytesPerSecond"}
        />
      </CardBody>
    </Card>
  );
}

/** The sums, or one vCPU by its number. */
type Choice = "all" | number;

function Counters({ samples }: { readonly samples: readonly StatsSample[] }) {
  const [choice, setChoice] = useState<Choice>("all");
  const [before, last] = samples.slice(-2);
  const now = last ?? before;
  if (!now?.values.has("vcpu.0.instructions.sum")) return null;
  const stats = statsOf(now);
  const earlier = last && before ? statsOf(before) : null;
  const chosen = typeof choice === "number" && choice < stats.vcpus.length ? choice : "all";
  return (
    <>
      {stats.vcpus.length > 1 && (
        <VcpuChoice count={stats.vcpus.length} value={chosen} onChange={setChoice} />
      )}
      <Gallery hasGutter minWidths={{ default: "min(100%, 24rem)" }}>
        {STAT_GROUPS.map((group) => (
          <CounterTable
            key={group.id}
            group={group}
            stats={partOf(stats, chosen)}
            before={earlier && partOf(earlier, chosen)}
            elapsedMs={now.atMs - (before?.atMs ?? now.atMs)}
          />
        ))}
      </Gallery>
    </>
  );
}

function statsOf({ values }: StatsSample): MachineStats {
  return machineStatsFrom(
    [...values].flatMap(([field, value]) =>
      typeof value === "number" ? [{ field, type: "double", value } as const] : [],
    ),
  );
}

function partOf(stats: MachineStats, choice: Choice): VcpuStats {
  return choice === "all" ? stats : (stats.vcpus[choice] ?? stats);
}

interface VcpuChoiceProps {
  readonly count: number;
  readonly value: Choice;
  readonly onChange: (choice: Choice) => void;
}

function VcpuChoice({ count, value, onChange }: VcpuChoiceProps) {
  const { t } = useApp();
  return (
    <div className="tv-vcpu-choice">
      <label htmlFor="tv-vcpu">{t("perf.vcpu")}</label>
      <FormSelect
        id="tv-vcpu"
        value={String(value)}
        onChange={(_, text) => onChange(text === "all" ? "all" : Number(text))}
      >
        <FormSelectOption value="all" label={t("perf.allVcpus")} />
        {Array.from({ length: count }, (_, index) => (
          <FormSelectOption
            key={index}
            value={String(index)}
            label={t("perf.oneVcpu", { index })}
          />
        ))}
      </FormSelect>
    </div>
  );
}
