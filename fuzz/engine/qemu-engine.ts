/** Runs an image in qemu-system-riscv64, whose RAM is a file that we write and read. */
import { spawn } from "node:child_process";
import {
  mkdtempSync,
  openSync,
  readSync,
  rmSync,
  writeSync,
  closeSync,
  ftruncateSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Image } from "../image.ts";
import { RAM_BYTES } from "../region.ts";
import type { Engine } from "./engine.ts";

const START_TIMEOUT_MS = 20_000;
const MS_PER_PROGRAM = 50;

/** What QEMU said before it ended. */
interface Ending {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class QemuEngine implements Engine {
  readonly #path: string;
  readonly #cpu: string;
  readonly #folder: string;
  readonly #ram: Buffer;

  /**
   * @param path of qemu-system-riscv64
   * @param cpu what follows `-cpu`
   */
  constructor(path: string, cpu: string) {
    this.#path = path;
    this.#cpu = cpu;
    this.#folder = mkdtempSync(join(tmpdir(), "fuzz-"));
    this.#ram = Buffer.alloc(RAM_BYTES);
  }

  async run(image: Image): Promise<Uint8Array> {
    const file = join(this.#folder, "ram");
    writeRam(file, image);
    const limit = START_TIMEOUT_MS + MS_PER_PROGRAM * image.programs.length;
    const { code, stderr } = await launch(this.#path, argumentsFor(file, this.#cpu), limit);
    if (code !== 0) throw new Error(`QEMU did not power off: ${stderr.trim() || "timeout"}`);
    const fd = openSync(file, "r");
    readSync(fd, this.#ram, 0, image.endAt, 0);
    closeSync(fd);
    return this.#ram.subarray(0, image.endAt);
  }

  close(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

function writeRam(file: string, { pieces }: Image): void {
  const fd = openSync(file, "w");
  ftruncateSync(fd, RAM_BYTES);
  for (const { at, bytes } of pieces) writeSync(fd, bytes, 0, bytes.length, at);
  closeSync(fd);
}

function argumentsFor(file: string, cpu: string): string[] {
  const size = `${RAM_BYTES / 2 ** 20}M`;
  return [
    ...["-M", "virt,memory-backend=ram", "-cpu", cpu, "-m", size, "-smp", "1,maxcpus=2"],
    ...["-object", `memory-backend-file,id=ram,mem-path=${file},size=${size},share=on`],
    ...["-bios", "none", "-nodefaults", "-display", "none", "-serial", "none", "-monitor", "none"],
  ];
}

/** Runs QEMU to its end, or kills it after `limitMs`. */
export function launch(path: string, args: readonly string[], limitMs: number): Promise<Ending> {
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, { stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    const timer = setTimeout(() => child.kill("SIGKILL"), limitMs);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(new Error(`${path} cannot be started: ${error.message}`, { cause: error }));
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code, stdout, stderr });
    });
  });
}
