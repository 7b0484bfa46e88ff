import { describe, expect, it } from "vitest";
import type { Machine } from "../../api/machine.ts";
import type { BlockStats, MachineConfig, MachineState, StateEvent } from "../../api/types.ts";
import { vmError } from "../../protocol/vm-error.ts";
import type { Connection } from "../connection.ts";
import type { DomainDefinition } from "../domain.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import type { Storage } from "../storage/storage.ts";
import { qemuDriver } from "./driver.ts";
import { FIRST_DOMAINS } from "./first-domains.ts";
import type { DefinitionStore, QemuDriverPorts } from "./ports.ts";
import { SessionDefinitions, SessionImages } from "./session-stores.ts";

/** A machine with no VM: it obeys, and a test can make it crash or speak. */
class FakeMachine implements Machine {
  readonly config: MachineConfig;
  state: MachineState = "shutoff";
  lastEvent: StateEvent = { state: "shutoff", reason: "unknown" };
  readonly ended = new Promise<StateEvent>(() => {});
  readonly typed: number[] = [];
  say = (_text: string): void => {};
  refuses: Error | null = null;
  readonly #listeners: ((event: StateEvent) => void)[] = [];
  readonly serial = {
    readable: new ReadableStream<Uint8Array>({
      start: (controller) => {
        this.say = (text) => controller.enqueue(new TextEncoder().encode(text));
      },
    }),
    writable: new WritableStream<Uint8Array>({ write: (bytes) => void this.typed.push(...bytes) }),
    sendBreak: async (): Promise<void> => void this.typed.push(-1),
  };
  readonly consoles = [];
  readonly channels = [];
  readonly onGuestError = () => () => {};
  readonly onIoError = () => () => {};
  readonly onReboot = () => () => {};
  released = Promise.resolve();
  readonly disksChanged: unknown[] = [];
  readonly #change =
    (verb: string) =>
    async (...args: unknown[]): Promise<void> =>
      void this.disksChanged.push([verb, ...args]);
  readonly blockResize = this.#change("resize");
  readonly setBlockIoTune = this.#change("tune");
  readonly attachDisk = this.#change("attach");
  readonly detachDisk = this.#change("detach");
  readonly changeMedium = this.#change("change");
  readonly inspect = async () => ({ memory: [], harts: [] });
  readonly readMemory = async () => new Uint8Array(0);
  readonly blockStats = async () => ({ sda: { rdReq: 3 } as BlockStats });

  constructor(config: MachineConfig) {
    this.config = config;
  }

