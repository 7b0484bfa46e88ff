/** The driver's networks: definitions. Nothing carries frames yet, so that none can be started. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parseNetwork } from "../../conf/network/parse.ts";
import type { NetworkCalls } from "../../driver/network-calls.ts";
import { NetworkUpdateFlags } from "../../driver/network-flags.ts";
import type { NetworkRef } from "../../driver/refs.ts";
import { find, textAt } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { isNetworkListed, type NetworkObject } from "../objects/network-objects.ts";
import type { QemuState } from "./qemu-state.ts";

const NETWORK = { domain: ErrorDomain.network } as const;

/** `virNetworkEventLifecycleType`. */
const Event = { defined: 0, undefined: 1 } as const;

/** Starting one is not among them: it is not supported. */
type Calls = Omit<
  NetworkCalls,
  | "networkGetDHCPLeases"
  | "networkCreate"
  | "networkCreateXMLFlags"
  | `${string}nterface${string}`
  | `${string}NWFilter${string}`
  | `nwfilter${string}`
>;

export function networkCalls(state: QemuState): Calls {
  const { networks } = state;
  return {
    connectListAllNetworks: async (flags) =>
      networks
        .all()
        .filter((each) => isNetworkListed(each, flags))
        .map(({ ref }) => ref),
    networkLookupByName: async (name) => networks.byName(name).ref,
    networkLookupByUUID: async (uuid) => networks.byUuid(uuid).ref,
    networkDefineXMLFlags: (xml) => define(state, xml),
    networkUndefine: async (ref) => {
      const network = networks.get(ref);
      await state.networkFiles.remove(network.ref.name);
      networks.remove(network);
      tell(state, network, Event.undefined);
    },
    networkUpdate: async (ref, command, section, parentIndex, xml, flags) => {
      // Few ever change a network.
      const { updateNetwork } = await import("../../conf/network/update.ts");
      const network = networks.get(ref);
      if ((flags & NetworkUpdateFlags.live) !== 0) {
        throw vmError("operationInvalid", "network is not running", NETWORK);
      }
      const config = updateNetwork(network.definition, { command, section, parentIndex, xml });
      await state.networkFiles.save(ref.name, config);
      network.config = config;
    },
    networkDestroy: async (ref) => {
      const { name } = networks.get(ref).ref;
      throw vmError("operationInvalid", `network '${name}' is not active`, NETWORK);
    },
    networkGetXMLDesc: async (ref) => formatXml(networks.get(ref).definition),
    networkGetBridgeName: async (ref) => {
      const bridge = find(networks.get(ref).definition, "bridge")?.attributes.get("name");
      if (bridge !== undefined) return bridge;
      throw vmError("internalError", `network '${ref.name}' does not have a bridge name.`, NETWORK);
    },
    networkGetAutostart: async (ref) => networks.get(ref).autostart,
    networkSetAutostart: async (ref, autostart) => {
      const network = networks.get(ref);
      await state.networkFiles.setAutostart(network.ref.name, autostart);
      network.autostart = autostart;
    },
    networkIsActive: async (ref) => networks.get(ref).isActive,
    networkIsPersistent: async (ref) => networks.get(ref).isPersistent,
  };
}

async function define(state: QemuState, xml: string): Promise<NetworkRef> {
  const { networks, networkFiles } = state;
  const definition = parseNetwork(xml, state.ports);
  const uuid = textAt(definition, "uuid");
  const before = networks.all().find(({ ref }) => ref.uuid === uuid);
  const old = before?.config ?? null;
  const network = networks.add(definition, false);
  try {
    await networkFiles.save(network.ref.name, definition);
  } catch (error) {
    if (before) before.config = old;
    else networks.remove(network);
    throw error;
  }
  tell(state, network, Event.defined);
  return network.ref;
}

function tell(state: QemuState, network: NetworkObject, event: number): void {
  state.emit({ of: "network", network: network.ref, event, detail: 0 });
}
