/** The names that complete options' values: of a connection's objects, and fixed words. */
import { VmError } from "../../../protocol/vm-error.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import { ConnectListAllDomainsFlags } from "../../../virt/driver/domain-flags.ts";
import { KEYCODE_SETS, keyNames } from "../../../virt/driver/key-names.ts";
import { ConnectListAllNetworksFlags } from "../../../virt/driver/network-flags.ts";
import { ConnectListAllStoragePoolsFlags } from "../../../virt/driver/storage-flags.ts";
import { childElements, find, type XmlElement } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Names, Wanted } from "../shell/completion.ts";
import type { Session } from "../shell/session.ts";
import { CAPABILITY_NAMES } from "./node-device.ts";
import { OF_DOMAIN } from "./names-of-domain.ts";
import { WORD_LISTS, WORDS } from "./names-words.ts";

type Source = (connect: Connect, wanted: Wanted) => Promise<readonly string[]>;

const names = (list: readonly { readonly name: string }[]): string[] =>
  list.map(({ name }) => name);
const uuids = (list: readonly { readonly uuid: string }[]): string[] =>
  list.map(({ uuid }) => uuid);

/** The sum of the bits that `among` names: `has-snapshot active`. */
function bitsOf({ among = "" }: Wanted, flags: Readonly<Record<string, number>>): number {
  return among
    .split(" ")
    .filter((word) => word !== "")
    .map((word) => word.replace(/-(\w)/g, (_all, letter: string) => letter.toUpperCase()))
    .reduce((sum, name) => sum | (flags[name] ?? 0), 0);
}

const INTERFACES = { inactive: 1, active: 2 } as const;

const OBJECTS: Readonly<Record<string, Source>> = {
  "domain-name": async (connect, wanted) =>
    names(await connect.connectListAllDomains(bitsOf(wanted, ConnectListAllDomainsFlags))),
  "domain-uuid": async (connect) => uuids(await connect.connectListAllDomains(0)),
  "storage-pool-name": async (connect, wanted) =>
    names(
      await connect.connectListAllStoragePools(bitsOf(wanted, ConnectListAllStoragePoolsFlags)),
    ),
  "storage-vol-name": async (connect, { given }) => {
    const pool = given.get("pool");
    if (pool === undefined) return [];
    const ref = await connect.storagePoolLookupByName(pool);
    return names(await connect.storagePoolListAllVolumes(ref, 0));
  },
  "storage-vol-key": async (connect) => {
    const pools = await connect.connectListAllStoragePools(ConnectListAllStoragePoolsFlags.active);
    const lists = await Promise.all(
      pools.map((pool) => connect.storagePoolListAllVolumes(pool, 0)),
    );
    return lists.flat().map(({ key }) => key);
  },
  "network-name": async (connect, wanted) =>
    names(await connect.connectListAllNetworks(bitsOf(wanted, ConnectListAllNetworksFlags))),
  "network-uuid": async (connect) => uuids(await connect.connectListAllNetworks(0)),
  "network-dhcp-mac": async (connect, { given }) => {
    const network = await connect.networkLookupByName(given.get("network") ?? "");
    return (await connect.networkGetDHCPLeases(network, null, 0)).flatMap(({ mac }) => mac ?? []);
  },
  "node-device-name": async (connect) => names(await connect.connectListAllNodeDevices(0)),
  "interface-name": async (connect, wanted) =>
    names(await connect.connectListAllInterfaces(bitsOf(wanted, INTERFACES))),
  "interface-mac": async (connect) =>
    (await connect.connectListAllInterfaces(0)).map(({ mac }) => mac),
  "nwfilter-name": async (connect) => names(await connect.connectListAllNWFilters(0)),
  "secret-uuid": async (connect) => uuids(await connect.connectListAllSecrets(0)),
  cellno: async (connect) => {
    const cells = find(await capabilitiesOf(connect), "host", "topology", "cells");
    return cells ? childElements(cells, "cell").map((each) => each.attributes.get("id") ?? "") : [];
  },
  "node-cpu": async (connect) => (await cpus(connect)).flatMap((on, at) => (on ? String(at) : [])),
  "domain-cpulist": async (connect, { word }) =>
    listed(
      word,
      (await cpus(connect)).map((_on, at) => String(at)),
    ),
  "keycode-name": async (_connect, { given }) =>
    keyNames(KEYCODE_SETS.findIndex((name) => name === (given.get("codeset") ?? "linux"))),
  "node-device-capability-name": async (_connect, { word }) => listed(word, CAPABILITY_NAMES),
};

async function capabilitiesOf(connect: Connect): Promise<XmlElement> {
  return parseXml(await connect.connectGetCapabilities(), "capabilities");
}

async function cpus(connect: Connect): Promise<readonly boolean[]> {
  return (await connect.nodeGetCPUMap(0)).online;
}

/** Completes the last of several words separated by commas; none is offered twice. */
function listed(word: string, all: readonly string[]): string[] {
  const comma = word.lastIndexOf(",");
  const before = comma < 0 ? "" : word.slice(0, comma + 1);
  const taken = before.split(",");
  return all.filter((each) => !taken.includes(each)).map((each) => `${before}${each}`);
}

/** The names of the session's connection; none where it cannot tell, or the kind has none. */
export function namesFor(session: Session): Names {
  return async (wanted) => {
    const { kind, word } = wanted;
    const fixed = Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined;
    if (fixed) return fixed;
    const list = Object.hasOwn(WORD_LISTS, kind) ? WORD_LISTS[kind] : undefined;
    if (list) return listed(word, list);
    const source = Object.hasOwn(OBJECTS, kind) ? OBJECTS[kind] : undefined;
    const ofDomain = Object.hasOwn(OF_DOMAIN, kind) ? OF_DOMAIN[kind] : undefined;
    try {
      const connect = await session.connect();
      if (source) return await source(connect, wanted);
      const domain = wanted.given.get("domain");
      if (!ofDomain || domain === undefined) return [];
      const found = await ofDomain(connect, await connect.domainLookupByName(domain), wanted);
      return Array.isArray(found) ? found : listed(word, found.listOf);
    } catch (error) {
      // A name that is half typed is no reason to complain.
      if (error instanceof VmError) return [];
      throw error;
    }
  };
}
