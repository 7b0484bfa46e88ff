/** The domains of a connection, by UUID: libvirt's virDomainObjList. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { domainName, domainUuid, withId } from "../../conf/domain/view.ts";
import {
  ConnectListAllDomainsFlags as List,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import type { DomainRef } from "../../driver/refs.ts";
import type { XmlElement } from "../../xml/element.ts";
import { CheckpointTree } from "./checkpoint-tree.ts";
import { SnapshotTree } from "./snapshot-tree.ts";

/** One domain. Definitions are trees that never change; changes replace them. */
export class DomainObject {
  /** What the next start takes; null for a transient domain. */
  config: XmlElement | null;
  /** What runs; null while inactive. */
  live: XmlElement | null = null;
  /** -1 while inactive. */
  id = -1;
  /** `virDomainState` and its reason. */
  state: number = DomainState.shutoff;
  reason: number = DomainShutoffReason.unknown;
  autostart = false;
  hasManagedSave = false;
  readonly snapshots = new SnapshotTree();
  readonly checkpoints = new CheckpointTree();

  constructor(config: XmlElement | null, live: XmlElement | null = null) {
    this.config = config;
    this.live = live;
  }

  /** What runs, or would run. */
  get definition(): XmlElement {
    const definition = this.live ?? this.config;
    if (!definition) throw vmError("internalError", "domain without a definition");
    return definition;
  }

  get name(): string {
    return domainName(this.definition);
  }

  get uuid(): string {
    return domainUuid(this.definition);
  }

  get isActive(): boolean {
    return this.id > 0;
  }

  get isPersistent(): boolean {
    return this.config !== null;
  }

  get ref(): DomainRef {
    return { name: this.name, uuid: this.uuid, id: this.id };
  }

  setState(state: number, reason: number): void {
    this.state = state;
    this.reason = reason;
  }
}

export class DomainObjects {
  readonly #byUuid = new Map<string, DomainObject>();
  #lastId = 0;

  /** @throws VmError noDomain */
  get({ uuid, name }: DomainRef): DomainObject {
    const found = this.#byUuid.get(uuid);
    if (!found) {
      throw vmError("noDomain", `no domain with matching uuid '${uuid}' (${name})`, {
        domain: ErrorDomain.domain,
      });
    }
    return found;
  }

  /** The domain, which must be active. @throws VmError noDomain, operationInvalid */
  active(ref: DomainRef): DomainObject {
    const domain = this.get(ref);
    if (!domain.isActive) {
      throw vmError("operationInvalid", "domain is not running", { domain: ErrorDomain.domain });
    }
    return domain;
  }

  byUuid(uuid: string): DomainObject | undefined {
    return this.#byUuid.get(uuid);
  }

  byName(name: string): DomainObject | undefined {
    return this.all().find((each) => each.name === name);
  }

  byId(id: number): DomainObject | undefined {
    return this.all().find((each) => each.id === id);
  }

  all(): DomainObject[] {
    return [...this.#byUuid.values()];
  }

  /**
   * Adds a definition, or replaces that of the same UUID.
   *
   * @param live the definition is of a domain that is to run now
   * @throws VmError operationFailed, operationInvalid
   */
  add(definition: XmlElement, { live = false } = {}): DomainObject {
    const name = domainName(definition);
    const uuid = domainUuid(definition);
    const old = this.#byUuid.get(uuid);
    const namesake = this.byName(name);
    const conf = { domain: ErrorDomain.domain };
    if (old && old.name !== name) {
      throw vmError(
        "operationFailed",
        `domain '${old.name}' is already defined with uuid ${uuid}`,
        conf,
      );
    }
    if (namesake && namesake.uuid !== uuid) {
      throw vmError(
        "operationFailed",
        `domain '${name}' already exists with uuid ${namesake.uuid}`,
        conf,
      );
    }
    if (live && old?.isActive === true) {
      throw vmError("operationInvalid", `domain '${name}' is already active`, conf);
    }
    const domain = old ?? new DomainObject(live ? null : definition, live ? definition : null);
    if (old && !live) old.config = definition;
    if (old && live) old.live = definition;
    this.#byUuid.set(uuid, domain);
    return domain;
  }

  remove(domain: DomainObject): void {
    this.#byUuid.delete(domain.uuid);
  }

  /** Makes the domain active: what runs is a copy of its configuration with a new id. */
  activate(domain: DomainObject, state: number, reason: number): void {
    domain.id = ++this.#lastId;
    domain.live = withId(domain.live ?? domain.definition, domain.id);
    domain.setState(state, reason);
  }

  /** Makes it inactive; a transient domain is gone then. */
  deactivate(domain: DomainObject, state: number, reason: number): void {
    if (domain.config === null) this.remove(domain);
    else domain.live = null;
    domain.id = -1;
    domain.setState(state, reason);
  }
}

/** Groups of filters: of each group that has a bit set, one must match. */
const FILTERS: readonly (readonly (readonly [number, (domain: DomainObject) => boolean])[])[] = [
  [
    [List.active, (domain) => domain.isActive],
    [List.inactive, (domain) => !domain.isActive],
  ],
  [
    [List.persistent, (domain) => domain.isPersistent],
    [List.transient, (domain) => !domain.isPersistent],
  ],
  [
    [List.running, ({ state }) => state === DomainState.running],
    [List.paused, ({ state }) => state === DomainState.paused],
    [List.shutoff, ({ state }) => state === DomainState.shutoff],
    [
      List.other,
      ({ state }) =>
        state !== DomainState.running &&
        state !== DomainState.paused &&
        state !== DomainState.shutoff,
    ],
  ],
  [
    [List.managedsave, (domain) => domain.hasManagedSave],
    [List.noManagedsave, (domain) => !domain.hasManagedSave],
  ],
  [
    [List.autostart, (domain) => domain.autostart],
    [List.noAutostart, (domain) => !domain.autostart],
  ],
  [
    [List.hasSnapshot, (domain) => domain.snapshots.size > 0],
    [List.noSnapshot, (domain) => domain.snapshots.size === 0],
  ],
  [
    [List.hasCheckpoint, (domain) => domain.checkpoints.size > 0],
    [List.noCheckpoint, (domain) => domain.checkpoints.size === 0],
  ],
];

/** Whether `virConnectListAllDomains` with these flags lists the domain. */
export function isListed(domain: DomainObject, flags: number): boolean {
  return FILTERS.every((group) => {
    const asked = group.filter(([bit]) => (flags & bit) !== 0);
    return asked.length === 0 || asked.some(([, matches]) => matches(domain));
  });
}
