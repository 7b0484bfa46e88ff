/** What virsh needs of the page: its terminal, its host's files, its connections. */
import type { CommandIo } from "../../../cli/terminal/shell.ts";
import { Interrupted } from "../../../cli/terminal/line-editor.ts";
import type { VirshHost } from "../../../cli/virsh/shell/host.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { utf8Bytes, utf8Text } from "../../../util/bytes.ts";
import { openConnect } from "../../../virt/driver/connect.ts";
import { consoleOnTty } from "./console-on-tty.ts";
import { fileStream, readAll, writeAll } from "./file-stream.ts";
import { HOME } from "./paths.ts";
import type { Place } from "./place.ts";

export function virshHost(place: Place, io: CommandIo): VirshHost {
  const { tools } = place;
  return {
    out: (text) => io.out(text),
    err: (text) => io.err(text),
    nowMs: () => performance.now(),
    timeMs: () => Date.now(),
    processId: () => PROCESS_ID,
    openLog: (path) => logTo(place, place.absolute(path)),
    connect: (uri, options) => openConnect(uri ?? place.uri, place.drivers, options),
    readLine: async (prompt, complete) => {
      try {
        return await io.readLine(prompt, complete);
      } catch (error) {
        // Ctrl-C at virsh's prompt gives up the line.
        if (error instanceof Interrupted) return "";
        throw error;
      }
    },
    env: (name) => ENVIRONMENT[name],
    readFile: (path) => opened(path, () => readAll(tools, place.absolute(path))),
    writeFile: (path, bytes) => opened(path, () => writeAll(tools, place.absolute(path), bytes)),
    openFile: (path, mode) => opened(path, () => fileStream(tools, place.absolute(path), mode)),
    edit: (text) => place.edit(text, ".xml"),
    hasTerminal: () => true,
    console: (stream, escape) => consoleOnTty(io, place.show, stream, escape),
    workingDirectory: () => place.directory,
    changeDirectory: (path) => {
      place.directory = place.absolute(path ?? HOME);
    },
    sleep: (ms, until) => sleepUnlessInterrupted(io, ms, until),
  };
}

const ENVIRONMENT: Readonly<Record<string, string>> = { HOME, TERM: "xterm-256color" };

/** A page has no processes: logs tell one number for all. */
const PROCESS_ID = 1;

/** Adds lines to a file, one after the other; what cannot be written is lost. */
function logTo({ tools }: Place, path: string): (line: string) => void {
  let text = readAll(tools, path).then(utf8Text, () => "");
  return (line) => {
    text = text.then(async (before) => {
      const after = `${before}${line}`;
      await writeAll(tools, path, utf8Bytes(after)).catch(() => {});
      return after;
    });
  };
}

/** @throws VmError systemError in libvirt's words */
async function opened<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^.*: /, "") : String(error);
    throw vmError("systemError", `Failed to open file '${path}': ${why}`, { cause: error });
  }
}

/** False where the user pressed Ctrl-C before the time was over. */
function sleepUnlessInterrupted(
  { interrupt }: CommandIo,
  ms: number,
  until?: Promise<unknown>,
): Promise<boolean> {
  if (interrupt.isPressed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const finish = (whole: boolean): void => {
      clearTimeout(timer);
      stop();
      resolve(whole);
    };
    const stop = interrupt.onPress(() => finish(false));
    void until?.then(() => finish(false));
    const timer = setTimeout(() => finish(true), Math.min(ms, 2 ** 31 - 1));
  });
}
