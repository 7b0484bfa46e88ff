/** Completes a command that is given to virsh on a shell's line. */
import { namesFor } from "./commands/names.ts";
import { GROUPS } from "./groups.ts";
import { complete } from "./shell/completion.ts";
import type { Complete, VirshHost } from "./shell/host.ts";
import { LogLevel } from "./shell/log.ts";
import { Session } from "./shell/session.ts";

/** virsh's own options that take a word. */
const WITH_WORD = new Set(["-c", "--connect", "-d", "--debug", "-e", "--escape", "-l", "--log"]);

/** @param host whose output nobody sees */
export function virshCompletion(host: () => VirshHost): Complete {
  return async (before) => {
    const { uri, command } = withoutOptions(before);
    const options = {
      readOnly: true,
      quiet: true,
      timing: false,
      escape: "^]",
      interactive: false,
      debug: LogLevel.error,
    };
    const session = new Session(host(), { ...options, ...(uri !== undefined && { uri }) });
    try {
      return await complete(command, GROUPS, namesFor(session));
    } catch {
      // Without a connection there are no names.
      return { word: "", candidates: [] };
    } finally {
      await session.close();
    }
  };
}

function withoutOptions(before: string): { readonly uri?: string; readonly command: string } {
  let command = before;
  let uri: string | undefined;
  for (;;) {
    const option = /^(-\S+)\s+/.exec(command);
    if (!option?.[1]) break;
    command = command.slice(option[0].length);
    if (!WITH_WORD.has(option[1])) continue;
    const word = /^(\S+)\s+/.exec(command);
    if (!word?.[1]) return { command: "" };
    if (option[1] === "-c" || option[1] === "--connect") uri = word[1];
    command = command.slice(word[0].length);
  }
  return { command, ...(uri !== undefined && { uri }) };
}
