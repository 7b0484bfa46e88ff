/** A booted guest in this process: its shell, and its machine for what a host does to disks. */
import { setTimeout as sleep } from "node:timers/promises";
import { PROMPT } from "../../bench/boot.ts";
import type { Machine as MachineInterface } from "../../src/api/machine.ts";
import type { StateEvent } from "../../src/api/types.ts";
import { parseSystem } from "../../src/cli/system/system-options.ts";
import { machineConfig } from "../../src/entry/node/boot-config.ts";
import { Machine } from "../../src/entry/node/tabvisor.ts";

const LIMIT_MS = 180_000;
/** Between looks at something that comes by itself. */
const LOOK_MS = 100;
const MODULES = "virtio_blk virtio_scsi sd_mod sr_mod ext4";

export class DiskGuest {
  readonly machine: MachineInterface;
  readonly states: StateEvent[] = [];
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  #output = "";

  private constructor(machine: MachineInterface) {
    this.machine = machine;
    this.#writer = machine.serial.writable.getWriter();
    machine.onState((event) => this.states.push(event));
    void machine.serial.readable.pipeTo(
      new WritableStream({
        write: (bytes) => void (this.#output += Buffer.from(bytes).toString("latin1")),
      }),
    );
  }

  /** @param args options of `tabvisor system` for disks */
  static async boot(args: readonly string[]): Promise<DiskGuest> {
    const options = parseSystem(["--guest", "shell", "-m", "256M", ...args]);
    if (typeof options === "string") throw new Error("not a machine");
    const guest = new DiskGuest(Machine.create(await machineConfig(options)));
    await guest.machine.start();
    await guest.until(() => PROMPT.test(guest.#output), "the prompt");
    await guest.ask(`for m in ${MODULES}; do modprobe $m; done; dmesg -n 1`);
    return guest;
  }

  /** Types a line. @returns what was printed until the next prompt, the echo left out */
  async ask(line: string): Promise<string> {
    await this.type(line);
    await this.until(() => PROMPT.test(this.#output), `the end of ${line}`);
    return this.#output.slice(this.#output.indexOf("\n") + 1).replace(/\r?\n?[^\n]*$/, "");
  }

  /** Types a line and does not wait. */
  async type(line: string): Promise<void> {
    this.#output = "";
    await this.#writer.write(Buffer.from(`${line}\n`));
  }

  /** @returns whether the line that was typed has ended */
  get isDone(): boolean {
    return PROMPT.test(this.#output);
  }

  get output(): string {
    return this.#output;
  }

  /** Asks again and again. @throws Error when the answer never holds */
  async expect(line: string, holds: (said: string) => boolean): Promise<string> {
    const end = performance.now() + LIMIT_MS;
    for (;;) {
      const said = await this.ask(line);
      if (holds(said)) return said;
      if (performance.now() > end) throw new Error(`${line}: ${said}`);
      await sleep(LOOK_MS);
    }
  }

  async until(holds: () => boolean, what: string): Promise<void> {
    const end = performance.now() + LIMIT_MS;
    while (!holds()) {
      if (performance.now() > end) throw new Error(`waited for ${what}:\n${this.#output}`);
      await sleep(LOOK_MS);
    }
  }

  async stop(): Promise<void> {
    if (this.machine.state !== "shutoff") await this.machine.forceOff();
    await this.machine.released;
  }
}

/** @throws Error saying what was found instead */
export function demand(holds: boolean, found: string): void {
  if (!holds) throw new Error(found);
}
