/** The test driver's networks and host interfaces. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { parseNetwork } from "../../conf/network/parse.ts";
import { updateNetwork } from "../../conf/network/update.ts";
import type { NetworkCalls } from "../../driver/network-calls.ts";
import { NetworkUpdateFlags } from "../../driver/network-flags.ts";
import { find } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { isNetworkListed, type NetworkObject } from "../objects/network-objects.ts";
import { interfaceRef } from "./interfaces.ts";
import { TEST, type TestState } from "./state.ts";

/** `virNetworkEventLifecycleType`. */
const Event = { defined: 0, undefined: 1, started: 2, stopped: 3 } as const;

type Calls = Omit<
  NetworkCalls,
  | "networkGetDHCPLeases"
  | "connectListAllNWFilters"
  | "nwfilterLookupByName"
  | "nwfilterLookupByUUID"
  | "nwfilterDefineXMLFlags"
  | "nwfilterUndefine"
  | "nwfilterGetXMLDesc"
>;

export function networkCalls(state: TestState): Calls {
  const { networks, ports } = state;
  const tell = (network: NetworkObject, event: number): void =>
    state.emit({ of: "network", network: network.ref, event, detail: 0 });
  return {
    connectListAllNetworks: async (flags) =>
      networks
        .all()
        .filter((each) => isNetworkListed(each, flags))
        .map(({ ref }) => ref),
    networkLookupByName: async (name) => networks.byName(name).ref,
    networkLookupByUUID: async (uuid) => networks.byUuid(uuid).ref,
    networkCreateXMLFlags: async (xml) => {
      const network = networks.add(parseNetwork(xml, ports), true);
      tell(network, Event.started);
      return network.ref;
    },
    networkDefineXMLFlags: async (xml) => {
      const network = networks.add(parseNetwork(xml, ports), false);
      tell(network, Event.defined);
      return network.ref;
    },
    networkUndefine: async (ref) => {
      const network = networks.get(ref);
      if (network.isActive) {
        throw vmError("operationInvalid", `Network '${ref.name}' is still running`, TEST);
      }
      tell(network, Event.undefined);
      networks.remove(network);
    },
    networkUpdate: async (ref, command, section, parentIndex, xml, flags) => {
      const network = networks.get(ref);
      const config = (flags & NetworkUpdateFlags.config) !== 0;
      const live = (flags & NetworkUpdateFlags.live) !== 0 || (!config && network.isActive);
      if (live && !network.isActive) {
        throw vmError("operationInvalid", "network is not running", TEST);
      }
      const change = { command, section, parentIndex, xml };
      if (live && network.live) network.live = updateNetwork(network.live, change);
      if ((config || !live) && network.config) {
        network.config = updateNetwork(network.config, change);
      }
    },
    networkCreate: async (ref) => {
      const network = networks.get(ref);
      if (network.isActive) {
        throw vmError("operationInvalid", `Network '${ref.name}' is already running`, TEST);
      }
      network.live = network.config;
      tell(network, Event.started);
    },
    networkDestroy: async (ref) => {
      const network = networks.get(ref);
      if (!network.isActive) {
        throw vmError("operationInvalid", `network '${ref.name}' is not active`, TEST);
      }
      tell(network, Event.stopped);
      if (network.isPersistent) network.live = null;
      else networks.remove(network);
    },
    networkGetXMLDesc: async (ref, flags) => {
      const network = networks.get(ref);
      const INACTIVE = 1;
      const wanted = (flags & INACTIVE) !== 0 ? network.config : network.live;
      return formatXml(wanted ?? network.definition);
    },
    networkGetBridgeName: async (ref) => {
      const bridge = find(networks.get(ref).definition, "bridge")?.attributes.get("name");
      if (bridge === undefined) {
        throw vmError("internalError", `network '${ref.name}' does not have a bridge name.`, TEST);
      }
      return bridge;
    },
    networkGetAutostart: async (ref) => networks.get(ref).autostart,
    networkSetAutostart: async (ref, autostart) => {
      networks.get(ref).autostart = autostart;
    },
    networkIsActive: async (ref) => networks.get(ref).isActive,
    networkIsPersistent: async (ref) => networks.get(ref).isPersistent,
    ...interfaceCalls(state),
  };
}

type InterfaceCalls = Pick<
  NetworkCalls,
  | "connectListAllInterfaces"
  | "interfaceLookupByName"
  | "interfaceLookupByMACString"
  | "interfaceGetXMLDesc"
  | "interfaceDefineXML"
  | "interfaceUndefine"
  | "interfaceCreate"
  | "interfaceDestroy"
  | "interfaceIsActive"
  | "interfaceChangeBegin"
  | "interfaceChangeCommit"
  | "interfaceChangeRollback"
>;

function interfaceCalls({ interfaces }: TestState): InterfaceCalls {
  const INACTIVE = 1;
  const ACTIVE = 2;
  return {
    connectListAllInterfaces: async (flags) =>
      interfaces
        .all()
        .filter(
          ({ active }) =>
            (flags & (ACTIVE | INACTIVE)) === 0 || (flags & (active ? ACTIVE : INACTIVE)) !== 0,
        )
        .map(interfaceRef),
    interfaceLookupByName: async (name) => interfaceRef(interfaces.get(name)),
    interfaceLookupByMACString: async (mac) => {
      const found = interfaces.all().filter((each) => interfaceRef(each).mac === mac);
      if (!found[0]) throw vmError("noInterface", `no interface with matching mac '${mac}'`, TEST);
      if (found.length > 1) throw vmError("multipleInterfaces", mac, { domain: ErrorDomain.test });
      return interfaceRef(found[0]);
    },
    interfaceGetXMLDesc: async ({ name }) => formatXml(interfaces.get(name).definition),
    interfaceDefineXML: async (xml) => interfaceRef(interfaces.define(xml)),
    interfaceUndefine: async ({ name }) => interfaces.remove(name),
    interfaceCreate: async ({ name }) => interfaces.setActive(name, true),
    interfaceDestroy: async ({ name }) => interfaces.setActive(name, false),
    interfaceIsActive: async ({ name }) => interfaces.get(name).active,
    interfaceChangeBegin: async () => interfaces.begin(),
    interfaceChangeCommit: async () => interfaces.commit(),
    interfaceChangeRollback: async () => interfaces.rollback(),
  };
}
