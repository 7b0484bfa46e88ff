/** `qemu:///system`: our own machines, through the embedding API. */
import type { MachineStats, StateEvent } from "../../api/types.ts";
import { VmError, vmError } from "../../protocol/vm-error.ts";
import type { Capabilities, Connection, ImageFile } from "../connection.ts";
import type { ConsoleDevice, DomainConsole } from "../console.ts";
import type { Domain, DomainDefinition, DomainDiff, ImageRef } from "../domain.ts";
import { type DomainDisks, machineDisks } from "../domain-disks.ts";
import { DomainTable } from "../domain-table.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import type { Driver } from "../registry.ts";
import type { Storage } from "../storage/storage.ts";
import { checkDefinition } from "../validate.ts";
import { CONSOLE_DEVICES, DomainConsoles } from "./domain-consoles.ts";
import { imagesOf } from "./images-of.ts";
import { machineConfig } from "./machine-config.ts";
import type { QemuDriverPorts } from "./ports.ts";
import { Run } from "./run.ts";
import { usersOf } from "./users-of.ts";

const MIB = 2 ** 20;

export function qemuDriver(ports: QemuDriverPorts): Driver {
  return {
    scheme: "qemu",
    open: async (uri) => {
      if (uri !== "qemu:///system")
        throw vmError("invalidArg", `the qemu driver knows no '${uri}'`);
      const table = new DomainTable(() => ports.nowMs());
      const storage = await ports.openStorage((path) => usersOf(path, table.list()));
      const connection = new QemuConnection(uri, ports, table, storage);
      await connection.load();
      return connection;
    },
  };
}

class QemuConnection implements Connection {
  readonly uri: string;
  readonly capabilities: Capabilities;
  readonly storage: Storage;
  readonly #ports: QemuDriverPorts;
  readonly #table: DomainTable;
  readonly #runs = new Map<string, Run>();
  readonly #consoles = new Map<string, DomainConsoles>();
  /** Runs that are over, until nothing of them is left. */
  readonly #leaving = new Map<string, Promise<void>>();
  /** Starts in progress, to be given up by `destroy`. */
  readonly #starts = new Map<string, AbortController>();

  constructor(uri: string, ports: QemuDriverPorts, table: DomainTable, storage: Storage) {
    this.uri = uri;
    this.storage = storage;
    this.#ports = ports;
    this.#table = table;
    this.capabilities = {
      minMemoryBytes: 64 * MIB,
      maxMemoryBytes: 3072 * MIB,
      memoryStepBytes: 2 * MIB,
      maxVcpus: 16,
      imagesPersist: ports.images.persistent,
    };
  }

