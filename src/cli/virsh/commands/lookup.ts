/** Finding the object that a command's option names, with the real tool's complaints. */
import { VmError, wordedVmError } from "../../../protocol/vm-error.ts";
import { canonicalUuid } from "../../../virt/conf/common.ts";
import type { Connect } from "../../../virt/driver/connect.ts";
import type {
  DomainRef,
  InterfaceRef,
  NetworkRef,
  NwFilterRef,
  SecretRef,
  StoragePoolRef,
  StorageVolRef,
} from "../../../virt/driver/refs.ts";
import { LogLevel } from "../shell/log.ts";
import { parseWhole } from "../shell/numbers.ts";
import type { Session } from "../shell/session.ts";

/** A way to look something up. */
interface Way<Ref> {
  /** What the text is tried as, for `-d`. */
  readonly as: string;
  find(connect: Connect): Promise<Ref>;
}

/** The first way that succeeds; rejects with the last error, or without one where there was no way. */
async function firstOf<Ref>(
  session: Session,
  option: string,
  ways: readonly Way<Ref>[],
): Promise<Ref> {
  const connect = await session.connect();
  let last: unknown = new NoWay();
  for (const { as, find } of ways) {
    session.debug(LogLevel.debug, `${session.command}: <${option}> ${as}`);
    try {
      return await find(connect);
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      last = error;
    }
  }
  throw last;
}

/** The text is nothing that could be looked up. */
class NoWay extends Error {
  override readonly name = "NoWay";
}

/** As `firstOf`; where nothing is found, `complaint` is told before libvirt's reason. */
async function lookUp<Ref>(
  session: Session,
  option: string,
  complaint: string,
  ways: readonly Way<Ref>[],
): Promise<Ref> {
  try {
    return await session.attempt(complaint, () => firstOf(session, option, ways));
  } catch (error) {
    if (error instanceof NoWay) return session.fail(complaint);
    throw error;
  }
}

function tellOption(
  session: Session,
  option: string,
  text: string,
  level: number = LogLevel.info,
): void {
  session.debug(level, `${session.command}: found option <${option}>: ${text}`);
}

const UUID_LENGTH = 36;

/** A UUID that only looks like one is refused by libvirt. */
function uuidOf(text: string, call: string): string {
  const uuid = canonicalUuid(text);
  if (uuid !== null) return uuid;
  throw wordedVmError("invalidArg", `uuidstr in ${call} must be a valid UUID`);
}

/** The way by UUID, for texts as long as one. */
function byUuid<Ref>(
  text: string,
  what: string,
  call: string,
  find: (connect: Connect, uuid: string) => Promise<Ref>,
): Way<Ref>[] {
  if (text.length !== UUID_LENGTH) return [];
  return [{ as: `trying as ${what} UUID`, find: async (c) => find(c, uuidOf(text, call)) }];
}

type DomainBy = "id" | "uuid" | "name";

/** By id, UUID or name. The real tool tells the action alone here, not libvirt's reason. */
export async function findDomain(
  session: Session,
  text: string,
  by: readonly DomainBy[] = ["id", "uuid", "name"],
): Promise<DomainRef> {
  tellOption(session, "domain", text);
  const id = parseWhole(text, "int");
  const ways: Way<DomainRef>[] = [];
  if (by.includes("id") && id !== null && id >= 0n) {
    ways.push({ as: "looks like ID", find: (c) => c.domainLookupByID(Number(id)) });
  }
  if (by.includes("uuid")) {
    ways.push(
      ...byUuid(text, "domain", "virDomainLookupByUUIDString", (c, uuid) =>
        c.domainLookupByUUID(uuid),
      ),
    );
  }
  if (by.includes("name")) {
    ways.push({ as: "trying as domain NAME", find: (c) => c.domainLookupByName(text) });
  }
  await session.connect();
  try {
    return await firstOf(session, "domain", ways);
  } catch (error) {
    if (error instanceof VmError || error instanceof NoWay) {
      session.fail(`failed to get domain '${text}'`);
    }
    throw error;
  }
}

type NamedBy = "uuid" | "name";
const NAMED: readonly NamedBy[] = ["uuid", "name"];

