/** The commands about virsh itself. */
import { escapeXml } from "../../../virt/xml/format.ts";
import { CommandError } from "../shell/errors.ts";
import { allHelp, helpOn } from "../shell/help.ts";
import type { Runs } from "../shell/run.ts";
import type { CommandGroup } from "../shell/spec.ts";
import type { VIRSH } from "../tables/virsh.ts";

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
      const words = command.all("string");
      const parts = command.has("split") ? words.flatMap(splitCommas) : words;
      const shown = parts.map((word) => {
        const xml = command.has("xml") ? escapeXml(word) : word;
        return command.has("shell") ? shellQuote(xml) : xml;
      });
      const text = shown.join(command.has("split") ? "\n" : " ");
      if (command.has("err")) session.error(text);
      else session.print(text);
    },
    help: async (session, command) => {
      const what = command.text("command");
      if (what === undefined) return session.print(allHelp(groups()));
      const text = helpOn(groups(), what);
      if (text === null) throw new CommandError(`command or command group '${what}' doesn't exist`);
      session.print(text);
    },
    connect: async (session, command) => {
      await session.reconnect(command.text("name"), command.has("readonly"));
    },
    // The loop ends before it would run these.
    quit: async () => {},
    exit: async () => {},
  };
}

/** Splits at single commas; `,,` is a comma. */
function splitCommas(text: string): string[] {
  return text.split(/(?<!,)(?:,,)*,(?!,)/).map((part) => part.replaceAll(",,", ","));
}

/** Quotes for a shell where that is needed. */
function shellQuote(text: string): string {
  if (text !== "" && !/[^\w@%+=:,./-]/.test(text)) return text;
  return `'${text.replaceAll("'", "'\\''")}'`;
}
