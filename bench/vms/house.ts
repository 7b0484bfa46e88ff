/** Several machines in one process or one page, as a bench drives them. */
import { Buffer } from "node:buffer";
import { setTimeout as sleep } from "node:timers/promises";
import type { Machine } from "../../src/api/machine.ts";
import { MachineClient } from "../../src/api/machine-client.ts";
import type { ImageSource, MachineConfig, MachineStats, StateEvent } from "../../src/api/types.ts";
import { type Engine, parseSystem } from "../../src/cli/system/system-options.ts";
import { machineConfig } from "../../src/entry/node/boot-config.ts";
import { nodeHost } from "../../src/host/node/node-host.ts";

/** Console text that is kept. */
export const KEPT_CHARACTERS = 0x1_0000;

/** A machine of a house. */
export interface Vm extends Pick<Machine, "start" | "pause" | "resume" | "reset" | "forceOff"> {
  stats(): Promise<MachineStats>;
  lastEvent(): Promise<StateEvent>;
  /** The console's last characters. */
  text(): Promise<string>;
  type(text: string): Promise<void>;
  /** Milliseconds of a verb, by a clock of the machine's own thread or page. */
  timed(verb: Verb): Promise<VerbTime>;
  /** When lines began to arrive, the latest last. */
  stamps(): Promise<readonly Stamp[]>;
}

export type Verb = "pause" | "resume" | "reset" | "forceOff";

export interface VerbTime {
  readonly endMs: number;
  /** Of a reset: until images are read again, as the guest stands by then. */
  readonly standsMs: number | null;
}

/** A moment on the host's clocks. */
export interface Stamp {
  /** The monotonic clock, milliseconds since an origin of its own. */
  readonly monoMs: number;
  /** UTC minus the monotonic clock, as exact as the monotonic clock. */
  readonly utcAheadMs: number;
}

/** Waits for UTC's next millisecond, which tells where it begins. */
export function stampNow(): Stamp {
  const now = (): number => performance.timeOrigin + performance.now();
  const monoMs = now();
  const before = Date.now();
  while (Date.now() === before);
  const utcAheadMs = Date.now() - now();
  return { monoMs, utcAheadMs };
}

/** A process or a page. */
export interface House {
  readonly engine: Engine;
  /** @param name unique in the house */
  make(name: string, config: MachineConfig): Promise<Vm>;
  close(): Promise<void>;
}

/** What a command line of `tabvisor system` describes. */
export async function configOf(args: readonly string[]): Promise<MachineConfig> {
  const parsed = parseSystem(args);
  if (typeof parsed === "string") throw new Error(`"${args.join(" ")}" asks for no machine`);
  return machineConfig(parsed);
}

/** @throws Error when the console does not show it in time */
export async function untilShown(vm: Vm, wanted: RegExp, limitMs = 300_000): Promise<string> {
  const end = performance.now() + limitMs;
  for (;;) {
    const text = await vm.text();
    if (wanted.test(text)) return text;
    if (performance.now() > end) throw new Error(`the guest hangs; it printed:\n${text}`);
    await sleep(100);
  }
}

/** Machines in workers of this very process. */
export function nodeHouse(): House {
  const host = nodeHost({
    core: new URL("../../core.wasm", import.meta.url),
    machine: new URL("../../src/worker/machine.node.js", import.meta.url),
  });
  const machines: Machine[] = [];
  return {
    engine: "node",
    async make(_name, config) {
      let loadedAt = NaN;
      const load = (source: ImageSource): Promise<Uint8Array> => {
        loadedAt = performance.now();
        return host.load(source);
      };
      const machine = new MachineClient({ ...host, load }, config);
      machines.push(machine);
      return nodeVm(machine, () => loadedAt);
    },
    async close() {
      for (const machine of machines) if (machine.state !== "shutoff") await machine.forceOff();
    },
  };
}

function nodeVm(machine: Machine, loadedAt: () => number): Vm {
  let kept = "";
  const stamps: Stamp[] = [];
  const keep = (bytes: Uint8Array): void => {
    const text = Buffer.from(bytes).toString("latin1");
    const begun = (kept === "" || kept.endsWith("\n") ? "\n" : "") + text.replace(/\n$/, "");
    const stamp = stampNow();
    for (let line = begun.split("\n").length; line > 1; line--) stamps.push(stamp);
    kept = (kept + text).slice(-KEPT_CHARACTERS);
  };
  void machine.serial.readable.pipeTo(new WritableStream({ write: keep }));
  const writer = machine.serial.writable.getWriter();
  return {
    start: () => machine.start(),
    pause: () => machine.pause(),
    resume: () => machine.resume(),
    reset: () => machine.reset(),
    forceOff: () => machine.forceOff(),
    stats: () => machine.stats(),
    lastEvent: async () => machine.lastEvent,
    async timed(verb) {
      const began = performance.now();
      await machine[verb]();
      const endMs = performance.now() - began;
      return { endMs, standsMs: loadedAt() > began ? loadedAt() - began : null };
    },
    text: async () => kept,
    stamps: async () => stamps,
    type: (text) => writer.write(Buffer.from(text)),
  };
}

/** A house for machines that run under `engine`. */
export async function openHouse(engine: Engine): Promise<House> {
  if (engine === "node") return nodeHouse();
  const { pageHouse } = await import("./page-house.ts");
  return pageHouse(engine);
}
