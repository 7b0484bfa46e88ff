/** `qemu:///system`: our own machines, through the embedding API. */
import type { MachineStats, StateEvent } from "../../api/types.ts";
import { VmError, vmError } from "../../protocol/vm-error.ts";
import type { Capabilities, Connection, ImageFile } from "../connection.ts";
import { ConsoleLog, type DomainConsole } from "../console.ts";
import type { Domain, DomainDefinition, DomainDiff, ImageRef } from "../domain.ts";
import { DomainTable } from "../domain-table.ts";
import type { GuestManifest } from "../guest-manifest.ts";
import type { Driver } from "../registry.ts";
import { checkDefinition } from "../validate.ts";
import { imagesOf } from "./images-of.ts";
import { machineConfig } from "./machine-config.ts";
import type { QemuDriverPorts } from "./ports.ts";
import { Run } from "./run.ts";

const MIB = 2 ** 20;

export function qemuDriver(ports: QemuDriverPorts): Driver {
  return {
    scheme: "qemu",
    open: async (uri) => {
      if (uri !== "qemu:///system")
        throw vmError("invalidArg", `the qemu driver knows no '${uri}'`);
      const connection = new QemuConnection(uri, ports);
      await connection.load();
      return connection;
    },
  };
}

class QemuConnection implements Connection {
  readonly uri: string;
  readonly capabilities: Capabilities;
  readonly #ports: QemuDriverPorts;
  readonly #table: DomainTable;
  readonly #runs = new Map<string, Run>();
  readonly #logs = new Map<string, ConsoleLog>();
  readonly #consoles = new Map<string, DomainConsole>();

  constructor(uri: string, ports: QemuDriverPorts) {
    this.uri = uri;
    this.#ports = ports;
    this.#table = new DomainTable(() => ports.nowMs());
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
    await this.#ports.definitions.save(definition);
    this.#table.define(definition);
    await this.#removeUnused(before);
  }

  async undefine(uuid: string): Promise<void> {
    const images = imagesOf(this.#table.get(uuid).definition);
    await this.#table.run(uuid, "undefine", async () => {
      await this.#discard(uuid);
      await this.#ports.definitions.remove(uuid);
    });
    this.#table.remove(uuid);
    this.#logs.delete(uuid);
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
    await this.#table.run(uuid, "destroy", () => this.#discard(uuid));
    if (this.#table.get(uuid).state !== "shutoff") {
      this.#table.stateChanged(uuid, { state: "shutoff", reason: "destroyed" });
    }
  }

  console(uuid: string): DomainConsole {
    this.#table.get(uuid);
    let console = this.#consoles.get(uuid);
    if (!console) this.#consoles.set(uuid, (console = this.#console(uuid)));
    return console;
  }

  async stats(uuid: string): Promise<MachineStats | null> {
    this.#table.get(uuid);
    return (await this.#runs.get(uuid)?.machine.stats()) ?? null;
  }

  guests(): Promise<readonly GuestManifest[]> {
    return this.#ports.guests.list();
  }

  storeImage(file: ImageFile): Promise<ImageRef> {
    return this.#ports.images.put(file);
  }

  async #start(uuid: string): Promise<void> {
    const { definition } = this.#table.get(uuid);
    const { images, guests } = this.#ports;
    const release = await this.#ports.claim(uuid);
    if (!release) {
      throw vmError("operationInvalid", `domain '${definition.name}' runs in another tab`);
    }
    try {
      const config = await machineConfig(definition, images, guests);
      const machine = await this.#ports.createMachine(config);
      const onEvent = (event: StateEvent) => this.#changed(uuid, event);
      this.#runs.set(uuid, new Run(machine, this.#log(uuid), onEvent, release));
      await machine.start();
    } catch (error) {
      release();
      await this.#failed(uuid, error);
      throw error;
    }
  }

  /** A domain that could not start is shut off, and its record says why. */
  async #failed(uuid: string, error: unknown): Promise<void> {
    await this.#discard(uuid);
    const message = error instanceof VmError ? error.message : String(error);
    this.#table.stateChanged(uuid, { state: "shutoff", reason: "failed", message });
  }

  #changed(uuid: string, event: StateEvent): void {
    this.#table.stateChanged(uuid, event);
    if (event.state !== "shutoff") return;
    this.#runs.get(uuid)?.close();
    this.#runs.delete(uuid);
  }

  /** Ends the present run, if there is one, and frees what it held. */
  async #discard(uuid: string): Promise<void> {
    const run = this.#runs.get(uuid);
    if (!run) return;
    this.#runs.delete(uuid);
    run.close();
    if (run.machine.state !== "shutoff") await run.machine.forceOff();
  }

  /** @throws VmError when the domain has no machine */
  #run(uuid: string): Run {
    const run = this.#runs.get(uuid);
    if (!run) throw vmError("operationInvalid", "domain is not running");
    return run;
  }

  #log(uuid: string): ConsoleLog {
    let log = this.#logs.get(uuid);
    if (!log) this.#logs.set(uuid, (log = new ConsoleLog()));
    return log;
  }

  #console(uuid: string): DomainConsole {
    const log = this.#log(uuid);
    return {
      attach: (listener) => log.attach(listener),
      backlog: () => log.backlog(),
      write: async (bytes) => this.#runs.get(uuid)?.write(bytes),
      sendBreak: async () => this.#runs.get(uuid)?.machine.serial.sendBreak(),
    };
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
