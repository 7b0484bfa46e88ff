/** What is under way in a pool, how far it is, and a way to give it up. */
import { Button } from "@patternfly/react-core";
import { useSyncExternalStore } from "react";
import { useT } from "../../app/context.tsx";
import { useShell } from "../../shell/context.tsx";
import { TitledProgress } from "../../shell/task-progress.tsx";
import type { Task } from "../../shell/tasks.ts";

export function RunningTasks({ pool }: { readonly pool: string }) {
  const t = useT();
  const { tasks } = useShell();
  const running = useSyncExternalStore(tasks.subscribe, tasks.get).filter(
    ({ subject, state }) => subject === pool && state === "running",
  );
  if (running.length === 0) return null;
  return (
    <ul className="tv-running" aria-label={t("pool.running")}>
      {running.map((task) => (
        <RunningTask key={task.id} task={task} />
      ))}
    </ul>
  );
}

function RunningTask({ task }: { readonly task: Task }) {
  const t = useT();
  const { title, cancel } = task;
  return (
    <li className="tv-running-task">
      <TitledProgress task={task} />
      {cancel && (
        <Button variant="link" aria-label={t("task.cancelOf", { title })} onClick={cancel}>
          {t("action.cancel")}
        </Button>
      )}
    </li>
  );
}
