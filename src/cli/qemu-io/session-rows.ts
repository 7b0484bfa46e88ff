import { type ImageOptions, parseImageOptions } from "../../storage/graph/image-options.ts";
import { type Arguments, Refusal, numberOf } from "./arguments.ts";
import { Quit, type Row } from "./command-row.ts";
import { reopenCommand } from "./reopen.ts";
import type { Session } from "./session.ts";

/** What image is open, and the program itself. */
export const SESSION_ROWS: readonly Row[] = [
  {
    name: "abort",
    args: "",
    oneLine: "simulate a program crash using abort(3)",
    short: "",
    least: 0,
    most: 0,
    closed: true,
    async run({ tools }) {
      tools.raise(6);
      return true;
    },
  },
  {
    name: "close",
    alias: "c",
    args: "",
    oneLine: "close the current open file",
    short: "",
    least: 0,
    most: 0,
    async run(session) {
      await session.close();
      return true;
    },
  },
  {
    name: "open",
    alias: "o",
    args: "[-rsCnkU] [-t cache] [-d discard] [-o options] [path]",
    oneLine: "open the file specified by path",
    short: "rsCnkUi:t:d:o:",
    least: 0,
    most: -1,
    closed: true,
    run: openCommand,
  },
  {
    name: "quit",
    alias: "q",
    args: "",
    oneLine: "exit the program",
    short: "",
    least: 0,
    most: 0,
    closed: true,
    async run() {
      throw new Quit();
    },
  },
  {
    name: "reopen",
    args: "[(-r|-w)] [-c cache] [-o options]",
    oneLine: "reopens an image with new options",
    short: "c:o:rw",
    least: 0,
    most: -1,
    run: reopenCommand,
  },
  {
    name: "sigraise",
    args: "signal",
    oneLine: "raises a signal",
    short: "",
    least: 1,
    most: 1,
    closed: true,
    async run({ tools }, { words }) {
      tools.raise(numberOf(words[0] as string));
      return true;
    },
  },
  {
    name: "sleep",
    args: "",
    oneLine: "waits for the given value in milliseconds",
    short: "",
    least: 1,
    most: 1,
    closed: true,
    async run({ tools }, { words }) {
      await tools.sleep(numberOf(words[0] as string));
      return true;
    },
  },
];

async function openCommand(session: Session, args: Arguments): Promise<boolean> {
  const [path] = args.words;
  const options: ImageOptions = parseImageOptions(args.value("o") ?? "");
  if (path === undefined && args.value("o") === undefined)
    throw new Refusal("bad argument count 0 to open, expected at least 1 arguments\n");
  const request = {
    write: !args.has("r"),
    share: args.has("U"),
    copyOnRead: args.has("C"),
    options,
  };
  const named = path === undefined ? request : { ...request, filename: path };
  return session.open(path, named, args.has("s"));
}
