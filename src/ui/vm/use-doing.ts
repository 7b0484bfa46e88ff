/** What is being done to a machine just now. */
import { useSyncExternalStore } from "react";
import { useShell } from "../shell/context.tsx";
import type { Task } from "../shell/tasks.ts";

export function useDoing(uuid: string): Task | undefined {
  const { tasks } = useShell();
  return useSyncExternalStore(tasks.subscribe, tasks.get).find(
    ({ subject, state }) => subject === uuid && state === "running",
  );
}
