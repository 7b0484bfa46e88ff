/** A daemon of its own in a folder of its own, for tests. They need what `npm run build` makes. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { virsh } from "../../../../cli/virsh/main.ts";
import { utf8Bytes, utf8Text } from "../../../../util/bytes.ts";
import { type Connect, openConnect } from "../../../../virt/driver/connect.ts";
import { Pipe } from "../../../../virt/driver/pipe.ts";
import type { Stream } from "../../../../virt/driver/streams.ts";
import { nodeVirshHost } from "../../virsh-command.ts";
import { daemonDriver } from "../connect.ts";

const path = (from: string): string => fileURLToPath(new URL(from, import.meta.url));
const PROGRAM = path("../../../../../bin/tabvisor.mjs");

export const isBuilt =
  existsSync(path("../../../../../dist/core.wasm")) &&
  existsSync(path("../../../../../dist/src/entry/node/main.js"));

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class TestDaemon {
  readonly folder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  #daemon: ChildProcess | undefined;
  #connect: Connect | undefined;

  private constructor(folder: string) {
    this.folder = folder;
    this.env = {
      ...process.env,
      XDG_CONFIG_HOME: join(folder, "config"),
      XDG_DATA_HOME: join(folder, "data"),
      XDG_RUNTIME_DIR: join(folder, "run"),
    };
  }

  /** Its folder alone; `start` starts it. */
  static async prepare(): Promise<TestDaemon> {
    const folder = await mkdtemp(join(tmpdir(), "tabvisor-daemon-"));
    await mkdir(join(folder, "run"));
    return new TestDaemon(folder);
  }

  async start(): Promise<void> {
    const { folder: cwd, env } = this;
    const daemon = spawn(process.execPath, [PROGRAM, "daemon"], { cwd, env });
    this.#daemon = daemon;
    await new Promise<void>((resolve, reject) => {
      daemon.stderr?.setEncoding("utf8").on("data", (text: string) => {
        if (text.includes("listening on")) resolve();
      });
      daemon.once("exit", (status) => reject(new Error(`the daemon ended with ${status}`)));
    });
    this.#connect = await openConnect("qemu:///system", [daemonDriver(this.env)]);
  }

  /** Asks it to end. @returns the exit status */
  async stop(): Promise<number | null> {
    await this.#connect?.close();
    const daemon = this.#daemon;
    if (!daemon) return null;
    daemon.removeAllListeners("exit");
    const ended = new Promise<number | null>((resolve) => daemon.once("exit", resolve));
    daemon.kill("SIGTERM");
    this.#daemon = undefined;
    return ended;
  }

  /** Ends it at once, and removes its folder. */
  async remove(): Promise<void> {
    this.#daemon?.kill("SIGKILL");
    await rm(this.folder, { recursive: true, force: true });
  }

  /** A connection to it. */
  get calls(): Connect {
    if (!this.#connect) throw new Error("the daemon was not started");
    return this.#connect;
  }

  /** Runs a command in a process of its own, as users do. */
  tabvisor(...args: string[]): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const { folder: cwd, env } = this;
      const child = spawn(process.execPath, [PROGRAM, ...args], { cwd, env });
      let stdout = "";
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
      child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
      child.on("error", reject);
      child.on("close", (status) => resolve({ status, stdout, stderr }));
    });
  }

  /** Runs a line of virsh in this process, which takes less time. */
  async virsh(line: string): Promise<Outcome> {
    let stdout = "";
    let stderr = "";
    const host = {
      ...nodeVirshHost(),
      out: (text: string) => void (stdout += text),
      err: (text: string) => void (stderr += text),
      workingDirectory: () => this.folder,
      connect: () => openConnect("qemu:///system", [daemonDriver(this.env)]),
    };
    const status = await virsh(["-c", "qemu:///system", line], host);
    return { status, stdout, stderr };
  }

  async console(domain: string): Promise<GuestConsole> {
    const pipe = new Pipe();
    const { calls } = this;
    // Whoever had it before gives way.
    await calls.domainOpenConsole(await calls.domainLookupByName(domain), null, pipe.driverEnd, 1);
    return new GuestConsole(pipe.userEnd);
  }
}

/** A console with somebody at it. */
export class GuestConsole {
  readonly #stream: Stream;
  #said = "";
  #commands = 0;

  constructor(stream: Stream) {
    this.#stream = stream;
  }

  /** Reads until the guest has said it. @returns what came before, which is then forgotten */
  async until(text: string): Promise<string> {
    while (!this.#said.includes(text)) {
      const piece = await this.#stream.read();
      if (piece === null) throw new Error(`the console ended after: ${this.#said}`);
      if (typeof piece !== "number") this.#said += utf8Text(piece);
    }
    const at = this.#said.indexOf(text);
    const before = this.#said.slice(0, at);
    this.#said = this.#said.slice(at + text.length);
    return before;
  }

  type(text: string): Promise<void> {
    return this.#stream.write(utf8Bytes(text));
  }

  /** Runs a command in the guest's shell. @returns what it printed, without its end */
  async run(command: string): Promise<string> {
    const mark = `mark${++this.#commands}`;
    // What is echoed has the quotes, what is printed has not.
    await this.type(`echo be''gin${mark}; ${command}; echo en''d${mark}\n`);
    await this.until(`begin${mark}`);
    return (await this.until(`end${mark}`)).replaceAll("\r", "").trim();
  }

  /** Resolves when the guest's end of the line is gone. */
  async ended(): Promise<void> {
    while ((await this.#stream.read()) !== null);
  }
}
