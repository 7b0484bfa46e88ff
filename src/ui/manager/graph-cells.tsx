/** A row's graphs, which draw themselves anew with each sample. */
/* oxlint-disable jsx-a11y/no-redundant-roles */
import { useCallback, useSyncExternalStore } from "react";
import type { StatsSample } from "../../virt/manager/stats-history.ts";
import type { ManagedDomain } from "../../virt/manager/objects.ts";
import { maxMemoryKib } from "../../virt/conf/domain/view.ts";
import { useApp } from "../app/context.tsx";
import type { Graph } from "../preferences/preferences.ts";
import { useManager } from "../shell/context.tsx";
import { figureText, type Peaks, seriesOf } from "./figures.ts";
import { Sparkline } from "./sparkline.tsx";

interface Props {
  readonly domain: ManagedDomain;
  readonly graphs: readonly Graph[];
  readonly peaks: Peaks;
}

const NONE: readonly StatsSample[] = [];
const NEVER = () => () => {};

export function GraphCells({ domain, graphs, peaks }: Props) {
  const { t } = useApp();
  const { host } = useManager();
  const samples = useSamples(domain.uuid, domain.ref.id > 0);
  return graphs.map((graph) => {
    const values = seriesOf(graph, samples, host.cpus);
    const latest = values.at(-1) ?? null;
    return (
      <td key={graph} role="gridcell" className="tv-cell-graph" data-label={t(`graph.${graph}`)}>
        <span className="tv-graph">
          <Sparkline
            values={values}
            most={scaleOf(graph, domain, peaks)}
            text={figureText(graph, latest, t)}
          />
        </span>
      </td>
    );
  });
}

function scaleOf(graph: Graph, { definition }: ManagedDomain, peaks: Peaks): number {
  if (graph === "cpu" || graph === "hostCpu") return 100;
  return graph === "memory" ? Math.max(1, maxMemoryKib(definition) * 1024) : peaks.most(graph);
}

function useSamples(uuid: string, isWatched: boolean): readonly StatsSample[] {
  const { stats } = useManager();
  const subscribe = useCallback((changed: () => void) => stats.subscribe(changed), [stats]);
  return useSyncExternalStore(isWatched ? subscribe : NEVER, () =>
    isWatched ? stats.samples(uuid) : NONE,
  );
}
