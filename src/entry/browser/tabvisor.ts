/**
 * `import { Machine } from "tabvisor"` in a browser: virtual machines in workers of the page, which
 * must be cross-origin isolated (COOP same-origin, COEP require-corp).
 *
 *     const machine = Machine.create({ name: "demo", memoryBytes: 256 * 2 ** 20, vcpus: 1, kernel });
 *     await machine.start();
 *     const reader = machine.serial.readable.getReader();
 *
 * @module
 */
import { MachineClient } from "../../api/machine-client.ts";
import type { Machine as MachineInterface } from "../../api/machine.ts";
import type { MachineConfig } from "../../api/types.ts";
import { browserHost } from "../../host/browser/browser-host.ts";

export * from "../../api/public.ts";

export type Machine = MachineInterface;

const host = browserHost({
  core: new URL("../../../core.wasm", import.meta.url),
  newMachineWorker: () =>
    new Worker(new URL("../../worker/machine.browser.js", import.meta.url), {
      type: "module",
      name: "machine",
    }),
});

/** Makes machines that run in workers of this page. */
export const Machine = {
  /** A machine in state `shutoff`. Nothing is checked, read or allocated before `start`. */
  create(config: MachineConfig): MachineInterface {
    return new MachineClient(host, config);
  },
};
