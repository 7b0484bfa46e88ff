/** What every view needs of the connection, provided once by the shell. */
import { createContext, useContext, useEffect, useMemo, useSyncExternalStore } from "react";
import type { GuestManifest } from "../../virt/guest-manifest.ts";
import type { Manager } from "../../virt/manager/manager.ts";
import type { ManagedDomain, ManagedNetwork, ManagedPool } from "../../virt/manager/objects.ts";
import type { StatsSample } from "../../virt/manager/stats-history.ts";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import type { RunTerminal } from "../terminal/terminal-port.ts";
import { type TaskControl, type Tasks, wasGivenUp } from "./tasks.ts";

export interface ShellContext {
  readonly manager: Manager;
  /** The guests that are served beside the page. @throws VmError */
  guests(): Promise<readonly GuestManifest[]>;
  /** Lets the terminal's commands talk on a screen. */
  readonly runTerminal: RunTerminal;
  /** Whether machines end when this page is closed. */
  holdsMachines(): boolean;
  /** Tells when the tab that ran the machines is gone; returns a function that stops it. */
  onHostMoved(listener: () => void): () => void;
  /** Asks the user for a folder of this computer; null where no folder can be had. */
  readonly pickFolder: (() => Promise<string | null>) | null;
  readonly tasks: Tasks;
}

const Context = createContext<ShellContext | null>(null);

export const ShellProvider = Context.Provider;

export function useShell(): ShellContext {
  const shell = useContext(Context);
  if (!shell) throw new Error("a view stands outside of ShellProvider");
  return shell;
}

export function useManager(): Manager {
  return useShell().manager;
}

function useSnapshot<T>(read: (manager: Manager) => T): T {
  const manager = useManager();
  return useSyncExternalStore(
    (changed) => manager.subscribe(changed),
    () => read(manager),
  );
}

/** All domains by name, fresh after every change. */
export function useDomains(): readonly ManagedDomain[] {
  return useSnapshot((manager) => manager.domains());
}

export function useDomain(uuid: string): ManagedDomain | undefined {
  return useSnapshot((manager) => manager.domain(uuid));
}

export function usePools(): readonly ManagedPool[] {
  return useSnapshot((manager) => manager.pools());
}

export function useNetworks(): readonly ManagedNetwork[] {
  return useSnapshot((manager) => manager.networks());
}

/** Samples counters while the view is shown. */
export function useStats(uuid: string, periodMs: number): readonly StatsSample[] {
  const manager = useManager();
  useEffect(() => manager.watchStats(periodMs), [manager, periodMs]);
  return useSyncExternalStore(
    (changed) => manager.stats.subscribe(changed),
    () => manager.stats.samples(uuid),
  );
}

export interface Attempt {
  /** What it is called in the task log and in messages: "Starting debian". */
  readonly title: string;
  readonly canCancel?: boolean;
  /** The UUID of the object that it is about: where it is shown, what is under way is, too. */
  readonly subject?: string;
}

export type RunTask = (
  attempt: Attempt,
  work: (control: TaskControl) => Promise<unknown>,
) => Promise<boolean>;

/** @returns a function that does work as a task, shows its error, and tells whether it worked */
export function useTask(): RunTask {
  const { notices, t } = useApp();
  const { tasks } = useShell();
  return useMemo(
    () => async (attempt, work) => {
      try {
        await tasks.run({ ...attempt, errorText }, work);
        return true;
      } catch (error) {
        if (wasGivenUp(error)) return false;
        const title = t("task.failed", { title: attempt.title });
        notices.add({ variant: "danger", title, text: errorText(error) });
        return false;
      }
    },
    [notices, tasks, t],
  );
}
