import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { describeError, GuestError, listGuests } from "../../../guests/index.ts";
import type { StateEvent } from "../../api/types.ts";
import { answerQuery } from "../../cli/system/help.ts";
import { statsJson, statsText } from "../../cli/system/stats-text.ts";
import { parseSystem, type SystemOptions } from "../../cli/system/system-options.ts";
import { UsageError } from "../../cli/system/usage-error.ts";
import { VmError } from "../../protocol/vm-error.ts";
import { machineConfig } from "./boot-config.ts";
import type { DrivenMachine } from "./driven-machine.ts";
import { makeMachine } from "./make-machine.ts";
import { connectSerial, type SerialEnd } from "./serial-end.ts";

/** `tabvisor system`. @returns the exit status */
export async function systemCommand(args: readonly string[], version: string): Promise<number> {
  try {
    const parsed = parseSystem(args);
    if (typeof parsed === "string") {
      process.stdout.write(answerQuery(parsed, version, builtGuests()));
      return 0;
    }
    return await runSystem(parsed);
  } catch (error) {
    process.stderr.write(`tabvisor system: ${sentence(error)}\n`);
    return 1;
  }
}

function builtGuests(): string[] {
  return listGuests()
    .filter(({ directory, isFirmware }) => directory !== null && !isFirmware)
    .map(({ name }) => name);
}

/** Errors that concern the user are one sentence; anything else is a bug and shows its stack. */
function sentence(error: unknown): string {
  if (error instanceof VmError) return error.detail;
  if (error instanceof UsageError) return error.message;
  if (error instanceof GuestError) return describeError(error);
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** As QEMU says it of KVM: it works, but no faster. */
function warnOfOvercommit(vcpus: number): void {
  const processors = availableParallelism();
  if (vcpus <= processors) return;
  process.stderr.write(
    `tabvisor system: warning: Number of SMP cpus requested (${vcpus}) exceeds the processors ` +
      `of this computer (${processors}): overcommitting vCPUs can hurt performance\n`,
  );
}

/** A page reads the images of this computer; it has no way to write them. */
function warnOfLoss({ engine, drives }: SystemOptions): void {
  const isWritten = drives.some((drive) => drive.image && !drive.readOnly && !drive.snapshot);
  if (engine === "node" || !isWritten) return;
  process.stderr.write(
    `tabvisor system: warning: with --engine ${engine}, what is written to drives is gone when ` +
      "the machine ends\n",
  );
}

async function runSystem(options: SystemOptions): Promise<number> {
  warnOfOvercommit(options.vcpus);
  warnOfLoss(options);
  const config = await machineConfig(options);
  const machine = await makeMachine(options.engine, config);
  if (options.guestErrors) machine.onGuestError((text) => process.stderr.write(`${text}\r\n`));
  machine.onState((event) => tellPause(event));
  const off = (): void => void machine.forceOff().catch(() => {});
  const report = new StatsReport(machine);
  const show = (): void => void report.print().catch(() => {});
  // Refused where it is not paused: then there is nothing to do.
  const goOn = (): void => void machine.resume().catch(() => {});
  const serial = connectSerial(options.serial, machine.serial, { exit: off, goOn, stats: show });
  const release = onSignals({ off, goOn, stats: show });
  try {
    const ended = machine.ended;
    await machine.start();
    const event = await ended;
    await serial.finish();
    if (options.stats) await report.print();
    if (options.statsJson !== undefined) await report.write(options.statsJson);
    return exitStatus(event, serial);
  } finally {
    release();
    serial.close();
    await machine.close?.();
  }
}

const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

interface SignalActions {
  off(): void;
  goOn(): void;
  stats(): void;
}

/** Signals pull the plug; a second one is left to the system. SIGUSR2 asks for counters. */
function onSignals({ off, goOn, stats }: SignalActions): () => void {
  for (const signal of SIGNALS) process.once(signal, off);
  process.on("SIGUSR2", stats);
  process.on("SIGCONT", goOn);
  return () => {
    for (const signal of SIGNALS) process.off(signal, off);
    process.off("SIGUSR2", stats);
    process.off("SIGCONT", goOn);
  };
}

/** A machine that paused itself waits for somebody who makes room and tells it to go on. */
function tellPause({ state, reason, message }: StateEvent): void {
  if (state !== "paused" || reason !== "ioerror") return;
  process.stderr.write(
    `tabvisor system: paused (I/O error): ${message}; C-a c or SIGCONT goes on\r\n`,
  );
}

/** The machine's counters, for people and for programs. */
class StatsReport {
  readonly #machine: DrivenMachine;
  readonly #began = performance.now();

  constructor(machine: DrivenMachine) {
    this.#machine = machine;
  }

  async print(): Promise<void> {
    const text = statsText(await this.#machine.stats(), this.#wallMs());
    // A terminal that is in raw mode for the guest needs both.
    process.stderr.write(process.stderr.isTTY ? text.replaceAll("\n", "\r\n") : text);
  }

  async write(path: string): Promise<void> {
    const text = statsJson(await this.#machine.stats(), this.#wallMs());
    if (path === "-") process.stderr.write(text);
    else await writeFile(path, text);
  }

  #wallMs(): number {
    return performance.now() - this.#began;
  }
}

function exitStatus(event: StateEvent, serial: SerialEnd): number {
  if (event.state === "crashed") {
    process.stderr.write(`tabvisor system: ${event.message}\n`);
    return 1;
  }
  if (event.reason === "destroyed") {
    process.stderr.write("tabvisor: Terminated\n");
    return serial.exitAsked ? 0 : 1;
  }
  return (event.exitCode ?? 0) & 0xff;
}
