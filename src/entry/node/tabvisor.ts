/**
 * `import { Machine } from "tabvisor"` in Node: virtual machines in worker threads.
 *
 *     const machine = Machine.create({ name: "demo", memoryBytes: 256 * 2 ** 20, vcpus: 1, kernel });
 *     await machine.start();
 *     for await (const bytes of machine.serial.readable) process.stdout.write(bytes);
 *
 * @module
 */
import { MachineClient } from "../../api/machine-client.ts";
import type { Machine as MachineInterface } from "../../api/machine.ts";
import type { MachineConfig } from "../../api/types.ts";
import { nodeHost } from "../../host/node/node-host.ts";

export * from "../../api/public.ts";

export type Machine = MachineInterface;

const host = nodeHost({
  core: new URL("../../../core.wasm", import.meta.url),
  machine: new URL("../../worker/machine.node.js", import.meta.url),
});

/** Makes machines that run in worker threads of this process. */
export const Machine = {
  /**
   * A machine in state `shutoff`. Nothing is checked, read or allocated before `start`.
   *
   * An image of kind `url` may have a `file:` address here.
   */
  create(config: MachineConfig): MachineInterface {
    return new MachineClient(host, config);
  },
};
