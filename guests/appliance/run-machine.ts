/** Runs a machine while a guest is made: its packages' scripts belong into no other place. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import type { Readable } from "node:stream";
import { sourcePath } from "../cache/paths.ts";
import { GuestError } from "../errors.ts";

/** What to boot. All are paths of files. */
export interface ApplianceBoot {
  readonly firmware: string;
  readonly kernel: string;
  readonly initrd: string;
  readonly append: string;
  /** A raw disk that the guest may write to. */
  readonly disk: string;
  readonly memoryBytes: number;
}

/** Boots a machine and calls back with each line of its serial console, until it powers off. */
export type RunMachine = (boot: ApplianceBoot, onLine: (line: string) => void) => Promise<void>;

/** A program and the arguments before those that describe the machine, which are QEMU's. */
export type MachineCommand = readonly [program: string, ...first: string[]];

/** This project's own machine, in a process of its own. */
export function tabvisorCommand(): MachineCommand {
  const script = sourcePath("..", "bin", "tabvisor.mjs");
  if (!existsSync(script)) {
    throw new GuestError("This package is incomplete: bin/tabvisor.mjs is missing.");
  }
  return [process.execPath, script, "system"];
}

/** A runner by such a command. */
export function machineRunner(command: MachineCommand): RunMachine {
  return async (boot, onLine) => {
    const [program, ...first] = command;
    const child = spawn(program, [...first, ...machineArguments(boot)], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let complaint = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      complaint = (complaint + text).slice(-2000);
    });
    const ended = new Promise<number | null>((resolve, reject) => {
      child.on("error", reject);
      child.on("close", resolve);
    });
    const [status] = await Promise.all([ended, readLines(child.stdout, onLine)]);
    if (status !== 0) {
      const why = complaint.trim().split("\n").at(-1) ?? "";
      throw new GuestError(`The machine that configures packages failed (${status}): ${why}`);
    }
  };
}

async function readLines(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = "";
  for await (const text of stream.setEncoding("utf8")) {
    const lines = (rest + String(text)).split(/\r*\n/);
    rest = lines.pop() ?? "";
    lines.forEach(onLine);
  }
}

function machineArguments(boot: ApplianceBoot): string[] {
  return [
    ["-machine", "virt"],
    ["-m", `${boot.memoryBytes / 2 ** 20}M`],
    ["-display", "none"],
    ["-serial", "stdio"],
    ["-no-reboot"],
    ["-bios", boot.firmware],
    ["-kernel", boot.kernel],
    ["-initrd", boot.initrd],
    ["-append", boot.append],
    ["-drive", `file=${boot.disk.replaceAll(",", ",,")},format=raw,if=virtio`],
  ].flat();
}