  /** Reads the stored definitions; at the very first visit, stores the first ones. */
  async load(): Promise<void> {
    const { definitions, firstDomains } = this.#ports;
    const stored = await definitions.load();
    for (const definition of stored ?? firstDomains) this.#table.define(definition);
    if (!stored) await Promise.all(firstDomains.map((each) => definitions.save(each)));
    definitions.watch(() => void this.#reload());
  }

  domains(): readonly Domain[] {
    return this.#table.list();
  }

  subscribe(listener: (diff: DomainDiff) => void): () => void {
    return this.#table.subscribe(listener);
  }

  async define(definition: DomainDefinition): Promise<void> {
    checkDefinition(definition, this.capabilities);
    this.#table.checkDefine(definition);
    const before = this.#table.has(definition.uuid)
      ? imagesOf(this.#table.get(definition.uuid).definition)
      : [];
    await this.#exclusively(definition.uuid, () => this.#ports.definitions.save(definition));
    this.#table.define(definition);
    await this.#removeUnused(before);
  }

  async undefine(uuid: string): Promise<void> {
    const images = imagesOf(this.#table.get(uuid).definition);
    await this.#table.run(uuid, "undefine", async () => {
      await this.#discard(uuid);
      await this.#exclusively(uuid, () => this.#ports.definitions.remove(uuid));
    });
    this.#table.remove(uuid);
    this.#consoles.delete(uuid);
    await this.#removeUnused(images);
  }

  async create(uuid: string): Promise<void> {
    await this.#table.run(uuid, "create", async () => {
      await this.#discard(uuid);
      await this.#start(uuid);
    });
  }

  async suspend(uuid: string): Promise<void> {
    await this.#table.run(uuid, "suspend", () => this.#run(uuid).machine.pause());
  }

  async resume(uuid: string): Promise<void> {
    await this.#table.run(uuid, "resume", () => this.#run(uuid).machine.resume());
  }

  async reset(uuid: string): Promise<void> {
    await this.#table.run(uuid, "reset", () => this.#run(uuid).machine.reset());
  }

  async shutdown(uuid: string): Promise<void> {
    await this.#table.run(uuid, "shutdown", () => this.#run(uuid).machine.shutdown());
  }

  async destroy(uuid: string): Promise<void> {
    await this.#table.run(uuid, "destroy", () => {
      this.#starts.get(uuid)?.abort(vmError("operationAborted", "the start was given up"));
      return this.#discard(uuid);
    });
    if (this.#table.get(uuid).state !== "shutoff") {
      this.#table.stateChanged(uuid, { state: "shutoff", reason: "destroyed" });
    }
  }

  consoles(uuid: string): readonly ConsoleDevice[] {
    this.#table.get(uuid);
    return CONSOLE_DEVICES;
  }

  console(uuid: string, device: ConsoleDevice): DomainConsole {
    this.#table.get(uuid);
    return this.#consolesOf(uuid).console(device);
  }

  async stats(uuid: string): Promise<MachineStats | null> {
    this.#table.get(uuid);
    return (await this.#runs.get(uuid)?.machine.stats()) ?? null;
  }

  disks(uuid: string): DomainDisks {
    this.#table.get(uuid);
    return machineDisks(() => this.#run(uuid).machine);
  }

  guests(): Promise<readonly GuestManifest[]> {
    return this.#ports.guests.list();
  }

  storeImage(file: ImageFile): Promise<ImageRef> {
    return this.#ports.images.put(file);
  }

  /** What another page changed shows here too; what this one runs stays. */
  async #reload(): Promise<void> {
    const stored = await this.#ports.definitions.load();
    if (stored) this.#table.sync(stored);
  }

  /** Changes a definition while no other page runs it. */
  async #exclusively(uuid: string, change: () => Promise<void>): Promise<void> {
    const ours = this.#runs.has(uuid) || !this.#table.has(uuid);
    const release = ours ? () => {} : await this.#claim(uuid);
    try {
      await change();
    } finally {
      release();
    }
  }

  async #start(uuid: string): Promise<void> {
    await this.#leaving.get(uuid);
    const release = await this.#claim(uuid);
    const start = new AbortController();
    this.#starts.set(uuid, start);
    try {
      await this.#build(uuid, start.signal, release);
    } catch (error) {
      release();
      await this.#failed(uuid, start.signal, error);
      throw error;
    } finally {
      if (this.#starts.get(uuid) === start) this.#starts.delete(uuid);
    }
  }

  /** @throws VmError when another tab runs the domain */
  async #claim(uuid: string): Promise<() => void> {
    const release = await this.#ports.claim(uuid);
    if (release) return release;
    const { name } = this.#table.get(uuid).definition;
    throw vmError("operationInvalid", `domain '${name}' runs in another tab`);
  }

  /** Loads the images, builds the machine and starts it. */
  async #build(uuid: string, signal: AbortSignal, release: () => void): Promise<void> {
    const { images, guests } = this.#ports;
    const { definition } = this.#table.get(uuid);
    const onProgress = (progress: number) => this.#table.progressed(uuid, progress);
    const config = await machineConfig(definition, { images, guests, onProgress, signal });
    const machine = await this.#ports.createMachine(config);
    signal.throwIfAborted();
    this.#consolesOf(uuid).connect(machine);
    const onEvent = (event: StateEvent) => this.#changed(uuid, event);
    this.#runs.set(uuid, new Run(machine, onEvent, release));
    await machine.start();
  }

  /** A domain that could not start is shut off, and its record says why. */
  async #failed(uuid: string, { aborted }: AbortSignal, error: unknown): Promise<void> {
    // Whoever gave the start up sees to the rest; another start may be under way already.
    if (aborted) return;
    await this.#discard(uuid);
    const message = error instanceof VmError ? error.detail : String(error);
    this.#table.stateChanged(uuid, { state: "shutoff", reason: "failed", message });
  }

  #changed(uuid: string, event: StateEvent): void {
    this.#table.stateChanged(uuid, event);
    if (event.state !== "shutoff") return;
    const run = this.#runs.get(uuid);
    this.#runs.delete(uuid);
    this.#consolesOf(uuid).disconnect();
    if (run) this.#leave(uuid, run);
  }

  #leave(uuid: string, run: Run): void {
    const left = run.close().finally(() => {
      if (this.#leaving.get(uuid) === left) this.#leaving.delete(uuid);
    });
    this.#leaving.set(uuid, left);
  }

  /** Ends the present run, if there is one, and frees what it held. */
  async #discard(uuid: string): Promise<void> {
    const run = this.#runs.get(uuid);
    if (!run) return;
    this.#runs.delete(uuid);
    this.#consolesOf(uuid).disconnect();
    run.mute();
    if (run.machine.state !== "shutoff") await run.machine.forceOff();
    this.#leave(uuid, run);
  }

  /** @throws VmError when the domain has no machine */
  #run(uuid: string): Run {
    const run = this.#runs.get(uuid);
    if (!run) throw vmError("operationInvalid", "domain is not running");
    return run;
  }

  #consolesOf(uuid: string): DomainConsoles {
    let consoles = this.#consoles.get(uuid);
    if (!consoles) this.#consoles.set(uuid, (consoles = new DomainConsoles()));
    return consoles;
  }

  /** Removes those of `images` that no definition names any more. */
  async #removeUnused(images: readonly ImageRef[]): Promise<void> {
    const used = new Set(
      this.#table.list().flatMap(({ definition }) => imagesOf(definition).map(({ key }) => key)),
    );
    for (const image of images) {
      if (!used.has(image.key)) await this.#ports.images.remove(image);
    }
  }
}