  async start(): Promise<void> {
    if (this.refuses) throw this.refuses;
    this.become({ state: "running", reason: "booted" });
  }
  async pause(): Promise<void> {
    this.become({ state: "paused", reason: "user" });
  }
  async resume(): Promise<void> {
    this.become({ state: "running", reason: "unpaused" });
  }
  async reset(): Promise<void> {
    this.become({ state: "running", reason: "booted" });
  }
  async shutdown(): Promise<void> {
    this.become({ state: "shutoff", reason: "shutdown", exitCode: 0 });
  }
  async forceOff(): Promise<void> {
    this.become({ state: "shutoff", reason: "destroyed" });
  }
  async stats(): Promise<never> {
    throw new Error("not asked for here");
  }
  onState(listener: (event: StateEvent) => void): () => void {
    this.#listeners.push(listener);
    return () => {};
  }
  become(event: StateEvent): void {
    this.state = event.state;
    this.lastEvent = event;
    for (const listener of this.#listeners) listener(event);
  }
}

const file = (path: string) => ({ path, sizeBytes: 10 });
const way = { firmware: file("fw"), kernel: file("k"), initrd: file("i"), notes: [] };
const GUEST: GuestManifest = {
  name: "shell",
  title: "Shell",
  key: "k1",
  leastMemoryBytes: 0,
  usualMemoryBytes: 0,
  boots: { fast: { ...way, append: "fast" }, stock: { ...way, append: "stock" } },
};

const EFI_FILES = { name: "efi", code: file("code.fd"), vars: file("vars.fd") };

const NO_STORE: DefinitionStore = {
  load: async () => null,
  save: async () => {},
  remove: async () => {},
  watch: () => {},
};

interface Bench {
  readonly connection: Connection;
  readonly machines: FakeMachine[];
  readonly ports: QemuDriverPorts;
  readonly claimed: Set<string>;
}

async function bench(changes: Partial<QemuDriverPorts> = {}): Promise<Bench> {
  const machines: FakeMachine[] = [];
  const claimed = new Set<string>();
  const ports: QemuDriverPorts = {
    createMachine: async (config) => {
      const machine = new FakeMachine(config);
      machines.push(machine);
      return machine;
    },
    definitions: new SessionDefinitions(),
    images: new SessionImages(),
    guests: {
      list: async () => [GUEST],
      find: async () => GUEST,
      address: (_, { path }) => `http://served/${path}`,
      efi: async () => EFI_FILES,
      load: async (_, { path, sizeBytes }, { onBytes }) => {
        onBytes(sizeBytes);
        return { kind: "url", name: path, url: `served/${path}` };
      },
    },
    firstDomains: FIRST_DOMAINS,
    claim: async (uuid) => {
      if (claimed.has(uuid)) return null;
      claimed.add(uuid);
      return () => claimed.delete(uuid);
    },
    // Storage has tests of its own.
    openStorage: async () => ({}) as Storage,
    nowMs: () => 0,
    ...changes,
  };
  return { connection: await qemuDriver(ports).open("qemu:///system"), machines, ports, claimed };
}

const only = (connection: Connection) => connection.domains()[0]!;
const DEBIAN = FIRST_DOMAINS[0]!.uuid;

describe("qemu:///system", () => {
  it("gives a first visitor a machine that is ready to run", async () => {
    const { connection, machines } = await bench();
    expect(only(connection)).toMatchObject({
      definition: { name: "Debian shell" },
      state: "shutoff",
    });
    await connection.create(DEBIAN);
    expect(only(connection).state).toBe("running");
    expect(machines[0]?.config).toMatchObject({
      memoryBytes: 256 * 2 ** 20,
      kernel: { url: "served/k" },
      append: "fast",
    });
  });

  it("does not bring back first machines that were deleted", async () => {
    const { connection } = await bench({
      definitions: { ...NO_STORE, load: async () => [] },
    });
    expect(connection.domains()).toEqual([]);
  });

  it("hands changes of disks to the machine that runs, and reads its counters", async () => {
    const { connection, machines } = await bench();
    const disks = connection.disks(DEBIAN);
    await expect(disks.blockResize("sda", 512)).rejects.toThrow("domain is not running");
    await connection.create(DEBIAN);
    await disks.blockResize("sda", 512);
    await disks.attachDevice({ unit: { kind: "cdrom", id: "cd" } });
    await disks.changeMedia("cd", null, { force: true });
    await disks.detachDevice("cd");
    expect(machines[0]!.disksChanged).toEqual([
      ["resize", "sda", 512],
      ["attach", { unit: { kind: "cdrom", id: "cd" } }],
      ["change", "cd", null, { force: true }],
      ["detach", "cd"],
    ]);
    expect(await disks.blockStats("sda")).toEqual({ rdReq: 3 });
    await expect(disks.blockStats("sdb")).rejects.toThrow("invalid path: sdb");
  });

  it("joins the console to the machine, in both directions", async () => {
    const { connection, machines } = await bench();
    const console = connection.console(DEBIAN, "serial0");
    await connection.create(DEBIAN);
    machines[0]!.say("hello");
    await expect.poll(() => new TextDecoder().decode(console.backlog())).toBe("hello");
    await console.write(new Uint8Array([108, 115]));
    await console.sendBreak?.();
    expect(machines[0]!.typed).toEqual([108, 115, -1]);
  });

  it("keeps a crash with its reason, and runs again on a new machine", async () => {
    const { connection, machines, claimed } = await bench();
    await connection.create(DEBIAN);
    machines[0]!.become({ state: "crashed", reason: "crashed", message: "triple fault" });
    expect(only(connection)).toMatchObject({ state: "crashed", message: "triple fault" });
    await connection.create(DEBIAN);
    expect([only(connection).state, machines.length]).toEqual(["running", 2]);
    expect(machines[0]!.state).toBe("shutoff");
    await connection.destroy(DEBIAN);
    expect([only(connection).reason, claimed.size]).toEqual(["destroyed", 0]);
  });

  it("keeps the sentence of a start that failed, and gives everything back", async () => {
    const sentence = "operation failed: kernel 'vmlinuz' is no RISC-V Image";
    const { connection, claimed } = await bench({
      createMachine: async (config) => {
        const machine = new FakeMachine(config);
        machine.refuses = vmError("operationFailed", "kernel 'vmlinuz' is no RISC-V Image");
        return machine;
      },
    });
    await expect(connection.create(DEBIAN)).rejects.toThrow(sentence);
    expect(only(connection)).toMatchObject({
      state: "shutoff",
      reason: "failed",
      message: "kernel 'vmlinuz' is no RISC-V Image",
    });
    expect([only(connection).job, claimed.size]).toEqual([undefined, 0]);
  });

  it("refuses a domain that runs in another tab", async () => {
    const { connection } = await bench({ claim: async () => null });
    await expect(connection.create(DEBIAN)).rejects.toThrow(
      "Requested operation is not valid: domain 'Debian shell' runs in another tab",
    );
    expect(only(connection).reason).toBe("unknown");
  });

  it("releases the domain when the guest powers off", async () => {
    const { connection, claimed } = await bench();
    await connection.create(DEBIAN);
    await connection.shutdown(DEBIAN);
    expect([only(connection).state, claimed.size]).toEqual(["shutoff", 0]);
  });

  it("removes stored files with the last definition that names them", async () => {
    const { connection, ports } = await bench();
    const arrayBuffer = async () => new ArrayBuffer(3);
    const kernel = await connection.storeImage({ name: "Image", size: 3, arrayBuffer });
    const own: DomainDefinition = {
      ...FIRST_DOMAINS[0]!,
      uuid: "own",
      name: "own",
      boot: { kind: "files", kernel, append: "" },
    };
    await connection.define(own);
    await connection.define({ ...own, uuid: "copy", name: "copy" });
    await connection.undefine("own");
    await expect(ports.images.open(kernel)).resolves.toMatchObject({ name: "Image" });
    await connection.undefine("copy");
    await expect(ports.images.open(kernel)).rejects.toThrow("the file 'Image' is gone");
  });

  it("boots own files with the built-in firmware when none was chosen", async () => {
    const { connection, machines } = await bench();
    const arrayBuffer = async () => new ArrayBuffer(3);
    const kernel = await connection.storeImage({ name: "Image", size: 3, arrayBuffer });
    const boot = { kind: "files", kernel, append: "console=ttyS0" } as const;
    await connection.define({ ...FIRST_DOMAINS[0]!, uuid: "own", name: "own", boot });
    await connection.create("own");
    expect(machines[0]?.config).toMatchObject({
      firmware: { url: "served/fw" },
      kernel: { kind: "bytes", name: "Image" },
      append: "console=ttyS0",
    });
    expect(machines[0]?.config.initrd).toBeUndefined();
  });

  it.each([
    [{ vcpus: 1 }, "none"],
    [{ vcpus: 2 }, "aplic-imsic"],
    [{ vcpus: 2, aia: "aplic" }, "aplic"],
    [{ vcpus: 2, boot: { kind: "files", append: "" } }, "none"],
  ] as const)("gives %j aia=%s", async (changes, aia) => {
    const { connection, machines } = await bench();
    const arrayBuffer = async () => new ArrayBuffer(3);
    const kernel = await connection.storeImage({ name: "Image", size: 3, arrayBuffer });
    const first = { ...FIRST_DOMAINS[0]!, ...changes, uuid: "other", name: "other" };
    const boot = first.boot.kind === "files" ? { ...first.boot, kernel } : first.boot;
    await connection.define({ ...first, boot });
    await connection.create("other");
    expect(machines[0]?.config.aia).toBe(aia);
  });

  it("tells how much of the images has arrived", async () => {
    const { connection } = await bench();
    const told: (number | undefined)[] = [];
    connection.subscribe(({ updated }) => told.push(...updated.map(({ progress }) => progress)));
    await connection.create(DEBIAN);
    expect(told.findLast((progress) => progress !== undefined)).toBe(1);
    expect(only(connection).progress).toBeUndefined();
  });

  it("tells storage which files its active domains use", async () => {
    let users: (path: string) => readonly string[] = () => [];
    const openStorage = async (usersOf: typeof users): Promise<Storage> => {
      users = usersOf;
      return {} as Storage;
    };
    const { connection } = await bench({ openStorage });
    const disks = [{ target: "vda", device: "disk", bus: "virtio", source: "/a.raw" }] as const;
    await connection.define({ ...only(connection).definition, disks });
    expect(users("/a.raw")).toEqual([]);
    await connection.create(DEBIAN);
    expect([users("/a.raw"), users("/b.raw")]).toEqual([["Debian shell"], []]);
    await connection.destroy(DEBIAN);
    expect(users("/a.raw")).toEqual([]);
  });

  it("plugs the disks of a definition in, and keeps them", async () => {
    const { connection, machines } = await bench();
    const { definition } = only(connection);
    const disks = [{ target: "vda", device: "disk", bus: "virtio", source: "/a.raw" }] as const;
    await connection.define({ ...definition, disks });
    await connection.create(DEBIAN);
    const { drives, devices } = machines[0]?.config ?? {};
    expect(drives?.map(({ id, image }) => [id, image])).toEqual([
      ["vda", { kind: "file", filename: "/a.raw" }],
    ]);
    expect(devices?.at(-1)).toEqual({ kind: "virtio-blk", drive: "vda" });
    expect(only(connection).definition.disks).toEqual(disks);
    const twice = connection.define({ ...definition, disks: [...disks, ...disks] });
    await expect(twice).rejects.toThrow("two disks have the same target");
  });

  it("boots UEFI firmware, with OpenSBI below it and nothing else given", async () => {
    const bytes = new Uint8Array(4);
    const guests = {
      list: async () => [GUEST],
      find: async () => GUEST,
      efi: async () => EFI_FILES,
      address: () => "",
      load: async (_: unknown, { path }: { path: string }) => {
        return { kind: "bytes", name: path, bytes } as const;
      },
    };
    const { connection, machines } = await bench({ guests });
    const { definition } = only(connection);
    await connection.define({ ...definition, boot: { kind: "files", efi: true, append: "" } });
    await connection.create(DEBIAN);
    const { firmware, kernel, flash, drives } = machines[0]?.config ?? {};
    expect([firmware?.name, kernel]).toEqual(["fw", undefined]);
    expect(flash?.map(({ unit, drive }) => [unit, drive])).toEqual([
      [0, "pflash0"],
      [1, "pflash1"],
    ]);
    expect(drives).toHaveLength(2);
  });

  it("gives up a start that hangs, and can start again", async () => {
    let hang = true;
    const { connection, machines, claimed } = await bench({
      guests: {
        list: async () => [GUEST],
        find: async () => GUEST,
        address: (_, { path }) => `http://served/${path}`,
        efi: async () => EFI_FILES,
        load: async (_, { path }, { signal }) => {
          if (hang) await new Promise((_done, fail) => signal.addEventListener("abort", fail));
          return { kind: "url", name: path, url: path };
        },
      },
    });
    const start = connection.create(DEBIAN);
    await expect.poll(() => only(connection).job).toBe("create");
    await connection.destroy(DEBIAN);
    await expect(start).rejects.toBeDefined();
    expect([only(connection).state, claimed.size, machines.length]).toEqual(["shutoff", 0, 0]);
    hang = false;
    await connection.create(DEBIAN);
    expect(only(connection).state).toBe("running");
  });

  it("follows what another page makes of the definitions, but for what it runs", async () => {
    const [first] = FIRST_DOMAINS;
    let stored = [first!, { ...first!, uuid: "other", name: "other" }];
    let changed = () => {};
    const watch = (listener: () => void) => (changed = listener);
    const definitions = { ...NO_STORE, load: async () => stored, watch };
    const { connection } = await bench({ definitions });
    await connection.create(DEBIAN);
    stored = [{ ...first!, uuid: "new", name: "new" }];
    changed();
    const names = () => connection.domains().map(({ definition }) => definition.name);
    await expect.poll(names).toEqual(["Debian shell", "new"]);
  });

  it("does not change a definition that another page runs", async () => {
    const { connection } = await bench({ claim: async () => null });
    const renamed = { ...FIRST_DOMAINS[0]!, name: "renamed" };
    await expect(connection.define(renamed)).rejects.toThrow("runs in another tab");
    await expect(connection.undefine(DEBIAN)).rejects.toThrow("runs in another tab");
    expect(only(connection).definition.name).toBe("Debian shell");
  });
});
