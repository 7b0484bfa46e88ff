import { hostCrypto } from "../../../src/host/web/crypto.ts";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { qemuImg } from "../../../src/cli/qemu-img/main.ts";
import { qemuIo } from "../../../src/cli/qemu-io/main.ts";
import { nodeFiles } from "../../../src/host/node/image-files.ts";
import type { FileHost } from "../../../src/storage/ports.ts";

/** What a command said, both streams after one another, and its status. */
export interface Outcome {
  readonly status: number | null;
  readonly text: string;
}

export type Program = "qemu-img" | "qemu-io";

/** A folder with images, and one of the two sets of tools at work in it. */
export abstract class Workplace {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  abstract run(program: Program, args: readonly string[]): Promise<Outcome>;

  clear(): void {
    for (const name of readdirSync(this.folder)) rmSync(join(this.folder, name));
  }

  put(name: string, bytes: Uint8Array): void {
    writeFileSync(join(this.folder, name), bytes);
  }

  get(name: string): Uint8Array {
    return readFileSync(join(this.folder, name));
  }

  names(): string[] {
    return readdirSync(this.folder).sort();
  }
}

export class RealWorkplace extends Workplace {
  override run(program: Program, args: readonly string[]): Promise<Outcome> {
    const options = { cwd: this.folder, encoding: "utf8", timeout: 60_000 } as const;
    const { status, stdout, stderr } = spawnSync(program, args, options);
    return Promise.resolve({ status, text: stdout + stderr });
  }
}

export class OurWorkplace extends Workplace {
  readonly #files: FileHost;

  constructor(folder: string) {
    super(folder);
    const at = (path: string): string => (path.startsWith("/") ? path : join(folder, path));
    this.#files = {
      ...nodeFiles,
      open: (path, options) => nodeFiles.open(at(path), options),
      exists: (path) => nodeFiles.exists(at(path)),
      remove: (path) => nodeFiles.remove(at(path)),
      identity: (path) => nodeFiles.identity(at(path)),
    };
  }

  override async run(program: Program, args: readonly string[]): Promise<Outcome> {
    let out = "";
    let err = "";
    const tools = {
      files: this.#files,
      web: null,
      crypto: hostCrypto,
      sockets: null,
      out: (text: string) => void (out += text),
      err: (text: string) => void (err += text),
      nowMs: () => Date.now(),
      raise: () => {},
      sleep: () => Promise.resolve(),
    };
    const command = program === "qemu-img" ? qemuImg : qemuIo;
    const status = await command(args, tools);
    return { status, text: out + err };
  }
}
