/** The test driver's pools: 100 GiB each, and volumes that are only told of. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parsePool, withPoolSizes } from "../../conf/pool/parse.ts";
import { parseVolume } from "../../conf/volume/parse.ts";
import type { StoragePoolRef, StorageVolRef } from "../../driver/refs.ts";
import { childAt, draft, draftOf, ensureChild, removeChildren, setText } from "../../xml/draft.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";
import { arrange } from "../../conf/arrange.ts";
import { VOLUME_ORDER } from "../../conf/volume/order.ts";
import type { TestPorts } from "./ports.ts";

const STORAGE = { domain: ErrorDomain.storage } as const;
const CAPACITY = 100n * 2n ** 30n;

export class TestPool {
  definition: XmlElement;
  active = false;
  persistent: boolean;
  autostart = false;
  readonly volumes = new Map<string, XmlElement>();

  constructor(definition: XmlElement, persistent: boolean) {
    this.definition = definition;
    this.persistent = persistent;
  }

  get name(): string {
    return textAt(this.definition, "name") ?? "";
  }

  get type(): string {
    return this.definition.attributes.get("type") ?? "dir";
  }

  get path(): string {
    return textAt(this.definition, "target", "path") ?? "";
  }

  get ref(): StoragePoolRef {
    return { name: this.name, uuid: textAt(this.definition, "uuid") ?? "" };
  }

  get allocation(): bigint {
    return [...this.volumes.values()].reduce(
      (sum, volume) => sum + BigInt(textAt(volume, "allocation") ?? "0"),
      0n,
    );
  }

  get available(): bigint {
    return CAPACITY - this.allocation;
  }

  get capacity(): bigint {
    return CAPACITY;
  }

  get xml(): XmlElement {
    const { capacity, allocation, available } = this;
    return withPoolSizes(this.definition, { capacity, allocation, available });
  }

  /** @throws VmError operationInvalid */
  mustBeActive(): this {
    if (!this.active) {
      throw vmError("operationInvalid", `storage pool '${this.name}' is not active`, STORAGE);
    }
    return this;
  }

  /** @throws VmError operationInvalid */
  mustBeInactive(): this {
    if (this.active) {
      throw vmError("operationInvalid", `storage pool '${this.name}' is active`, STORAGE);
    }
    return this;
  }

  /** @throws VmError noStorageVol */
  volume(name: string): XmlElement {
    const found = this.volumes.get(name);
    if (!found) {
      throw vmError("noStorageVol", `no storage vol with matching name '${name}'`, STORAGE);
    }
    return found;
  }

  volumeRef(name: string): StorageVolRef {
    return { pool: this.name, name, key: textAt(this.volume(name), "key") ?? "" };
  }

  /** Makes a volume of its XML. @throws VmError operationFailed, internalError, xmlError */
  /** @param original the name of a volume that must be there */
  createVolume(text: string, original?: string): StorageVolRef {
    const parsed = parseVolume(text, { poolType: this.type });
    const name = textAt(parsed, "name") ?? "";
    if (this.volumes.has(name)) {
      throw vmError("operationFailed", "storage vol already exists", STORAGE);
    }
    if (original !== undefined) this.volume(original);
    if (BigInt(textAt(parsed, "allocation") ?? "0") > this.available) {
      throw vmError("internalError", `Not enough free space in pool for volume '${name}'`, STORAGE);
    }
    const volume = draftOf(parsed);
    const path = `${this.path}/${name}`;
    removeChildren(volume, "key");
    volume.children.push(draft("key", {}, path));
    setText(ensureChild(ensureChild(volume, "target"), "path"), path);
    if (!childAt(volume, "allocation")) volume.children.push(draft("allocation", {}, "0"));
    arrange(volume, VOLUME_ORDER);
    this.volumes.set(name, volume);
    return this.volumeRef(name);
  }
}

export class TestPools {
  readonly #byUuid = new Map<string, TestPool>();
  readonly #ports: TestPorts;

  constructor(ports: TestPorts) {
    this.#ports = ports;
  }

  all(): TestPool[] {
    return [...this.#byUuid.values()];
  }

  /** @throws VmError noStoragePool */
  get({ uuid }: StoragePoolRef): TestPool {
    return this.byUuid(uuid);
  }

  /** @throws VmError noStoragePool */
  byUuid(uuid: string): TestPool {
    const found = this.#byUuid.get(uuid);
    if (!found) {
      throw vmError("noStoragePool", `no storage pool with matching uuid '${uuid}'`, STORAGE);
    }
    return found;
  }

  /** @throws VmError noStoragePool */
  byName(name: string): TestPool {
    const found = this.all().find((each) => each.name === name);
    if (!found) {
      throw vmError("noStoragePool", `no storage pool with matching name '${name}'`, STORAGE);
    }
    return found;
  }

  /** Adds a pool of its XML. @throws VmError operationFailed, xmlError */
  add(text: string, persistent: boolean): TestPool {
    const definition = parsePool(text, this.#ports);
    const pool = new TestPool(definition, persistent);
    const { name, uuid } = pool.ref;
    const old = this.#byUuid.get(uuid);
    const namesake = this.all().find((each) => each.name === name);
    if (old && old.name !== name) {
      throw vmError(
        "operationFailed",
        `pool '${old.name}' is already defined with uuid ${uuid}`,
        STORAGE,
      );
    }
    if (namesake && namesake.ref.uuid !== uuid) {
      throw vmError(
        "operationFailed",
        `pool '${name}' already exists with uuid ${namesake.ref.uuid}`,
        STORAGE,
      );
    }
    if (old) {
      old.definition = definition;
      old.persistent ||= persistent;
      return old;
    }
    this.#byUuid.set(uuid, pool);
    return pool;
  }

  remove(pool: TestPool): void {
    this.#byUuid.delete(pool.ref.uuid);
  }

  /** The pool and name of a volume that `matches`. @throws VmError noStorageVol */
  findVolume(matches: (volume: XmlElement) => boolean, what: string): StorageVolRef {
    for (const pool of this.all()) {
      if (!pool.active) continue;
      for (const [name, volume] of pool.volumes) if (matches(volume)) return pool.volumeRef(name);
    }
    throw vmError("noStorageVol", `no storage vol with matching ${what}`, STORAGE);
  }
}
