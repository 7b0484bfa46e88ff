/** All that one connection of the test driver holds. */
import { ErrorDomain } from "../../../protocol/vm-error.ts";
import type { DomainContext } from "../../conf/domain/context.ts";
import type { DomainEvent, Event } from "../../driver/events.ts";
import type { NodeInfo } from "../../driver/host-calls.ts";
import type { XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { DomainObjects } from "../objects/domain-objects.ts";
import { NetworkObjects } from "../objects/network-objects.ts";
import type { TestPorts } from "./ports.ts";
import { TestInterfaces } from "./interfaces.ts";
import { TestNodeDevices } from "./node-devices.ts";
import { TestPools } from "./pools.ts";

export const TEST = { domain: ErrorDomain.test } as const;

/** What the test driver keeps of a domain besides its definitions. */
export interface TestExtras {
  /** Mount points that are frozen. */
  readonly frozen: Set<string>;
  /** The guest's clock, seconds since 1970. */
  timeS: bigint;
  readonly iothreads: Map<number, Map<string, number>>;
  readonly perf: Set<string>;
  /** The definition that the domain is tainted by. */
  tainting: XmlElement | null;
}

const DEFAULT_NODE: NodeInfo = {
  model: "i686",
  memoryKib: 3145728,
  cpus: 16,
  mhz: 1400,
  nodes: 2,
  sockets: 2,
  cores: 2,
  threads: 2,
};

export class TestState {
  readonly ports: TestPorts;
  node = DEFAULT_NODE;
  readonly domains = new DomainObjects();
  readonly networks = new NetworkObjects();
  readonly pools: TestPools;
  readonly nodeDevices = new TestNodeDevices();
  readonly interfaces = new TestInterfaces();
  readonly #extras = new Map<string, TestExtras>();
  readonly #listeners = new Set<(event: Event) => void>();

  constructor(ports: TestPorts) {
    this.ports = ports;
    this.pools = new TestPools(ports);
  }

  get context(): DomainContext {
    return {
      virtTypes: ["test"],
      defaultArch: "i686",
      videoModel: (osType, arch) => {
        if (osType === "xen" || osType === "linux") return "xen";
        return arch.startsWith("ppc64") ? "vga" : "cirrus";
      },
      newUuid: () => this.ports.newUuid(),
      newMac: () => this.ports.newMac(),
    };
  }

  extras({ uuid }: DomainObject): TestExtras {
    let extras = this.#extras.get(uuid);
    if (!extras) {
      extras = {
        frozen: new Set(),
        timeS: 627319920n,
        iothreads: new Map(),
        perf: new Set(),
        tainting: null,
      };
      this.#extras.set(uuid, extras);
    }
    return extras;
  }

  subscribe(listener: (event: Event) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  emit(event: Event): void {
    for (const listener of this.#listeners) listener(event);
  }

  /** Tells an event of a domain; `event` and `detail` are libvirt's numbers. */
  lifecycle(domain: DomainObject, event: number, detail: number): void {
    this.domainEvent(domain, { kind: "lifecycle", event, detail });
  }

  domainEvent(domain: DomainObject, event: DomainEvent): void {
    this.emit({ of: "domain", domain: domain.ref, event });
  }
}
