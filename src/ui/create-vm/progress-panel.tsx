/** What the wizard shows while the machine is being made. */
import { Button, Progress, ProgressMeasureLocation, Spinner } from "@patternfly/react-core";
import { useT } from "../app/context.tsx";
import { singly } from "../common/singly.ts";
import type { Task } from "../shell/tasks.ts";

interface Props {
  readonly task: Task;
}

export function ProgressPanel({ task: { title, progress } }: Props) {
  const t = useT();
  return (
    <output className="tv-new-vm-progress">
      {progress === null ? (
        <>
          <Spinner aria-label={title} />
          <p>{title}</p>
        </>
      ) : (
        <Progress
          value={Math.floor(progress * 100)}
          title={title}
          measureLocation={ProgressMeasureLocation.outside}
          aria-label={t("newVm.copying")}
        />
      )}
    </output>
  );
}

interface FooterProps {
  readonly task: Task;
  readonly onClose: () => void;
}

export function ProgressFooter({ task, onClose }: FooterProps) {
  const t = useT();
  return (
    <>
      <Button id="new-vm-background" variant="secondary" onClick={singly(onClose)}>
        {t("newVm.background")}
      </Button>
      <Button variant="link" onClick={singly(() => task.cancel?.())}>
        {t("newVm.cancel")}
      </Button>
    </>
  );
}
