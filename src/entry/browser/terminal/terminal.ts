/** The page's terminal: libvirt's and QEMU's commands, and a few for files. */
import type { HistoryStore } from "../../../cli/terminal/history.ts";
import { Interrupt } from "../../../cli/terminal/interrupt.ts";
import { type Command, type CommandIo, Shell } from "../../../cli/terminal/shell.ts";
import type { Tty } from "../../../cli/terminal/tty.ts";
import { virsh } from "../../../cli/virsh/main.ts";
import { virshCompletion } from "../../../cli/virsh/one-command-completion.ts";
import { virtClone } from "../../../cli/virt-clone/main.ts";
import { virtInstall } from "../../../cli/virt-install/main.ts";
import { virtTop } from "../../../cli/virt-top/main.ts";
import type { XmlHost } from "../../../cli/virt-xml/host.ts";
import { virtXml } from "../../../cli/virt-xml/main.ts";
import { cloneHost } from "./clone-host.ts";
import { completePath, fileCommands } from "./file-commands.ts";
import { HOME } from "./paths.ts";
import { Place, type PlacePorts } from "./place.ts";
import { toolHost } from "./tool-host.ts";
import { topHost } from "./top-host.ts";
import { virshHost } from "./virsh-host.ts";

export interface TerminalOptions extends PlacePorts {
  readonly history: HistoryStore;
  readonly greeting: string;
}

/** Talks on `tty` until the user leaves. */
export async function runTerminal(tty: Tty, options: TerminalOptions): Promise<void> {
  const place = new Place(options);
  // Where the browser keeps no files, the commands on files say so.
  await makeHome(place).catch(() => {});
  const commands = commandsOf(place, tty);
  const shell = new Shell(tty, {
    commands,
    history: options.history,
    greeting: options.greeting,
    prompt: () => `${BOLD}tabvisor${PLAIN}:${place.shownDirectory}# `,
  });
  await shell.run();
}

async function makeHome({ tools }: Place): Promise<void> {
  const service = await tools.service();
  if ((await service.stat(HOME)) === null) await service.makeDirectory(HOME);
}

/** Completion says nothing and asks nothing. */
const SILENT: CommandIo = {
  out: () => {},
  err: () => {},
  readLine: async () => null,
  raw: () => () => {},
  size: () => ({ columns: 80, rows: 24 }),
  interrupt: new Interrupt(),
};

function xmlHost(place: Place, io: CommandIo): XmlHost {
  return {
    ...toolHost(place, io),
    readInput: async () => undefined,
    readLine: (prompt) => io.readLine(prompt),
  };
}

const BOLD = "\x1b[1m";
const PLAIN = "\x1b[m";

function commandsOf(place: Place, tty: Tty): ReadonlyMap<string, Command> {
  const paths = (before: string) => completePath(place, before);
  const image = (name: "qemu-img" | "qemu-io", summary: string): [string, Command] => [
    name,
    {
      summary,
      run: (args, io) => place.tools.run({ name, args, directory: place.directory }, io),
      complete: paths,
    },
  ];
  const commands = new Map<string, Command>([
    [
      "virsh",
      {
        summary: "manage domains, pools, volumes, networks; alone: a conversation",
        run: (args, io) => virsh(args, virshHost(place, io)),
        complete: virshCompletion(() => virshHost(place, SILENT)),
      },
    ],
    [
      "virt-install",
      {
        summary: "make a domain and start it",
        run: (args, io) => virtInstall(args, toolHost(place, io)),
        complete: paths,
      },
    ],
    [
      "virt-clone",
      {
        summary: "make a domain like another, with disks of its own",
        run: (args, io) => virtClone(args, cloneHost(place, io)),
        complete: paths,
      },
    ],
    [
      "virt-xml",
      {
        summary: "change a domain's XML by options",
        run: (args, io) => virtXml(args, xmlHost(place, io)),
        complete: paths,
      },
    ],
    [
      "virt-top",
      {
        summary: "show what domains use of processor, memory, disks and network",
        run: (args, io) => virtTop(args, topHost(place, io)),
        complete: paths,
      },
    ],
    image("qemu-img", "make, convert and look at disk images"),
    image("qemu-io", "read and write disk images"),
    ...fileCommands(place),
    [
      "clear",
      {
        summary: "clear the screen",
        run: async () => {
          tty.write("\x1b[H\x1b[2J\x1b[3J");
          return 0;
        },
      },
    ],
  ]);
  commands.set("help", {
    summary: "tell the commands",
    run: async (_args, io) => {
      const names = [...commands.keys()];
      const width = Math.max(...names.map(({ length }) => length));
      for (const [name, { summary }] of commands) io.out(`${name.padEnd(width)}  ${summary}\n`);
      return 0;
    },
  });
  return commands;
}
