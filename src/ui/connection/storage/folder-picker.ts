/** Folders of this computer, where the browser gives pages any. */
import { useManager, useShell } from "../../shell/context.tsx";

/** @returns a function that asks the user for a folder (its path; null when none was chosen), or null */
export function useFolderPicker(): (() => Promise<string | null>) | null {
  const { pickFolder } = useShell();
  // The mock has no files at all.
  return useManager().host.type === "TEST" ? null : pickFolder;
}
