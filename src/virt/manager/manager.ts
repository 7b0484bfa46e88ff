/**
 * One connection as a manager sees it (virt-manager's vmmConnection): snapshots of its objects that
 * are fresh after every event, and a history of the domains' counters while somebody looks at it.
 */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../driver/connect.ts";
import type { Event } from "../driver/events.ts";
import { Collection } from "./collection.ts";
import { Consoles } from "./consoles.ts";
import { lookAtDomain, lookAtHost, lookAtNetwork, lookAtPool, lookAtVolume } from "./look.ts";
import type {
  ManagedDomain,
  ManagedHost,
  ManagedNetwork,
  ManagedPool,
  ManagedVolume,
} from "./objects.ts";
import { sampleDomains } from "./sample.ts";
import { StatsHistory } from "./stats-history.ts";

export interface ManagerPorts {
  /** Opens the connection; called again by `reopen`. */
  open(): Promise<Connect>;
  /** Milliseconds since 1970. */
  nowMs(): number;
  /** Calls back again and again while somebody can see it; returns a function that stops it. */
  every(ms: number, work: () => Promise<void>): () => void;
}

const GONE: ReadonlySet<number> = new Set([
  ErrorCode.noDomain,
  ErrorCode.noStoragePool,
  ErrorCode.noNetwork,
  ErrorCode.noStorageVol,
]);

export class Manager {
  readonly stats = new StatsHistory();
  readonly consoles = new Consoles(() => this.#connect);
  readonly #ports: ManagerPorts;
  readonly #listeners = new Set<() => void>();
  readonly #domains: Collection<ManagedDomain>;
  readonly #pools: Collection<ManagedPool>;
  readonly #networks: Collection<ManagedNetwork>;
  /** Counts changes of pools' contents, for views of volumes. */
  #volumesVersion = 0;
  #connect: Connect;
  #host: ManagedHost;
  #stopEvents: () => void = () => {};
  #watchers = 0;
  #stopPolling: () => void = () => {};

  /** @throws VmError when the connection cannot be opened */
  static async open(ports: ManagerPorts): Promise<Manager> {
    const connect = await ports.open();
    const manager = new Manager(ports, connect, await lookAtHost(connect));
    await manager.#load();
    return manager;
  }

  private constructor(ports: ManagerPorts, connect: Connect, host: ManagedHost) {
    this.#ports = ports;
    this.#connect = connect;
    this.#host = host;
    const changed = (): void => this.#changed();
    this.#domains = new Collection({
      list: async () => (await this.#connect.connectListAllDomains(0)).map(({ uuid }) => uuid),
      look: (uuid) => unlessGone(() => lookAtDomain(this.#connect, uuid)),
      changed: () => {
        this.consoles.update(this.#domains.all());
        changed();
      },
    });
    this.#pools = new Collection({
      list: async () => (await this.#connect.connectListAllStoragePools(0)).map(({ uuid }) => uuid),
      look: (uuid) =>
        unlessGone(async () =>
          lookAtPool(this.#connect, await this.#connect.storagePoolLookupByUUID(uuid)),
        ),
      changed,
    });
    this.#networks = new Collection({
      list: async () => (await this.#connect.connectListAllNetworks(0)).map(({ uuid }) => uuid),
      look: (uuid) =>
        unlessGone(async () =>
          lookAtNetwork(this.#connect, await this.#connect.networkLookupByUUID(uuid)),
        ),
      changed,
    });
  }

  /** libvirt's calls. What changes something without an event is followed by a `refresh…`. */
  get connect(): Connect {
    return this.#connect;
  }

  get host(): ManagedHost {
    return this.#host;
  }

  /** By name. The arrays are new ones after every change, and only then. */
  domains(): readonly ManagedDomain[] {
    return this.#domains.all();
  }

  domain(uuid: string): ManagedDomain | undefined {
    return this.#domains.get(uuid);
  }

  pools(): readonly ManagedPool[] {
    return this.#pools.all();
  }

  networks(): readonly ManagedNetwork[] {
    return this.#networks.all();
  }

  /** Another number after every change of a pool's volumes. */
  get volumesVersion(): number {
    return this.#volumesVersion;
  }

  /** The volumes of an active pool, by name. @throws VmError */
  async volumes({ ref }: ManagedPool): Promise<readonly ManagedVolume[]> {
    const refs = await this.#connect.storagePoolListAllVolumes(ref, 0);
    const looks = refs.map((each) => unlessGone(() => lookAtVolume(this.#connect, each)));
    const found = (await Promise.all(looks)).filter((volume) => volume !== null);
    return found.sort((a, b) => a.name.localeCompare(b.name, "en"));
  }

  /** Calls back after every change; returns a function that stops it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  refreshDomain(uuid: string): Promise<void> {
    return this.#domains.refresh(uuid);
  }

  async refreshPool(uuid: string): Promise<void> {
    this.#volumesVersion += 1;
    await this.#pools.refresh(uuid);
    this.#changed();
  }

  refreshNetwork(uuid: string): Promise<void> {
    return this.#networks.refresh(uuid);
  }

  /**
   * Samples the counters of all domains until the returned function is called; all watchers share
   * one clock.
   *
   * @param periodMs between samples; the first watcher's counts
   */
  watchStats(periodMs: number): () => void {
    this.#watchers += 1;
    if (this.#watchers === 1) {
      void this.#sample();
      this.#stopPolling = this.#ports.every(periodMs, () => this.#sample());
    }
    let watching = true;
    return () => {
      if (!watching) return;
      watching = false;
      this.#watchers -= 1;
      if (this.#watchers === 0) this.#stopPolling();
    };
  }

  /** After the host of the connection changed: opens it anew. @throws VmError */
  async reopen(): Promise<void> {
    this.#stopEvents();
    this.#connect = await this.#ports.open();
    this.#host = await lookAtHost(this.#connect);
    await this.#load();
    this.consoles.reopen(this.#domains.all());
    this.#changed();
  }

  async close(): Promise<void> {
    this.#stopPolling();
    this.#stopEvents();
    await this.#connect.close();
  }

  async #load(): Promise<void> {
    this.#stopEvents = await this.#connect.connectEvents((event) => void this.#heard(event));
    await Promise.all([
      this.#domains.reload(),
      this.#pools.reload(),
      this.#networks.reload().catch(ignoreUnsupported),
    ]);
  }

  async #heard(event: Event): Promise<void> {
    switch (event.of) {
      case "domain":
        return this.#domains.refresh(event.domain.uuid);
      case "pool":
        return this.refreshPool(event.pool.uuid);
      case "pool-refresh":
        return this.refreshPool(event.pool.uuid);
      case "network":
        return this.#networks.refresh(event.network.uuid);
      default:
        return undefined;
    }
  }

  async #sample(): Promise<void> {
    try {
      const records = await sampleDomains(this.#connect, (uuid) => this.domain(uuid));
      this.stats.add(records, this.#ports.nowMs());
    } catch {
      // The host is gone, or another call says what is wrong.
    }
  }

  #changed(): void {
    for (const listener of this.#listeners) listener();
  }
}

async function unlessGone<T>(look: () => Promise<T>): Promise<T | null> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof VmError && GONE.has(error.code)) return null;
    throw error;
  }
}

function ignoreUnsupported(error: unknown): void {
  if (!(error instanceof VmError) || error.code !== ErrorCode.noSupport) throw error;
}
