/** What the page does for its user and did lately: progress, ends, errors, a way to give up. */
import "./task-log.css";
import { Button, Spinner, Title } from "@patternfly/react-core";
import BanIcon from "@patternfly/react-icons/dist/esm/icons/ban-icon";
import CheckCircleIcon from "@patternfly/react-icons/dist/esm/icons/check-circle-icon";
import ExclamationCircleIcon from "@patternfly/react-icons/dist/esm/icons/exclamation-circle-icon";
import TimesIcon from "@patternfly/react-icons/dist/esm/icons/times-icon";
import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { useApp } from "../app/context.tsx";
import { formatDuration } from "../common/format.ts";
import { useShell } from "./context.tsx";
import { TASK_LOG_ID } from "./task-log-id.ts";
import { TaskProgress } from "./task-progress.tsx";
import type { Task } from "./tasks.ts";

export default function TaskLog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useApp();
  const { tasks } = useShell();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get);
  const close = useRef<HTMLButtonElement>(null);
  useEffect(() => close.current?.focus(), []);
  const log = useRef<HTMLElement>(null);
  useEffect(() => {
    const pressed = ({ key }: KeyboardEvent) => key === "Escape" && onClose();
    const element = log.current;
    element?.addEventListener("keydown", pressed);
    return () => element?.removeEventListener("keydown", pressed);
  }, [onClose]);
  return (
    <aside ref={log} id={TASK_LOG_ID} className="tv-task-log" aria-label={t("task.log")}>
      <div className="tv-task-head">
        <Title headingLevel="h2" size="lg">
          {t("task.log")}
        </Title>
        <Button
          variant="link"
          // A button that is switched off loses the focus.
          isAriaDisabled={list.every(({ state }) => state === "running")}
          onClick={() => tasks.clear()}
        >
          {t("task.clear")}
        </Button>
        <Button
          ref={close}
          variant="plain"
          icon={<TimesIcon />}
          aria-label={t("task.close")}
          onClick={onClose}
        />
      </div>
      {list.length === 0 ? (
        <p className="tv-subtle">{t("task.none")}</p>
      ) : (
        <ul className="tv-tasks">
          {list.map((task) => (
            <TaskItem key={task.id} task={task} />
          ))}
        </ul>
      )}
    </aside>
  );
}

function TaskItem({ task }: { readonly task: Task }) {
  const { t } = useApp();
  const { title, state, error, cancel } = task;
  const [isGivenUp, setGivenUp] = useState(false);
  return (
    <li className="tv-task">
      <TaskIcon state={state} />
      <div className="tv-task-text">
        <span className="tv-task-title">{title}</span>
        <span className="tv-subtle">
          {t(`task.state.${state}`)} <TaskTime task={task} />
        </span>
        {error !== null && <span className="tv-task-error">{error}</span>}
        {state === "running" && <TaskProgress task={task} />}
      </div>
      {state === "running" && cancel && (
        <Button
          variant="secondary"
          size="sm"
          isDisabled={isGivenUp}
          aria-label={t("task.cancelOf", { title })}
          onClick={() => {
            setGivenUp(true);
            cancel();
          }}
        >
          {t("action.cancel")}
        </Button>
      )}
    </li>
  );
}

/** Decoration: the state is said beside it. */
function TaskIcon({ state }: { readonly state: Task["state"] }) {
  switch (state) {
    case "running":
      return <Spinner className="tv-task-icon" size="md" aria-hidden role="presentation" />;
    case "done":
      return <CheckCircleIcon className="tv-task-icon tv-task-done" />;
    case "failed":
      return <ExclamationCircleIcon className="tv-task-icon tv-task-failed" />;
    case "cancelled":
      return <BanIcon className="tv-task-icon" />;
  }
}

/** When it began, and how long it took where that is worth telling. */
function TaskTime({ task: { startedAtMs, endedAtMs } }: { readonly task: Task }) {
  const { t, language } = useApp();
  const began = new Date(startedAtMs);
  const took = endedAtMs === null ? 0 : endedAtMs - startedAtMs;
  const time = began.toLocaleTimeString(language);
  return (
    <time dateTime={began.toISOString()}>
      {took < 1000 ? time : t("task.took", { time, duration: formatDuration(took) })}
    </time>
  );
}
