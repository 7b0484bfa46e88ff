/** The masthead's way to the task log: how much is under way, and a word when something is done. */
import { Badge, Button } from "@patternfly/react-core";
import TasksIcon from "@patternfly/react-icons/dist/esm/icons/tasks-icon";
import { useSyncExternalStore } from "react";
import { useApp } from "../app/context.tsx";
import type { Translate } from "../i18n/catalogue.ts";
import { useShell } from "./context.tsx";
import { TASK_LOG_ID } from "./task-log-id.ts";
import type { Task } from "./tasks.ts";

interface Props {
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

export function TaskButton({ isOpen, onToggle }: Props) {
  const { t } = useApp();
  const { tasks } = useShell();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get);
  const running = list.filter(({ state }) => state === "running").length;
  return (
    <>
      <Button
        id="task-button"
        variant="plain"
        className="tv-task-button"
        aria-label={running === 0 ? t("task.log") : t("task.logRunning", { count: running })}
        aria-expanded={isOpen}
        aria-controls={TASK_LOG_ID}
        icon={<TasksIcon />}
        onClick={onToggle}
      >
        {running > 0 && <Badge className="tv-task-badge">{running}</Badge>}
      </Button>
      <output className="pf-v6-screen-reader" aria-live="polite">
        {lastWord(list, t)}
      </output>
    </>
  );
}

/** What ended last; failures are told by a message of their own. */
function lastWord(list: readonly Task[], t: Translate): string {
  const ended = list.find(({ state }) => state === "done" || state === "cancelled");
  if (!ended) return "";
  return t(ended.state === "done" ? "task.isDone" : "task.isCancelled", { title: ended.title });
}
