/** All that the driver holds: definitions, running machines, listeners. Connections share it. */
import { ErrorDomain } from "../../../protocol/vm-error.ts";
import { type QemuDomainContext, TABVISOR_BOARD } from "../../conf/domain/qemu/context.ts";
import { liveQemuDomain } from "../../conf/domain/qemu/live.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import type { DomainEnd, DomainLoad } from "../../driver/tabvisor-calls.ts";
import type { DomainEvent, Event, MonitorEvent } from "../../driver/events.ts";
import type { Storage } from "../../storage/storage.ts";
import type { XmlElement } from "../../xml/element.ts";
import { type DomainObject, DomainObjects } from "../objects/domain-objects.ts";
import { NetworkObjects } from "../objects/network-objects.ts";
import { DefinitionFiles } from "./definition-files.ts";
import { type DiskPlaces, imagePath } from "./disk-image.ts";
import type { QemuPorts } from "./ports.ts";
import type { Run } from "./run.ts";
import { Secrets } from "./secrets.ts";

export const QEMU = { domain: ErrorDomain.qemu } as const;

/** Types of domains: ours are emulated. */
export const VIRT_TYPES = ["qemu"] as const;

export class QemuState {
  readonly ports: QemuPorts;
  readonly storage: Storage;
  readonly domains: DomainObjects;
  readonly networks = new NetworkObjects();
  readonly secrets: Secrets;
  /** The host's own, kept with the definitions. */
  readonly hostUuid: string;
  readonly domainFiles: DefinitionFiles;
  readonly networkFiles: DefinitionFiles;
  /** The machines of active domains, by UUID. */
  readonly runs = new Map<string, Run>();
  /** How the last runs of domains that run no more ended. */
  readonly ends = new WeakMap<DomainObject, DomainEnd>();
  readonly #listeners = new Set<(event: Event) => void>();
  readonly #monitorListeners = new Set<(event: MonitorEvent) => void>();
  readonly #loadListeners = new Set<(load: DomainLoad) => void>();
  readonly #jobs = new Map<string, Promise<unknown>>();

  constructor(ports: QemuPorts, storage: Storage, domains: DomainObjects, hostUuid: string) {
    this.hostUuid = hostUuid;
    this.ports = ports;
    this.storage = storage;
    this.domains = domains;
    this.secrets = new Secrets(ports);
    this.domainFiles = new DefinitionFiles(ports.files, "qemu");
    this.networkFiles = new DefinitionFiles(ports.files, "qemu/networks");
  }

  get context(): QemuDomainContext {
    return {
      virtTypes: VIRT_TYPES,
      defaultArch: "riscv64",
      defaultMachine: "virt",
      emulator: this.ports.host.emulator,
      nvramFolder: this.ports.host.nvramFolder,
      channelFolder: this.ports.host.channelFolder,
      board: TABVISOR_BOARD,
      newUuid: () => this.ports.newUuid(),
      newMac: () => this.ports.newMac(),
    };
  }

  get diskPlaces(): DiskPlaces {
    return { images: this.ports.images, storage: this.storage, secrets: this.secrets };
  }

  /** Runs changes of one object one after another (libvirt's jobs). */
  job<T>(uuid: string, work: () => Promise<T>): Promise<T> {
    const before = this.#jobs.get(uuid) ?? Promise.resolve();
    const turn = before.then(work, work);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#jobs.set(uuid, settled);
    void settled.then(() => {
      if (this.#jobs.get(uuid) === settled) this.#jobs.delete(uuid);
    });
    return turn;
  }

  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  subscribeMonitor(listener: (event: MonitorEvent) => void): () => void {
    this.#monitorListeners.add(listener);
    return () => this.#monitorListeners.delete(listener);
  }

  /** Tells what QEMU's monitor would, by its names. */
  monitorEvent(domain: DomainObject, event: string, details?: object): void {
    const nowMs = this.ports.nowMs();
    const told = {
      domain: domain.ref,
      event,
      seconds: BigInt(Math.floor(nowMs / 1000)),
      micros: Math.floor((nowMs % 1000) * 1000),
      details: details === undefined ? null : JSON.stringify(details),
    };
    for (const listener of this.#monitorListeners) listener(told);
  }

  onLoad(listener: (load: DomainLoad) => void): () => void {
    this.#loadListeners.add(listener);
    return () => this.#loadListeners.delete(listener);
  }

  tellLoad(load: DomainLoad): void {
    for (const listener of this.#loadListeners) listener(load);
  }

  domainEvent(domain: DomainObject, event: DomainEvent): void {
    this.emit({ of: "domain", domain: domain.ref, event });
  }

  /** Tells a lifecycle event; `event` and `detail` are libvirt's numbers. */
  lifecycle(domain: DomainObject, event: number, detail: number): void {
    this.domainEvent(domain, { kind: "lifecycle", event, detail });
  }
}

/** An active domain's definition as it runs: with its id, and aliases for its devices. */
export function liveDefinition(
  { ports }: QemuState,
  { id }: DomainObject,
  definition: XmlElement,
): XmlElement {
  const { channelFolder } = ports.host;
  // Consoles have no terminals here, they are streams; there are no interfaces.
  const nothing = (): undefined => undefined;
  const facts = { id, channelFolder, ptyOf: nothing, interfaceTarget: nothing };
  return liveQemuDomain(definition, facts);
}

/** Names of the active domains that have a disk at a path. */
export function usersOf(domains: DomainObjects, storage: Storage, path: string): string[] {
  const uses = (disk: XmlElement): boolean => imagePath(disk, storage) === path;
  return domains
    .all()
    .filter(({ live }) => live && devicesOf(live, "disk").some(uses))
    .map(({ name }) => name);
}
