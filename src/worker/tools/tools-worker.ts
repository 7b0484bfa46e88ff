/** The image commands and the host's files, as a worker of its own offers them to a terminal. */
import { qemuImg } from "../../cli/qemu-img/main.ts";
import { qemuIo } from "../../cli/qemu-io/main.ts";
import type { QemuIoTools } from "../../cli/qemu-io/session.ts";
import { checkVersion } from "../../protocol/rpc.ts";
import type { HostEntry, ToolOutput, ToolsService } from "../../protocol/tools-service.ts";
import type { CryptoHost, DirectoryHost, FileHost } from "../../storage/ports.ts";
import type { WebImages } from "../../storage/protocol/web/open-web.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { HostFiles } from "./host-files.ts";
import { ToolRun } from "./tool-run.ts";

export interface ToolsHost {
  readonly files: FileHost;
  readonly directories: DirectoryHost;
  readonly web: WebImages | null;
  readonly crypto: CryptoHost;
  /** Milliseconds since 1970. */
  nowMs(): number;
  sleep(ms: number): Promise<void>;
}

const COMMANDS = { "qemu-img": qemuImg, "qemu-io": qemuIo } as const;

export class ToolsWorker implements ToolsService {
  readonly #host: ToolsHost;
  readonly #files: HostFiles;
  readonly #signOfLife: Promise<string>;
  readonly #runs = new Map<number, ToolRun>();
  #last = 0;

  /** @param signOfLife see Handshake */
  constructor(host: ToolsHost, signOfLife: Promise<string>) {
    this.#host = host;
    this.#files = new HostFiles(host.files, host.directories);
    this.#signOfLife = signOfLife;
  }

  handshake(version: number): Promise<string> {
    checkVersion(version);
    return this.#signOfLife;
  }

  async start(
    name: keyof typeof COMMANDS,
    args: readonly string[],
    directory: string,
  ): Promise<number> {
    const run = new ToolRun();
    const id = ++this.#last;
    this.#runs.set(id, run);
    const exit = (status: number): void => run.say({ kind: "exit", status });
    COMMANDS[name](args, this.#toolsFor(run, directory)).then(exit, (error: unknown) => {
      run.say({ kind: "err", text: `${name}: ${String(error)}\n` });
      exit(1);
    });
    return id;
  }

  async output(id: number): Promise<readonly ToolOutput[]> {
    const run = this.#runs.get(id);
    if (!run) throw vmError("internalError", `there is no command ${id}`);
    const said = await run.fetch();
    if (said.at(-1)?.kind === "exit") this.#runs.delete(id);
    return said;
  }

  async input(id: number, line: string | null): Promise<void> {
    this.#runs.get(id)?.answer(line);
  }

  stat(path: string): Promise<HostEntry | null> {
    return this.#files.stat(path);
  }

  list(path: string): Promise<readonly HostEntry[]> {
    return this.#files.list(path);
  }

  makeDirectory(path: string): Promise<void> {
    return this.#files.makeDirectory(path);
  }

  remove(path: string): Promise<void> {
    return this.#files.remove(path);
  }

  rename(from: string, to: string): Promise<void> {
    return this.#files.rename(from, to);
  }

  open(path: string, mode: "read" | "write"): Promise<number> {
    return this.#files.open(path, mode);
  }

  read(file: number): Promise<Uint8Array | null> {
    return this.#files.read(file);
  }

  readAt(file: number, offset: number, length: number): Promise<Uint8Array> {
    return this.#files.readAt(file, offset, length);
  }

  write(file: number, bytes: Uint8Array): Promise<void> {
    return this.#files.write(file, bytes);
  }

  writeHole(file: number, lengthBytes: number): Promise<void> {
    return this.#files.writeHole(file, lengthBytes);
  }

  close(file: number): Promise<void> {
    return this.#files.close(file);
  }

  #toolsFor(run: ToolRun, directory: string): QemuIoTools {
    const { files, web, crypto, nowMs, sleep } = this.#host;
    return {
      ...{ web, crypto, nowMs, sleep },
      files: filesFrom(files, directory),
      sockets: null,
      out: (text) => run.say({ kind: "out", text }),
      err: (text) => run.say({ kind: "err", text }),
      readLine: () => run.ask(),
      raise: (signal) => {
        throw new Error(`ended by signal ${signal}`);
      },
    };
  }
}

/** Files whose relative paths begin at a directory. */
function filesFrom(files: FileHost, directory: string): FileHost {
  const whole = (path: string): string => (path.startsWith("/") ? path : `${directory}/${path}`);
  return {
    entropy: files.entropy,
    identity: (path) => files.identity(whole(path)),
    open: (path, options) => files.open(whole(path), options),
    exists: (path) => files.exists(whole(path)),
    remove: (path) => files.remove(whole(path)),
  };
}
