/** Work of dialogs: it is in the task log, and its error stays in the dialog. */
import { useMemo } from "react";
import { errorText } from "../common/error-text.ts";
import { useShell } from "../shell/context.tsx";
import type { TaskControl } from "../shell/tasks.ts";

/** @returns a function that does work as a task, and throws what it throws */
export function useDialogTask(): <T>(
  title: string,
  work: (control: TaskControl) => Promise<T>,
) => Promise<T> {
  const { tasks } = useShell();
  return useMemo(() => (title, work) => tasks.run({ title, errorText }, work), [tasks]);
}
