/** The page behind `tabvisor system --engine chromium`: a machine without a user interface. */
import type { Engine, EngineListener } from "../../api/engine-bridge.ts";
import type { Machine as MachineInterface } from "../../api/machine.ts";
import { VmError } from "../../protocol/vm-error.ts";
import { Machine } from "./tabvisor.ts";

const listener = globalThis as unknown as EngineListener;
let machine: MachineInterface | undefined;
let input: WritableStreamDefaultWriter<Uint8Array> | undefined;

const engine: Engine = {
  async start(config) {
    machine = Machine.create(config);
    input = machine.serial.writable.getWriter();
    machine.onGuestError((text) => void listener.tabvisorGuestError(text));
    machine.onState((event) => void listener.tabvisorState(event));
    const output = pump(machine.serial.readable);
    void machine.ended.then(async (event) => {
      await output.drained();
      await listener.tabvisorEnded(event);
    });
    try {
      await machine.start();
      return null;
    } catch (error) {
      if (error instanceof VmError) return { detail: error.detail };
      return { detail: error instanceof Error ? error.message : String(error) };
    }
  },
  input: async (base64) => input?.write(fromBase64(base64)),
  sendBreak: async () => machine?.serial.sendBreak(),
  pause: async () => machine?.pause(),
  resume: async () => machine?.resume(),
  reset: async () => machine?.reset(),
  forceOff: async () => machine?.forceOff(),
  async stats() {
    if (machine === undefined) throw new Error("no machine was started");
    return machine.stats();
  },
  create: (config) => Machine.create(config),
};
(globalThis as unknown as { tabvisorEngine: Engine }).tabvisorEngine = engine;

/** Moves the console's output to the terminal at the terminal's pace. */
function pump(readable: ReadableStream<Uint8Array>): { drained(): Promise<void> } {
  let busy = Promise.resolve();
  void readable.pipeTo(
    new WritableStream({
      write(bytes) {
        busy = listener.tabvisorOutput(toBase64(bytes));
        return busy;
      },
    }),
  );
  return {
    async drained() {
      let seen: Promise<void>;
      do {
        seen = busy;
        await seen;
        await new Promise((resolve) => setTimeout(resolve, 0));
      } while (seen !== busy);
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
}

function fromBase64(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}
