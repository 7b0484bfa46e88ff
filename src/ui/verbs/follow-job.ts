/** A domain's job as a task: how far it is, and a way to give it up (virDomainGetJobStats). */
import type { Connect } from "../../virt/driver/connect.ts";
import type { DomainJobStats } from "../../virt/driver/domain-calls.ts";
import { DomainJobType } from "../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../virt/driver/refs.ts";
import { typedParam } from "../../virt/driver/typed-params.ts";
import type { TaskControl } from "../shell/tasks.ts";

const PERIOD_MS = 500;

/** @throws what the work throws */
export async function followJob<T>(
  connect: Connect,
  domain: DomainRef,
  { progress, signal }: TaskControl,
  work: () => Promise<T>,
): Promise<T> {
  const look = async (): Promise<void> => {
    // A driver without job statistics, or a job that is over.
    const stats = await connect.domainGetJobStats(domain, 0).catch(() => null);
    const { done, total } = stats ? bytesOf(stats) : NOTHING;
    if (total > 0) progress(done, total);
  };
  const giveUp = (): void => void connect.domainAbortJobFlags(domain, 0).catch(() => {});
  const timer = setInterval(() => void look(), PERIOD_MS);
  signal.addEventListener("abort", giveUp);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    signal.removeEventListener("abort", giveUp);
  }
}

const NOTHING = { done: 0, total: 0 };

/** Bytes; `total` is 0 while nobody can tell. */
export function bytesOf({ type, params }: DomainJobStats): typeof NOTHING {
  if (type !== DomainJobType.bounded) return NOTHING;
  const number = (field: string): number => Number(typedParam(params, field)?.value ?? 0);
  const total = number("data_total");
  return { done: Math.min(total, number("data_processed")), total };
}
