/** A running machine's counters, read every second while somebody looks. */
import { useEffect, useState } from "react";
import type { MachineStats } from "../../api/types.ts";
import type { Domain } from "../../virt/domain.ts";
import { useApp } from "../app/context.tsx";

const PERIOD_MS = 1000;
/** Seconds that graphs look back. */
export const HISTORY = 60;

/** A second in a machine's life. */
export interface Moment {
  /** Millions of guest instructions in each second. */
  readonly mips: number;
  /** Share of the time that each virtual CPU was busy, 0 to 1. */
  readonly load: number;
  /** Share of the instructions that ran translated, 0 to 1. */
  readonly translated: number;
}

export interface StatsView extends Moment {
  /** Null while shut off. */
  readonly stats: MachineStats | null;
  /** The counters of the reading before; null at the first one. */
  readonly before: MachineStats | null;
  /** Milliseconds between the two. */
  readonly elapsedMs: number;
  /** The latest last; HISTORY at most. */
  readonly history: readonly Moment[];
}

interface Sample extends StatsView {
  readonly atMs: number;
}

const STILL: Moment = { mips: 0, load: 0, translated: 0 };
const NONE: Sample = { ...STILL, stats: null, before: null, elapsedMs: 0, history: [], atMs: 0 };

export function useStats(domain: Domain): StatsView {
  const { connection } = useApp();
  const [sample, setSample] = useState(NONE);
  const { uuid } = domain.definition;
  const { state } = domain;
  useEffect(() => {
    let wanted = true;
    const read = async () => {
      if (document.hidden) return;
      // A machine that ends between two reads has no counters to give.
      const stats = await connection.stats(uuid).catch(() => null);
      if (wanted) setSample((before) => next(before, stats, performance.now()));
    };
    void read();
    const timer = state === "running" ? setInterval(() => void read(), PERIOD_MS) : undefined;
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [connection, uuid, state]);
  return sample;
}

function next(last: Sample, stats: MachineStats | null, atMs: number): Sample {
  if (!stats) return NONE;
  // Fewer than before: the machine was started anew.
  const restarted = last.stats !== null && stats.instructions < last.stats.instructions;
  const before = restarted ? null : last.stats;
  const elapsedMs = before ? atMs - last.atMs : 0;
  const moment = momentOf(stats, before, elapsedMs);
  const history = before ? [...last.history, moment].slice(-HISTORY) : [];
  return { ...moment, stats, before, elapsedMs, history, atMs };
}

function momentOf(stats: MachineStats, before: MachineStats | null, elapsedMs: number): Moment {
  if (!before || elapsedMs <= 0) return STILL;
  const executed = stats.instructions - before.instructions;
  const translated = stats.translator.instructions - before.translator.instructions;
  const busyMs = Math.max(0, stats.hartMs - before.hartMs);
  return {
    mips: executed / (elapsedMs * 1000),
    load: Math.min(1, busyMs / (elapsedMs * stats.vcpus.length)),
    translated: executed > 0 ? Math.min(1, translated / executed) : 0,
  };
}
