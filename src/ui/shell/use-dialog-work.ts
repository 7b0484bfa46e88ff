/** Long work of a dialog, which shows it and may be closed before it is done. */
import { useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { useApp } from "../app/context.tsx";
import { errorText } from "../common/error-text.ts";
import { type Attempt, useShell } from "./context.tsx";
import { BACKGROUND_ID } from "./task-in-dialog.tsx";
import { type Task, type TaskControl, wasGivenUp } from "./tasks.ts";

export interface DialogWork {
  /** What is under way; undefined while nothing is. */
  readonly task: Task | undefined;
  /**
   * Does work as a task that can be given up. Resolves when it is done or was given up; when it fails after
   * the dialog was closed, a message tells.
   *
   * @throws what the work throws, while the dialog is shown
   */
  run(attempt: Attempt, work: (control: TaskControl) => Promise<unknown>): Promise<void>;
}

export function useDialogWork(): DialogWork {
  const { notices, t } = useApp();
  const { tasks } = useShell();
  const list = useSyncExternalStore(tasks.subscribe, tasks.get);
  const [id, setId] = useState<number | null>(null);
  const isOpen = useIsOpen();
  const task = list.find((each) => each.id === id && each.state === "running");
  useFocusIn(task !== undefined);
  const run: DialogWork["run"] = async (attempt, work) => {
    const done = tasks.run({ ...attempt, canCancel: true, errorText }, work);
    // The newest one: it is there before its work begins.
    setId(tasks.get()[0]?.id ?? null);
    try {
      await done;
    } catch (error) {
      if (wasGivenUp(error)) return;
      if (isOpen()) throw error;
      const title = t("task.failed", { title: attempt.title });
      notices.add({ variant: "danger", title, text: errorText(error) });
    }
  };
  return { task, run };
}

/** Whether whoever asks is still shown. */
export function useIsOpen(): () => boolean {
  const open = useRef(true);
  useEffect(() => {
    open.current = true;
    return () => void (open.current = false);
  }, []);
  return () => open.current;
}

/** Moves the keyboard before the browser notices that what had it is gone. */
function useFocusIn(isBusy: boolean): void {
  useLayoutEffect(() => {
    const button = isBusy ? document.getElementById(BACKGROUND_ID) : null;
    const dialog = button?.closest("[role=dialog]");
    button?.focus();
    // What failed is told in the dialog's body, over its fields.
    return () => dialog?.querySelector<HTMLElement>("[tabindex='0']")?.focus();
  }, [isBusy]);
}
