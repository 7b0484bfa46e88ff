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
import { parseWhole } from "../shell/numbers.ts";
import type { Session } from "../shell/session.ts";

type Lookup<T> = (connect: Connect) => Promise<T>;

/** The first that succeeds; rejects with the last error. */
async function firstOf<T>(connect: Connect, lookups: readonly Lookup<T>[]): Promise<T> {
  let last: unknown;
  for (const lookup of lookups) {
    try {
      return await lookup(connect);
    } catch (error) {
      if (!(error instanceof VmError)) throw error;
      last = error;
    }
  }
  throw last;
}

/** By id, UUID or name. The real tool tells the action alone here, not libvirt's reason. */
export async function findDomain(session: Session, text: string): Promise<DomainRef> {
  const id = parseWhole(text, "int");
  const uuid = canonicalUuid(text);
  const lookups: Lookup<DomainRef>[] = [
    ...(id !== null && id >= 0n ? [(c: Connect) => c.domainLookupByID(Number(id))] : []),
    ...(uuid === null ? [] : [(c: Connect) => c.domainLookupByUUID(uuid)]),
    (c) => c.domainLookupByName(text),
  ];
  const connect = await session.connect();
  try {
    return await firstOf(connect, lookups);
  } catch (error) {
    if (error instanceof VmError) session.fail(`failed to get domain '${text}'`);
    throw error;
  }
}

/** By UUID or name. */
export async function findNetwork(session: Session, text: string): Promise<NetworkRef> {
  const uuid = canonicalUuid(text);
  const connect = await session.connect();
  return session.attempt(`failed to get network '${text}'`, () =>
    firstOf<NetworkRef>(connect, [
      ...(uuid === null ? [] : [(c: Connect) => c.networkLookupByUUID(uuid)]),
      (c) => c.networkLookupByName(text),
    ]),
  );
}

/** By UUID or name. */
export async function findPool(session: Session, text: string): Promise<StoragePoolRef> {
  const uuid = canonicalUuid(text);
  const connect = await session.connect();
  return session.attempt(`failed to get pool '${text}'`, () =>
    firstOf<StoragePoolRef>(connect, [
      ...(uuid === null ? [] : [(c: Connect) => c.storagePoolLookupByUUID(uuid)]),
      (c) => c.storagePoolLookupByName(text),
    ]),
  );
}

/** By name in a pool, key, or path. */
export async function findVolume(
  session: Session,
  text: string,
  pool: string | undefined,
): Promise<StorageVolRef> {
  const connect = await session.connect();
  const inPool = pool === undefined ? undefined : await findPool(session, pool);
  const hint = pool === undefined ? ", specifying --pool might help" : "";
  return session.attempt(`failed to get vol '${text}'${hint}`, async () => {
    const found = await firstOf<StorageVolRef>(connect, [
      ...(inPool ? [(c: Connect) => c.storageVolLookupByName(inPool, text)] : []),
      (c) => c.storageVolLookupByKey(text),
      (c) => c.storageVolLookupByPath(text),
    ]);
    return found;
  });
}

/** By name or MAC address. */
export async function findInterface(session: Session, text: string): Promise<InterfaceRef> {
  const connect = await session.connect();
  const isMac = /^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text);
  return session.attempt(`failed to get interface '${text}'`, () =>
    isMac ? connect.interfaceLookupByMACString(text) : connect.interfaceLookupByName(text),
  );
}

export async function findSecret(session: Session, text: string): Promise<SecretRef> {
  const uuid = canonicalUuid(text);
  const connect = await session.connect();
  return session.attempt(`failed to get secret '${text}'`, async () => {
    if (uuid !== null) return connect.secretLookupByUUID(uuid);
    throw wordedVmError(
      "invalidArg",
      "uuidstr in virSecretLookupByUUIDString must be a valid UUID",
    );
  });
}

/** By UUID or name. */
export async function findNwFilter(session: Session, text: string): Promise<NwFilterRef> {
  const uuid = canonicalUuid(text);
  const connect = await session.connect();
  return session.attempt(`failed to get nwfilter '${text}'`, () =>
    firstOf<NwFilterRef>(connect, [
      ...(uuid === null ? [] : [(c: Connect) => c.nwfilterLookupByUUID(uuid)]),
      (c) => c.nwfilterLookupByName(text),
    ]),
  );
}
