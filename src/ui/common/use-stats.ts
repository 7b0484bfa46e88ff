/** A running machine's counters, read every second while somebody looks. */
import { useEffect, useState } from "react";
import type { MachineStats } from "../../api/types.ts";
import type { Domain } from "../../virt/domain.ts";
import { useApp } from "../app/context.tsx";

const PERIOD_MS = 1000;

export interface StatsView {
  /** Null while shut off. */
  readonly stats: MachineStats | null;
  /** Millions of guest instructions in the last second. */
  readonly mips: number;
  /** Share of that second that each virtual CPU was busy, 0 to 1. */
  readonly load: number;
}

interface Sample extends StatsView {
  readonly atMs: number;
}

const NONE: Sample = { stats: null, mips: 0, load: 0, atMs: 0 };

export function useStats(domain: Domain): StatsView {
  const { connection } = useApp();
  const [sample, setSample] = useState(NONE);
  const { uuid, vcpus } = domain.definition;
  const { state } = domain;
  useEffect(() => {
    let wanted = true;
    const read = async () => {
      if (document.hidden) return;
      // A machine that ends between two reads has no counters to give.
      const stats = await connection.stats(uuid).catch(() => null);
      if (wanted) setSample((before) => next(before, stats, { atMs: performance.now(), vcpus }));
    };
    void read();
    const timer = state === "running" ? setInterval(() => void read(), PERIOD_MS) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [connection, uuid, vcpus, state]);
  return sample;
}

interface Moment {
  readonly atMs: number;
  readonly vcpus: number;
}

function next(before: Sample, stats: MachineStats | null, { atMs, vcpus }: Moment): Sample {
  if (!stats) return NONE;
  const elapsedMs = atMs - before.atMs;
  const since = before.stats ?? stats;
  const executed = Math.max(0, stats.instructions - since.instructions);
  const busyMs = Math.max(0, stats.hartMs - since.hartMs);
  const load = Math.min(1, busyMs / (elapsedMs * vcpus));
  return { stats, mips: executed / (elapsedMs * 1000), load, atMs };
}
