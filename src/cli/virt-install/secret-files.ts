/** Passwords and keys that stand in files: the first line counts. */
import { utf8Text } from "../../util/bytes.ts";
import type { InstallHost } from "./host.ts";
import { readHostFile } from "./tree/install-tree.ts";

/** @throws ToolError, VmError where the file cannot be read */
export async function firstLine(host: InstallHost, path: string): Promise<string> {
  return utf8Text(await readHostFile(host, path)).split(/\r?\n/, 1)[0] ?? "";
}
