/** `tabvisor virsh`: the terminal, the files and the drivers of this process. */
import { spawnSync } from "node:child_process";
import { randomBytes, randomUUID } from "node:crypto";
import { openSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { open, readFile, stat, writeFile } from "node:fs/promises";
import { homedir, hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type AsyncCompleter, createInterface } from "node:readline";
import type { Complete, VirshHost } from "../../cli/virsh/shell/host.ts";
import { virsh } from "../../cli/virsh/main.ts";
import { systemReason } from "../../host/node/system-reason.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { openConnect } from "../../virt/driver/connect.ts";
import type { Stream } from "../../virt/driver/streams.ts";
import { testDriver } from "../../virt/drivers/test/driver.ts";
import { daemonDriver } from "./daemon/connect.ts";
import { randomMac } from "./daemon/random-mac.ts";
import { consoleOnTerminal } from "./terminal-console.ts";

const DEFAULT_URI = "qemu:///system";

export function virshCommand(args: readonly string[]): Promise<number> {
  return virsh(args, nodeVirshHost());
}

/** @throws VmError systemError in the system's words */
async function named<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw vmError("systemError", `Failed to open file '${path}': ${systemReason(error)}`, {
      cause: error,
    });
  }
}

export function nodeVirshHost(): VirshHost {
  const drivers = [
    testDriver({
      nowMs: () => Date.now(),
      newUuid: () => randomUUID(),
      newMac: randomMac,
      hostname,
      isFile,
      readFile: (path) => named(path, () => readFile(path)),
      writeFile: (path, bytes) => named(path, () => writeFile(path, bytes)),
    }),
    daemonDriver(process.env),
  ];
  const env = process.env;
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    nowMs: () => performance.now(),
    timeMs: () => Date.now(),
    processId: () => process.pid,
    openLog,
    connect: (uri, options) =>
      openConnect(
        uri ?? env["VIRSH_DEFAULT_CONNECT_URI"] ?? env["LIBVIRT_DEFAULT_URI"] ?? DEFAULT_URI,
        drivers,
        options,
      ),
    readLine: lineReader(),
    env: (name) => env[name],
    readFile: (path) => named(path, () => readFile(path)),
    writeFile: (path, bytes) => named(path, () => writeFile(path, bytes)),
    openFile: (path, mode) => fileStream(path, mode),
    edit: async (text) => editText(text),
    hasTerminal: () => process.stdin.isTTY,
    console: consoleOnTerminal,
    workingDirectory: () => process.cwd(),
    changeDirectory: (path) => {
      const wanted = path ?? homedir();
      try {
        process.chdir(resolve(wanted));
      } catch (error) {
        throw vmError("systemError", `cd: ${wanted}: ${systemReason(error)}`, { cause: error });
      }
    },
    sleep: sleepUnlessInterrupted,
  };
}

/** @throws VmError systemError */
function openLog(path: string): (line: string) => void {
  try {
    const file = openSync(path, "a", 0o600);
    return (line) => void writeSync(file, line);
  } catch (error) {
    throw vmError("systemError", systemReason(error), { cause: error });
  }
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

/** Lines of standard input; a terminal gets editing and history. */
function lineReader(): VirshHost["readLine"] {
  const terminal = process.stdin.isTTY;
  let lines: AsyncIterator<string> | undefined;
  return async (prompt, complete) => {
    if (terminal) return askOnTerminal(prompt, complete);
    process.stdout.write(prompt);
    lines ??= createInterface({ input: process.stdin })[Symbol.asyncIterator]();
    const { done, value } = await lines.next();
    if (done === true) return null;
    process.stdout.write(`${value}\n`);
    return value;
  };
}

const history: string[] = [];

function askOnTerminal(prompt: string, complete?: Complete): Promise<string | null> {
  const completer: AsyncCompleter = (line, give) => {
    if (!complete) return give(null, [[], line]);
    void complete(line).then(
      ({ word, candidates }) => give(null, [[...candidates], word]),
      () => give(null, [[], line]),
    );
  };
  const reader = createInterface({
    input: process.stdin,
    output: process.stdout,
    history,
    completer,
  });
  return new Promise((resolvePromise) => {
    reader.once("close", () => resolvePromise(null));
    reader.question(prompt, (line) => {
      if (line.trim() !== "") history.unshift(line);
      resolvePromise(line);
      reader.close();
    });
  });
}

const CHUNK_BYTES = 256 * 1024;

async function fileStream(path: string, mode: "read" | "write"): Promise<Stream> {
  const file = await named(path, () => open(path, mode === "read" ? "r" : "w"));
  return {
    read: async () => {
      const buffer = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, null);
      return bytesRead === 0 ? null : buffer.subarray(0, bytesRead);
    },
    write: async (bytes) => {
      for (let done = 0; done < bytes.length;) {
        done += (await file.write(bytes, done, bytes.length - done, null)).bytesWritten;
      }
    },
    writeHole: async (lengthBytes) => {
      const { size } = await file.stat();
      await file.truncate(size + lengthBytes);
    },
    finish: () => file.close(),
    abort: () => void file.close(),
  };
}

/** An editor of other characters than these is a line for the shell. */
const PLAIN = /^[\w\-/.:@]*$/;

/** Opens the user's editor on a text. @throws VmError internalError where it fails */
function editText(text: string): string {
  const letters = randomBytes(9).toString("base64").replaceAll(/[+/]/g, "0").slice(0, 6);
  const path = join(tmpdir(), `virsh${letters}.xml`);
  // A file that is there already is somebody else's.
  writeFileSync(path, text, { mode: 0o600, flag: "wx" });
  try {
    const editor = process.env["VISUAL"] ?? process.env["EDITOR"] ?? "vi";
    const line = `${editor} ${path}`;
    const [program, ...args] = PLAIN.test(editor) ? [editor, path] : ["sh", "-c", line];
    const { status, error } = spawnSync(program, args, { stdio: "inherit" });
    if (error || status !== 0) {
      const shown = program === "sh" ? `sh -c '${line.replaceAll("'", "'\\''")}'` : line;
      const why = `unexpected exit status ${status ?? 1}`;
      throw vmError("internalError", `Child process (${shown}) ${why}`, { cause: error });
    }
    return readFileSync(path, "utf8");
  } finally {
    rmSync(path, { force: true });
  }
}

/** False where the user pressed Ctrl-C before the time was over. */
function sleepUnlessInterrupted(ms: number, until?: Promise<unknown>): Promise<boolean> {
  return new Promise((resolvePromise) => {
    const stop = (): void => finish(false);
    const finish = (whole: boolean): void => {
      clearTimeout(timer);
      process.off("SIGINT", stop);
      resolvePromise(whole);
    };
    const timer = setTimeout(() => finish(true), Math.min(ms, 2 ** 31 - 1));
    process.on("SIGINT", stop);
    void until?.then(stop);
  });
}
