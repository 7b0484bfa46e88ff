/** Carries a draft out as a task, which goes on when the wizard is closed. */
import { useState, useSyncExternalStore } from "react";
import type { Manager } from "../../virt/manager/manager.ts";
import { createMachine, type MachinePlan } from "../../virt/manager/create-machine.ts";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import { useShell } from "../shell/context.tsx";
import type { Task, TaskControl } from "../shell/tasks.ts";
import { useIsOpen } from "../shell/use-dialog-work.ts";
import type { Around } from "./around.ts";
import type { Settled } from "./draft.ts";
import { planOf } from "./plan.ts";

export interface Creation {
  /** What is under way; undefined while nothing is. */
  readonly task: Task | undefined;
  /** Why the last try failed. */
  readonly error: string | null;
  /** @param done told the machine's UUID when it is there and the wizard still is, too */
  create(settled: Settled, around: Around, done: (uuid: string) => void): void;
}

export function useCreation(): Creation {
  const { manager, tasks } = useShell();
  const { notices, t } = useApp();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get);
  const [id, setId] = useState<number | null>(null);
  const [error, setError] = useState<string | null>(null);
  const isOpen = useIsOpen();
  const create: Creation["create"] = (settled, around, done) => {
    const { name } = settled;
    const uuid = crypto.randomUUID();
    const plan = planOf(settled, around, uuid);
    const title = t("newVm.creating", { name });
    const signals: AbortSignal[] = [];
    const work = tasks.run({ title, canCancel: true, errorText }, (control) => {
      signals.push(control.signal);
      return carryOut(manager, plan, uuid, control);
    });
    // The newest one: it is there before its work begins.
    setId(tasks.get()[0]?.id ?? null);
    setError(null);
    const failed = (cause: unknown): void => {
      const isCancelled = signals.some(({ aborted }) => aborted);
      if (isOpen()) setError(isCancelled ? null : errorText(cause));
      else if (!isCancelled) {
        notices.add({ variant: "danger", title: t("newVm.failed"), text: errorText(cause) });
      }
    };
    const made = (): void => {
      if (isOpen()) done(uuid);
      else notices.add({ variant: "success", title: t("newVm.created", { name }) });
    };
    void work.then(made, failed).finally(() => isOpen() && setId(null));
  };
  return { task: list.find((task) => task.id === id), error, create };
}

async function carryOut(
  manager: Manager,
  plan: MachinePlan,
  uuid: string,
  control: TaskControl,
): Promise<void> {
  try {
    await createMachine(manager.connect, plan, control);
    await manager.refreshDomain(uuid);
  } finally {
    const names = new Set(plan.volumes.map(({ pool }) => pool.name));
    const pools = manager.pools().filter(({ name }) => names.has(name));
    await Promise.all(pools.map((pool) => manager.refreshPool(pool.uuid)));
  }
}