/** By UUID or name. */
export async function findNetwork(
  session: Session,
  text: string,
  by: readonly NamedBy[] = NAMED,
): Promise<NetworkRef> {
  tellOption(session, "network", text);
  const uuid = byUuid(text, "network", "virNetworkLookupByUUIDString", (c, id) =>
    c.networkLookupByUUID(id),
  );
  const name: Way<NetworkRef> = {
    as: "trying as network NAME",
    find: (c) => c.networkLookupByName(text),
  };
  return lookUp(session, "network", `failed to get network '${text}'`, [
    ...(by.includes("uuid") ? uuid : []),
    ...(by.includes("name") ? [name] : []),
  ]);
}

/** By UUID or name. */
export async function findPool(
  session: Session,
  text: string,
  by: readonly NamedBy[] = NAMED,
  option = "pool",
): Promise<StoragePoolRef> {
  tellOption(session, option, text);
  const uuid = byUuid(text, "pool", "virStoragePoolLookupByUUIDString", (c, id) =>
    c.storagePoolLookupByUUID(id),
  );
  const name: Way<StoragePoolRef> = {
    as: "trying as pool NAME",
    find: (c) => c.storagePoolLookupByName(text),
  };
  return lookUp(session, option, `failed to get pool '${text}'`, [
    ...(by.includes("uuid") ? uuid : []),
    ...(by.includes("name") ? [name] : []),
  ]);
}

/** How a volume command names a pool: the option and its value; null where it takes none. */
export interface VolumePool {
  readonly option: string;
  readonly text: string | undefined;
}

/** By name in a pool, key, or path. */
export async function findVolume(
  session: Session,
  text: string,
  pool: VolumePool | null,
): Promise<StorageVolRef> {
  const inPool =
    pool?.text === undefined ? undefined : await findPool(session, pool.text, NAMED, pool.option);
  const connect = await session.connect();
  if (inPool && !(await connect.storagePoolIsActive(inPool))) {
    session.fail(`pool '${inPool.name}' is not active`);
  }
  tellOption(session, "vol", text, LogLevel.debug);
  const ways: Way<StorageVolRef>[] = [
    { as: "trying as vol key", find: (c) => c.storageVolLookupByKey(text) },
    { as: "trying as vol path", find: (c) => c.storageVolLookupByPath(text) },
  ];
  if (inPool) {
    ways.unshift({
      as: "trying as vol name",
      find: (c) => c.storageVolLookupByName(inPool, text),
    });
  }
  const hint = pool && !inPool ? `, specifying --${pool.option} might help` : "";
  const found = await lookUp(session, "vol", `failed to get vol '${text}'${hint}`, ways);
  if (inPool && found.pool !== inPool.name) {
    session.fail(`Requested volume '${text}' is not in pool '${inPool.name}'`);
  }
  return found;
}

type InterfaceBy = "name" | "mac";

/** By name or MAC address. */
export async function findInterface(
  session: Session,
  text: string,
  by: readonly InterfaceBy[] = ["name", "mac"],
  option = "interface",
): Promise<InterfaceRef> {
  tellOption(session, option, text);
  const way: InterfaceBy = /^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text) ? "mac" : "name";
  const ways: Record<InterfaceBy, Way<InterfaceRef>> = {
    name: { as: "trying as interface NAME", find: (c) => c.interfaceLookupByName(text) },
    mac: { as: "trying as interface MAC", find: (c) => c.interfaceLookupByMACString(text) },
  };
  const usable = by.includes(way) ? [ways[way]] : [];
  return lookUp(session, option, `failed to get interface '${text}'`, usable);
}

/** By UUID. */
export async function findSecret(session: Session, text: string): Promise<SecretRef> {
  tellOption(session, "secret", text, LogLevel.debug);
  const connect = await session.connect();
  return session.attempt(`failed to get secret '${text}'`, async () =>
    connect.secretLookupByUUID(uuidOf(text, "virSecretLookupByUUIDString")),
  );
}

/** By UUID or name. */
export async function findNwFilter(session: Session, text: string): Promise<NwFilterRef> {
  tellOption(session, "nwfilter", text);
  return lookUp(session, "nwfilter", `failed to get nwfilter '${text}'`, [
    ...byUuid(text, "nwfilter", "virNWFilterLookupByUUIDString", (c, uuid) =>
      c.nwfilterLookupByUUID(uuid),
    ),
    { as: "trying as nwfilter NAME", find: (c) => c.nwfilterLookupByName(text) },
  ]);
}
