/** The commands about virsh itself. */
import { escapeXml } from "../../../virt/xml/format.ts";
import { completions } from "../shell/completion.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import { allHelp, helpOn } from "../shell/help.ts";
import type { Runs } from "../shell/run.ts";
import { checkTables, incompletable } from "../shell/self-test.ts";
import type { CommandGroup } from "../shell/spec.ts";
import type { VIRSH } from "../tables/virsh.ts";
import { splitCommas } from "./comma-lists.ts";
import { namesFor } from "./names.ts";

/** The code of the `virsh` group; `groups` are those that help speaks of. */
export function virshRuns(groups: () => readonly CommandGroup[]): Runs<typeof VIRSH> {
  return {
    cd: async ({ host, options }, command) => {
      if (!options.interactive)
        throw new CommandError("cd: command valid only in interactive mode");
      host.changeDirectory(command.text("dir"));
    },
    pwd: async (session) => session.print(`${session.host.workingDirectory()}\n`),
    echo: async (session, command) => {
      command.exclusive("shell", "xml");
      command.exclusive("shell", "split");
      command.exclusive("xml", "split");
      const words = command.all("string");
      if (words.length === 0) return;
      const shown = words.map((word) => {
        if (command.has("xml")) return escapeXml(word);
        if (command.has("shell")) return shellQuote(word);
        return command.has("split")
          ? splitCommas(word)
              .map((part) => `${part}\n`)
              .join("")
          : word;
      });
      const text = shown.join(" ");
      if (command.has("err")) session.host.err(`error: ${text}\n`);
      else session.print(text);
    },
    help: async (session, command) => {
      const what = command.textOrNone("command");
      if (what === undefined) return session.print(allHelp(groups()));
      const text = helpOn(groups(), what);
      if (text === null) throw new CommandError(`command or command group '${what}' doesn't exist`);
      session.print(text);
    },
    connect: async (session, command) => {
      await session.reconnect(command.text("name"), command.has("readonly"));
    },
    "self-test": async (session, command) => {
      checkTables(groups());
      if (command.has("completers-missing")) session.printExtra(incompletable(groups()));
    },
    complete: async (session, command) => {
      if (!command.given("string")) throw new AlreadyReported("nothing to complete");
      await session.connect();
      const line = command.all("string").join(" ");
      const { candidates } = await completions(line, groups(), namesFor(session), "options");
      if (candidates.length === 0) throw new AlreadyReported("nothing fits");
      session.print(candidates.map((each) => `${each.replaceAll(" ", "\\ ")}\n`).join(""));
    },
    // The loop ends before it would run these.
    quit: async () => {},
    exit: async () => {},
  };
}

/** Quotes for a shell where that is needed. */
function shellQuote(text: string): string {
  if (text !== "" && !/[^\w@%+=:,./-]/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
