/** What a driver can do with networks, interfaces and filters; see `domain-calls.ts`. */
import type { InterfaceRef, NetworkRef, NwFilterRef } from "./refs.ts";

/** `virNetworkDHCPLease`. */
export interface DhcpLease {
  readonly iface: string;
  /** Seconds since 1970. */
  readonly expiryTime: bigint;
  /** 0 IPv4, 1 IPv6. */
  readonly type: number;
  readonly mac: string | null;
  readonly iaid: string | null;
  readonly ipaddr: string;
  readonly prefix: number;
  readonly hostname: string | null;
  readonly clientid: string | null;
}

export interface NetworkCalls {
  connectListAllNetworks(flags: number): Promise<readonly NetworkRef[]>;
  networkLookupByName(name: string): Promise<NetworkRef>;
  networkLookupByUUID(uuid: string): Promise<NetworkRef>;
  networkCreateXMLFlags(xml: string, flags: number): Promise<NetworkRef>;
  networkDefineXMLFlags(xml: string, flags: number): Promise<NetworkRef>;
  networkUndefine(network: NetworkRef): Promise<void>;
  networkUpdate(
    network: NetworkRef,
    command: number,
    section: number,
    parentIndex: number,
    xml: string,
    flags: number,
  ): Promise<void>;
  networkCreate(network: NetworkRef): Promise<void>;
  networkDestroy(network: NetworkRef): Promise<void>;
  networkGetXMLDesc(network: NetworkRef, flags: number): Promise<string>;
  networkGetBridgeName(network: NetworkRef): Promise<string>;
  networkGetAutostart(network: NetworkRef): Promise<boolean>;
  networkSetAutostart(network: NetworkRef, autostart: boolean): Promise<void>;
  networkIsActive(network: NetworkRef): Promise<boolean>;
  networkIsPersistent(network: NetworkRef): Promise<boolean>;
  networkGetDHCPLeases(
    network: NetworkRef,
    mac: string | null,
    flags: number,
  ): Promise<readonly DhcpLease[]>;

  connectListAllInterfaces(flags: number): Promise<readonly InterfaceRef[]>;
  interfaceLookupByName(name: string): Promise<InterfaceRef>;
  interfaceLookupByMACString(mac: string): Promise<InterfaceRef>;
  interfaceGetXMLDesc(iface: InterfaceRef, flags: number): Promise<string>;
  interfaceDefineXML(xml: string, flags: number): Promise<InterfaceRef>;
  interfaceUndefine(iface: InterfaceRef): Promise<void>;
  interfaceCreate(iface: InterfaceRef, flags: number): Promise<void>;
  interfaceDestroy(iface: InterfaceRef, flags: number): Promise<void>;
  interfaceIsActive(iface: InterfaceRef): Promise<boolean>;
  interfaceChangeBegin(flags: number): Promise<void>;
  interfaceChangeCommit(flags: number): Promise<void>;
  interfaceChangeRollback(flags: number): Promise<void>;

  connectListAllNWFilters(flags: number): Promise<readonly NwFilterRef[]>;
  nwfilterLookupByName(name: string): Promise<NwFilterRef>;
  nwfilterLookupByUUID(uuid: string): Promise<NwFilterRef>;
  nwfilterDefineXMLFlags(xml: string, flags: number): Promise<NwFilterRef>;
  nwfilterUndefine(filter: NwFilterRef): Promise<void>;
  nwfilterGetXMLDesc(filter: NwFilterRef, flags: number): Promise<string>;
}
