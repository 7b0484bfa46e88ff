/** The networks of a connection: libvirt's virNetworkObjList. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { ConnectListAllNetworksFlags as List } from "../../driver/network-flags.ts";
import type { NetworkRef } from "../../driver/refs.ts";
import { textAt, type XmlElement } from "../../xml/element.ts";

const NETWORK = { domain: ErrorDomain.network } as const;

export class NetworkObject {
  /** What the next start takes; null for a transient network. */
  config: XmlElement | null;
  /** What is active; null while inactive. */
  live: XmlElement | null = null;
  autostart = false;

  constructor(config: XmlElement | null, live: XmlElement | null) {
    this.config = config;
    this.live = live;
  }

  get definition(): XmlElement {
    const definition = this.live ?? this.config;
    if (!definition) throw vmError("internalError", "network without a definition", NETWORK);
    return definition;
  }

  get isActive(): boolean {
    return this.live !== null;
  }

  get isPersistent(): boolean {
    return this.config !== null;
  }

  get ref(): NetworkRef {
    return {
      name: textAt(this.definition, "name") ?? "",
      uuid: textAt(this.definition, "uuid") ?? "",
    };
  }
}

export class NetworkObjects {
  readonly #byUuid = new Map<string, NetworkObject>();

  all(): NetworkObject[] {
    return [...this.#byUuid.values()];
  }

  /** @throws VmError noNetwork */
  get({ uuid }: NetworkRef): NetworkObject {
    return this.byUuid(uuid);
  }

  /** @throws VmError noNetwork */
  byUuid(uuid: string): NetworkObject {
    const found = this.#byUuid.get(uuid);
    if (!found) throw vmError("noNetwork", `no network with matching uuid '${uuid}'`, NETWORK);
    return found;
  }

  /** @throws VmError noNetwork */
  byName(name: string): NetworkObject {
    const found = this.all().find((each) => each.ref.name === name);
    if (!found) throw vmError("noNetwork", `no network with matching name '${name}'`, NETWORK);
    return found;
  }

  /** Adds a definition, or replaces that of the same UUID. @throws VmError operationFailed, operationInvalid */
  add(definition: XmlElement, live: boolean): NetworkObject {
    const name = textAt(definition, "name") ?? "";
    const uuid = textAt(definition, "uuid") ?? "";
    const old = this.#byUuid.get(uuid);
    if (old && old.ref.name !== name) {
      throw vmError(
        "operationFailed",
        `network '${old.ref.name}' is already defined with uuid ${uuid}`,
        NETWORK,
      );
    }
    const namesake = this.all().find((each) => each.ref.name === name && each.ref.uuid !== uuid);
    if (namesake) {
      throw vmError(
        "operationFailed",
        `network '${name}' already exists with uuid ${namesake.ref.uuid}`,
        NETWORK,
      );
    }
    if (live && old?.isActive === true) {
      throw vmError("operationInvalid", `network is already active as '${name}'`, NETWORK);
    }
    const network = old ?? new NetworkObject(live ? null : definition, live ? definition : null);
    if (old && live) old.live = definition;
    if (old && !live) old.config = definition;
    this.#byUuid.set(uuid, network);
    return network;
  }

  remove(network: NetworkObject): void {
    this.#byUuid.delete(network.ref.uuid);
  }
}

/** Whether `virConnectListAllNetworks` with these flags lists the network. */
export function isNetworkListed(network: NetworkObject, flags: number): boolean {
  const groups: readonly (readonly (readonly [number, boolean])[])[] = [
    [
      [List.active, network.isActive],
      [List.inactive, !network.isActive],
    ],
    [
      [List.persistent, network.isPersistent],
      [List.transient, !network.isPersistent],
    ],
    [
      [List.autostart, network.autostart],
      [List.noAutostart, !network.autostart],
    ],
  ];
  return groups.every((group) => {
    const asked = group.filter(([bit]) => (flags & bit) !== 0);
    return asked.length === 0 || asked.some(([, matches]) => matches);
  });
}
