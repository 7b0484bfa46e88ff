/** Above the terminal of a machine that is off: what is being done to it, how far that is, and a way out. */
import { Alert, AlertActionLink } from "@patternfly/react-core";
import { useT } from "../../app/context.tsx";
import { TaskProgress } from "../../shell/task-progress.tsx";
import type { Task } from "../../shell/tasks.ts";

export function DoingPanel({ task }: { readonly task: Task }) {
  const t = useT();
  const { title, cancel } = task;
  return (
    <Alert
      className="tv-ended"
      isInline
      component="h2"
      variant="info"
      variantLabel={t("alert.info")}
      title={title}
      actionLinks={
        cancel && (
          <AlertActionLink aria-label={t("task.cancelOf", { title })} onClick={cancel}>
            {t("action.cancel")}
          </AlertActionLink>
        )
      }
    >
      <TaskProgress task={task} />
    </Alert>
  );
}
