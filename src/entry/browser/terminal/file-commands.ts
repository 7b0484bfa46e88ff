/** The few commands for the host's files, and the way between them and the user's computer. */
import type { Command, CommandIo } from "../../../cli/terminal/shell.ts";
import { inColumns } from "../../../cli/terminal/line-editor.ts";
import type { HostEntry } from "../../../protocol/tools-service.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { fileStream, readAll } from "./file-stream.ts";
import { HOME } from "./paths.ts";
import type { Place } from "./place.ts";

type Run = (place: Place, args: readonly string[], io: CommandIo) => Promise<void>;

interface Row {
  readonly summary: string;
  readonly run: Run;
}

const ROWS: Readonly<Record<string, Row>> = {
  ls: { summary: "list a directory: ls [-l] [PATH]...", run: list },
  cd: { summary: "change the working directory: cd [PATH]", run: changeDirectory },
  pwd: {
    summary: "tell the working directory",
    run: async (place, _args, io) => io.out(`${place.directory}\n`),
  },
  cat: { summary: "show files: cat PATH...", run: show },
  mkdir: {
    summary: "make directories: mkdir PATH...",
    run: (place, args) =>
      each(args, async (path) => (await place.tools.service()).makeDirectory(place.absolute(path))),
  },
  rm: {
    summary: "remove files and empty directories: rm PATH...",
    run: (place, args) =>
      each(args, async (path) => (await place.tools.service()).remove(place.absolute(path))),
  },
  mv: { summary: "rename a file: mv FROM TO", run: move },
  df: { summary: "tell how much room this browser gives", run: tellRoom },
  upload: { summary: "put a file of your computer here: upload [PATH]", run: upload },
  download: { summary: "save a file on your computer: download PATH...", run: download },
};

export function fileCommands(place: Place): [string, Command][] {
  return Object.entries(ROWS).map(([name, { summary, run }]) => [
    name,
    {
      summary,
      run: async (args, io) => {
        await run(place, args, io);
        return 0;
      },
      complete: (before) => completePath(place, before),
    },
  ]);
}

/** Files and directories that the last word may become. */
export async function completePath(
  place: Place,
  before: string,
): Promise<{ word: string; candidates: string[] }> {
  const word = before.split(/\s+/).at(-1) ?? "";
  const slash = word.lastIndexOf("/") + 1;
  const folder = place.absolute(word.slice(0, slash) || ".");
  const service = await place.tools.service();
  const entries = await service.list(folder).catch((): HostEntry[] => []);
  const candidates = entries
    .map(({ name, kind }) => `${word.slice(0, slash)}${name}${kind === "directory" ? "/" : ""}`)
    .filter((candidate) => candidate.startsWith(word))
    .toSorted();
  return { word, candidates };
}

async function each(
  args: readonly string[],
  work: (path: string) => Promise<unknown>,
): Promise<void> {
  if (args.length === 0) throw vmError("invalidArg", "missing operand");
  for (const path of args) await work(path);
}

async function list(place: Place, args: readonly string[], io: CommandIo): Promise<void> {
  const long = args.some((arg) => /^-[a-z]*l/.test(arg));
  const paths = args.filter((arg) => !arg.startsWith("-"));
  const service = await place.tools.service();
  for (const path of paths.length > 0 ? paths : ["."]) {
    const absolute = place.absolute(path);
    const stat = await service.stat(absolute);
    if (!stat) {
      throw vmError("systemError", `${path}: No such file or directory`);
    }
    const entries = stat.kind === "file" ? [stat] : await service.list(absolute);
    const sorted = entries.toSorted((a, b) => a.name.localeCompare(b.name, "en"));
    if (paths.length > 1) io.out(`${path}:\n`);
    if (long) for (const entry of sorted) io.out(longLine(entry));
    else if (sorted.length > 0) io.out(inColumns(sorted.map(shownName), io.size().columns));
  }
}

const shownName = ({ name, kind }: HostEntry): string => (kind === "directory" ? `${name}/` : name);

const SIZE_COLUMNS = 14;

function longLine(entry: HostEntry): string {
  const { sizeBytes, modifiedMs } = entry;
  const date = modifiedMs === 0 ? "" : new Date(modifiedMs).toISOString().slice(0, 16);
  const when = date.replace("T", " ").padEnd(16);
  return `${String(sizeBytes).padStart(SIZE_COLUMNS)} ${when} ${shownName(entry)}\n`;
}

async function changeDirectory(place: Place, [path = HOME]: readonly string[]): Promise<void> {
  const wanted = place.absolute(path);
  const stat = await (await place.tools.service()).stat(wanted);
  if (stat?.kind !== "directory") {
    const why = stat ? "Not a directory" : "No such file or directory";
    throw vmError("systemError", `${path}: ${why}`);
  }
  place.directory = wanted;
}

async function show(place: Place, args: readonly string[], io: CommandIo): Promise<void> {
  await each(args, async (path) => {
    const bytes = await readAll(place.tools, place.absolute(path));
    io.out(new TextDecoder().decode(bytes));
  });
}

async function move(place: Place, [from, to]: readonly string[]): Promise<void> {
  if (from === undefined || to === undefined) throw vmError("invalidArg", "missing operand");
  await (await place.tools.service()).rename(place.absolute(from), place.absolute(to));
}

async function tellRoom(_place: Place, _args: readonly string[], io: CommandIo): Promise<void> {
  const { quota = 0, usage = 0 } = await navigator.storage.estimate();
  const mib = (bytes: number): string => `${Math.round(bytes / 2 ** 20)} MiB`;
  io.out(`size ${mib(quota)}, used ${mib(usage)}, available ${mib(quota - usage)}\n`);
}

async function upload(place: Place, [path]: readonly string[], io: CommandIo): Promise<void> {
  const file = await place.pick();
  if (!file) return;
  const target = place.absolute(path ?? file.name);
  const stream = await fileStream(place.tools, target, "write");
  const reader = file.stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    await stream.write(value);
  }
  await stream.finish();
  io.out(`${target}: ${file.size} bytes\n`);
}

async function download(place: Place, args: readonly string[]): Promise<void> {
  await each(args, async (path) => {
    const absolute = place.absolute(path);
    const bytes = await readAll(place.tools, absolute);
    const contents = new Blob([bytes as Uint8Array<ArrayBuffer>]);
    place.save(absolute.slice(absolute.lastIndexOf("/") + 1), contents);
  });
}
