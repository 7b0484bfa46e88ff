/** Whole machines in worker threads, on the compiled code: they need `npm run build`. */
import { existsSync } from "node:fs";
import { MachineClient } from "../../../api/machine-client.ts";
import type { MachineHost } from "../../../api/host.ts";
import type { MachineConfig } from "../../../api/types.ts";
import { nodeHost } from "../../../host/node/node-host.ts";
import { assemble } from "../../../isa/assemble.ts";

const CORE = new URL("../../../../dist/core.wasm", import.meta.url);
const WORKER = new URL("../../../../dist/src/worker/machine.node.js", import.meta.url);
/** Whether there is compiled code to test. */
export const isBuilt = existsSync(CORE) && existsSync(WORKER);

export const host = nodeHost({ core: CORE, machine: WORKER });
const machines: MachineClient[] = [];

/** UART and syscon of the board. */
const symbols = { UART: 0x1000_0000n, TEST: 0x10_0000n };

/** Routines: print the string at a0, power off, reboot. */
const LIBRARY = `
print:
  li t0, UART
1: lbu t1, 0(a0)
  beqz t1, 2f
3: lbu t2, 5(t0)
  andi t2, t2, 0x20
  beqz t2, 3b
  sb t1, 0(t0)
  addi a0, a0, 1
  j 1b
2: ret
poweroff:
  li t0, TEST
  li t1, 0x5555
  sw t1, 0(t0)
  j .
reboot:
  li t0, TEST
  li t1, 0x7777
  sw t1, 0(t0)
  j .
`;

/** A machine whose firmware is `source` and the routines. */
export function machineOf(
  source: string,
  config: Partial<MachineConfig> = {},
  on: MachineHost = host,
): MachineClient {
  const { bytes } = assemble(`${source}\n${LIBRARY}`, { origin: 0x8000_0000n, symbols });
  const firmware = { kind: "bytes", name: "test.bin", bytes } as const;
  const machine = new MachineClient(on, {
    name: "test",
    memoryBytes: 64 * 2 ** 20,
    vcpus: 1,
    firmware,
    ...config,
  });
  machines.push(machine);
  return machine;
}

/** Collects a machine's output; `until` waits for a text in it. */
export function listen(machine: MachineClient): {
  text: string;
  until(part: string): Promise<void>;
} {
  const output = {
    text: "",
    async until(part: string): Promise<void> {
      while (!output.text.includes(part)) await sleep(2);
    },
  };
  void (async () => {
    for await (const bytes of machine.serial.readable) output.text += String.fromCharCode(...bytes);
  })();
  return output;
}

export const sleep = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** @returns how long it took in milliseconds */
export async function timed(work: Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work;
  return performance.now() - began;
}

/** Ends what a test made. */
export async function endMachines(): Promise<void> {
  await Promise.all(machines.splice(0).map((machine) => machine.forceOff().catch(() => {})));
}

/** Prints a line and powers off. */
export const HELLO = `
  la a0, text
  call print
  j poweroff
text: .asciz "hello\\n"
  .align 2
`;

/** Prints a dot, then counts for ever in a0. */
export const SPIN = `
  la a0, text
  call print
1: addi a0, a0, 1
  j 1b
text: .asciz "."
  .align 2
`;
