/** The names that complete options' values: of a connection's objects, and fixed words. */
import { VmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import { find } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Session } from "../shell/session.ts";

type Source = (connect: Connect) => Promise<readonly string[]>;

const names = (list: readonly { readonly name: string }[]): string[] =>
  list.map(({ name }) => name);
const uuids = (list: readonly { readonly uuid: string }[]): string[] =>
  list.map(({ uuid }) => uuid);

const OBJECTS: Readonly<Record<string, Source>> = {
  "domain-name": async (connect) => names(await connect.connectListAllDomains(0)),
  "domain-uuid": async (connect) => uuids(await connect.connectListAllDomains(0)),
  "storage-pool-name": async (connect) => names(await connect.connectListAllStoragePools(0)),
  "storage-vol-name": async (connect) => (await volumes(connect)).map(({ name }) => name),
  "storage-vol-key": async (connect) => (await volumes(connect)).map(({ key }) => key),
  "network-name": async (connect) => names(await connect.connectListAllNetworks(0)),
  "network-uuid": async (connect) => uuids(await connect.connectListAllNetworks(0)),
  "node-device-name": async (connect) => names(await connect.connectListAllNodeDevices(0)),
  "interface-name": async (connect) => names(await connect.connectListAllInterfaces(0)),
  "interface-mac": async (connect) =>
    (await connect.connectListAllInterfaces(0)).map(({ mac }) => mac),
  "nwfilter-name": async (connect) => names(await connect.connectListAllNWFilters(0)),
  "secret-uuid": async (connect) => uuids(await connect.connectListAllSecrets(0)),
};

type DomainSource = (session: Session, domain: string) => Promise<readonly string[]>;

const OF_DOMAIN: Readonly<Record<string, DomainSource>> = {
  "domain-disk-target": (session, domain) => targets(session, domain, "disk"),
  "domain-undefine-storage-disks": (session, domain) => targets(session, domain, "disk"),
  "domain-interface": (session, domain) => targets(session, domain, "interface"),
  "snapshot-name": async (session, domain) => {
    const connect = await session.connect();
    return names(await connect.domainListAllSnapshots(await connect.domainLookupByName(domain), 0));
  },
  "checkpoint-name": async (session, domain) => {
    const connect = await session.connect();
    return names(
      await connect.domainListAllCheckpoints(await connect.domainLookupByName(domain), 0),
    );
  },
};

const WORDS: Readonly<Record<string, readonly string[]>> = {
  "domain-shutdown-mode": ["acpi", "agent", "initctl", "signal", "paravirt"],
  "domain-lifecycle": ["poweroff", "reboot", "crash"],
  "domain-lifecycle-action": [
    "destroy",
    "restart",
    "rename-restart",
    "preserve",
    "coredump-destroy",
    "coredump-restart",
  ],
  "domain-interface-state": ["up", "down"],
  "domain-interface-addr-source": ["lease", "agent", "arp"],
  "domain-numatune-mode": ["strict", "preferred", "interleave", "restrictive"],
  "domain-core-dump-format": ["elf", "kdump-zlib", "kdump-lzo", "kdump-snappy", "win-dmp"],
  "domain-virt-type": ["qemu", "test"],
  arch: ["riscv64"],
  "pool-type": ["dir", "logical", "http"],
  "node-suspend-target": ["mem", "disk", "hybrid"],
  "network-update-command": ["add", "add-first", "add-last", "delete", "modify"],
  "network-event-name": ["lifecycle"],
  "pool-event-name": ["lifecycle", "refresh"],
  "secret-event-name": ["lifecycle", "value-changed"],
  "node-device-event-name": ["lifecycle", "update"],
  "storage-vol-wipe-algorithm": ["zero", "random", "nnsa", "dod", "bsi", "gutmann", "schneier"],
};

/** The names of a kind; none where the connection cannot tell, or the kind has none. */
export async function namesFor(
  session: Session,
  kind: string,
  domain: string | undefined,
): Promise<readonly string[]> {
  const words = Object.hasOwn(WORDS, kind) ? WORDS[kind] : undefined;
  if (words) return words;
  try {
    const source = Object.hasOwn(OBJECTS, kind) ? OBJECTS[kind] : undefined;
    if (source) return await source(await session.connect());
    const ofDomain = Object.hasOwn(OF_DOMAIN, kind) ? OF_DOMAIN[kind] : undefined;
    return ofDomain && domain !== undefined ? await ofDomain(session, domain) : [];
  } catch (error) {
    // A name that is half typed is no reason to complain.
    if (error instanceof VmError) return [];
    throw error;
  }
}

async function volumes(
  connect: Connect,
): Promise<readonly { readonly name: string; readonly key: string }[]> {
  const ACTIVE = 2;
  const pools = await connect.connectListAllStoragePools(ACTIVE);
  const lists = await Promise.all(pools.map((pool) => connect.storagePoolListAllVolumes(pool, 0)));
  return lists.flat();
}

async function targets(session: Session, domain: string, device: string): Promise<string[]> {
  const connect = await session.connect();
  const xml = await connect.domainGetXMLDesc(await connect.domainLookupByName(domain), 0);
  return devicesOf(parseXml(xml, "domain_definition"), device).flatMap(
    (each) => find(each, "target")?.attributes.get("dev") ?? [],
  );
}
