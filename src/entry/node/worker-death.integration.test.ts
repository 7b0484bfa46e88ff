/** Workers that end before their time, in Node, on the compiled code: they need `npm run build`. */
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeAll, afterAll, describe, expect, test } from "vitest";
import { MachineClient } from "../../api/machine-client.ts";
import { nodeHost } from "../../host/node/node-host.ts";
import { assemble } from "../../isa/assemble.ts";

const DIST = new URL("../../../dist/", import.meta.url);
const built = (path: string): string => new URL(path, DIST).href;
const isBuilt = existsSync(new URL("core.wasm", DIST));

let folder: string;
const machines: MachineClient[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "tabvisor-test-"));
});
afterAll(() => rm(folder, { recursive: true }));
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.forceOff().catch(() => {})));
});

async function script(name: string, text: string): Promise<URL> {
  const path = join(folder, name);
  await writeFile(path, text);
  return pathToFileURL(path);
}

/** Prints a dot; hart 1 waits for an interrupt that does not come, the others count for ever. */
const GUEST = `
  csrr t0, 0xf14
  addi t0, t0, -1
  beqz t0, 2f
  li t0, 0x10000000
  li t1, 46
  sb t1, 0(t0)
1: addi a0, a0, 1
  j 1b
2: wfi
  j 2b
`;

function machineOn(worker: URL, vcpus = 1): MachineClient {
  const host = nodeHost({ core: new URL("core.wasm", DIST), machine: worker });
  const { bytes } = assemble(GUEST, { origin: 0x8000_0000n });
  const firmware = { kind: "bytes", name: "test.bin", bytes } as const;
  const machine = new MachineClient(host, {
    name: "test",
    memoryBytes: 64 * 2 ** 20,
    vcpus,
    firmware,
  });
  machines.push(machine);
  return machine;
}

describe.skipIf(!isBuilt)("a machine in Node", () => {
  const GOOD = new URL("src/worker/machine.node.js", DIST);

  test.each([
    ["process.exit(3)", "exit code 3"],
    ["throw new Error('boom')", "boom"],
  ])("whose machine worker does %j crashes with its reason; others go on", async (death, why) => {
    const worker = await script(
      "machine.mjs",
      `import ${JSON.stringify(built("src/worker/machine.node.js"))};
       import { MachineWorker } from ${JSON.stringify(built("src/worker/machine/machine-worker.js"))};
       MachineWorker.prototype.stats = () => setImmediate(() => { ${death}; }) && new Promise(() => {});`,
    );
    const other = machineOn(GOOD);
    await other.start();
    const machine = machineOn(worker);
    const { ended } = machine;
    const reader = machine.serial.readable.getReader();
    await machine.start();
    expect((await reader.read()).value).toEqual(Uint8Array.of(46));
    void machine.stats();
    const message = `the machine's worker ended: ${why}`;
    // Whoever knew the registers is gone.
    expect(await ended).toEqual({ state: "crashed", reason: "crashed", message, harts: [] });
    expect(other.state).toBe("running");
    const before = (await other.stats()).instructions;
    await expect.poll(async () => (await other.stats()).instructions).toBeGreaterThan(before);
    await machine.start();
    expect(machine.state).toBe("running");
    expect((await reader.read()).value).toEqual(Uint8Array.of(46));
  });

  test("one of whose hart workers exits crashes with its reason", async () => {
    // The hart dies in the middle of its run: where it would sleep in WFI.
    await script(
      "hart.mjs",
      `const wait = Atomics.wait;
       Atomics.wait = (...all) => (all.length === 4 ? process.exit(4) : wait(...all));
       await import(${JSON.stringify(built("src/worker/hart.node.js"))});`,
    );
    const worker = await script(
      "machine.mjs",
      `import { parentPort } from "node:worker_threads";
       import { nodeEndpoint } from ${JSON.stringify(built("src/host/node/worker-handle.js"))};
       import { nodeDirectories } from ${JSON.stringify(built("src/host/node/directories.js"))};
       import { nodeFiles } from ${JSON.stringify(built("src/host/node/image-files.js"))};
       import { nodeWebImages } from ${JSON.stringify(built("src/host/node/web-images.js"))};
       import { nodeWorkerPlatform } from ${JSON.stringify(built("src/host/node/worker-platform.js"))};
       import { hostCrypto } from ${JSON.stringify(built("src/host/web/crypto.js"))};
       import { expose } from ${JSON.stringify(built("src/protocol/rpc.js"))};
       import { makeBoard } from ${JSON.stringify(built("src/worker/machine/make-board.js"))};
       import { MachineWorker } from ${JSON.stringify(built("src/worker/machine/machine-worker.js"))};
       const platform = nodeWorkerPlatform(new URL("hart.mjs", import.meta.url));
       const storage =
         { files: nodeFiles, directories: nodeDirectories, web: nodeWebImages, crypto: hostCrypto };
       expose(new MachineWorker(platform, makeBoard, storage), nodeEndpoint(parentPort));`,
    );
    const machine = machineOn(worker, 2);
    const { ended } = machine;
    await machine.start();
    const message = "hart 1: its worker ended: exit code 4";
    const event = await ended;
    expect(event).toMatchObject({ state: "crashed", reason: "crashed", message });
    expect(event.harts).toHaveLength(2);
    // What it counted until then is still known.
    expect((await machine.stats()).vcpus[0]?.instructions).toBeGreaterThan(100);
  });
});
