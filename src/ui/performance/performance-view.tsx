/** What a machine does and what it costs: graphs of the last minute, and all counters. */
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
import { STAT_GROUPS } from "../../api/stat-rows.ts";
import type { MachineStats, VcpuStats } from "../../api/types.ts";
import type { Domain } from "../../virt/domain.ts";
import { useApp } from "../app/context.tsx";
import { formatCount } from "../common/format.ts";
import { type StatsView, useStats } from "../common/use-stats.ts";
import { CounterTable } from "./counter-table.tsx";
import { Sparkline } from "./sparkline.tsx";

/** The sums, or one vCPU by its number. */
type Choice = "all" | number;

export function PerformanceView({ domain }: { readonly domain: Domain }) {
  const { t } = useApp();
  const view = useStats(domain);
  const [choice, setChoice] = useState<Choice>("all");
  const { stats, before, elapsedMs } = view;
  if (!stats) return <EmptyState titleText={t("perf.none")} headingLevel="h2" />;
  const chosen = typeof choice === "number" && choice < stats.vcpus.length ? choice : "all";
  const shown = partOf(stats, chosen);
  return (
    <div className="tv-performance">
      <Graphs view={view} />
      {stats.vcpus.length > 1 && (
        <VcpuChoice count={stats.vcpus.length} value={chosen} onChange={setChoice} />
      )}
      <Gallery hasGutter minWidths={{ default: "min(100%, 24rem)" }}>
        {STAT_GROUPS.map((group) => (
          <CounterTable
            key={group.id}
            group={group}
            stats={shown}
            before={before && partOf(before, chosen)}
            elapsedMs={elapsedMs}
          />
        ))}
      </Gallery>
    </div>
  );
}

function partOf(stats: MachineStats, choice: Choice): VcpuStats {
  return choice === "all" ? stats : (stats.vcpus[choice] ?? stats);
}

function Graphs({ view }: { readonly view: StatsView }) {
  const { t, language } = useApp();
  const { history } = view;
  const mips = (value: number) => t("status.mips", { value: formatCount(value, language) });
  const percent = (value: number) => t("unit.percent", { value: Math.round(value * 100) });
  const graphs = [
    { id: "speed", of: "mips", format: mips },
    { id: "load", of: "load", format: percent, most: 1 },
    { id: "share", of: "translated", format: percent, most: 1 },
  ] as const;
  return (
    <Gallery hasGutter minWidths={{ default: "min(100%, 24rem)" }}>
      {graphs.map(({ id, of, format, ...scale }) => (
        <Card key={id} isCompact>
          <CardTitle component="h2">{t(`perf.${id}`)}</CardTitle>
          <CardBody>
            <div className="tv-figure">{format(view[of])}</div>
            <Sparkline
              what={t(`perf.${id}`)}
              values={history.map((moment) => moment[of])}
              format={format}
              {...scale}
            />
          </CardBody>
        </Card>
      ))}
    </Gallery>
  );
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
