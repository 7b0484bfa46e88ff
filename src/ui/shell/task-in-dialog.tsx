/** What a dialog shows while the work that it began is under way, in place of its fields and buttons. */
import "./task-in-dialog.css";
import { Button } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { singly } from "../common/singly.ts";
import { TitledProgress } from "./task-progress.tsx";
import type { Task } from "./tasks.ts";

export function TaskPanel({ task }: { readonly task: Task }) {
  return (
    <div className="tv-task-panel">
      <TitledProgress task={task} />
    </div>
  );
}

/** The id of the button that the keyboard is to be on. */
export const BACKGROUND_ID = "task-background";

interface Props {
  readonly task: Task;
  readonly onClose: () => void;
}

/** The second click of a double click is for what stood there before. */
export function TaskFooter({ task: { cancel }, onClose }: Props) {
  const t = useT();
  return (
    <>
      <Button id={BACKGROUND_ID} variant="secondary" onClick={singly(onClose)}>
        {t("task.background")}
      </Button>
      {cancel && (
        <Button variant="link" onClick={singly(cancel)}>
          {t("action.cancel")}
        </Button>
      )}
    </>
  );
}
