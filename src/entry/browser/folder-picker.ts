/** How the user is asked for a folder of this computer. */
import { pickFolder } from "../../host/browser/picked-folders.ts";

/** Asks for one and keeps it. @returns its path; null when none was chosen */
export type PickFolder = () => Promise<string | null>;

/** Null where the browser gives pages no folders. */
export function folderPicker(): PickFolder | null {
  return "showDirectoryPicker" in globalThis ? pickFolder : null;
}
