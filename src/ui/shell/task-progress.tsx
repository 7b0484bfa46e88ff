/** How far a task is: a bar with its share and its bytes; something that turns while nobody can tell. */
import { Progress, ProgressMeasureLocation, Spinner } from "@patternfly/react-core";
import { useId } from "react";
import { useT } from "../app/context.tsx";
import { formatBytes } from "../common/format.ts";
import type { Translate } from "../i18n/catalogue.ts";
import type { Task, TaskProgress as Bytes } from "./tasks.ts";

interface Props {
  readonly task: Task;
}

/** With the task's title over it. */
export function TitledProgress({ task }: Props) {
  const t = useT();
  const { title, progress } = task;
  if (progress !== null) return <TaskProgress task={task} isTitled />;
  return (
    <span>
      <Spinner size="md" aria-label={t("app.loading")} /> {title}
    </span>
  );
}

/** Nothing while nobody can tell. */
export function TaskProgress({ task, isTitled = false }: Props & { readonly isTitled?: boolean }) {
  const t = useT();
  const id = useId();
  const { title, progress } = task;
  if (progress === null) return null;
  const { doneBytes, totalBytes } = progress;
  const percent = Math.floor((doneBytes / totalBytes) * 100);
  const bytes = bytesText(progress, t);
  return (
    <div>
      <Progress
        {...(isTitled ? { title } : { "aria-label": title })}
        id={id}
        value={percent}
        valueText={`${percent}%, ${bytes}`}
        label={`${percent}%`}
        measureLocation={ProgressMeasureLocation.outside}
        size="sm"
      />
      <span className="tv-subtle">{bytes}</span>
    </div>
  );
}

/** `12 MiB of 40 MiB`. */
export function bytesText({ doneBytes, totalBytes }: Bytes, t: Translate): string {
  const [done, total] = [formatBytes(doneBytes, t), formatBytes(totalBytes, t)];
  return t("task.bytes", { done, total });
}
