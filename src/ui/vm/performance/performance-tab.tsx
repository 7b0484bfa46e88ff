/** The machine's counters over the last minutes. */
import {
  cpuPercent,
  diskTraffic,
  memoryKib,
  networkTraffic,
} from "../../../virt/manager/derive.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import { useStats } from "../../shell/context.tsx";

const PERIOD_MS = 1000;

export function PerformanceTab({ domain }: { readonly domain: ManagedDomain }) {
  const samples = useStats(domain.uuid, PERIOD_MS);
  const last = samples.at(-1);
  return (
    <output>
      {cpuPercent(samples).at(-1)?.toFixed(1)} {diskTraffic(samples).read.at(-1)}{" "}
      {networkTraffic(samples).read.at(-1)} {last && memoryKib(last)}
    </output>
  );
}
