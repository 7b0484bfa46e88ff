/** Makes a machine as virt-install does: its volumes, then its definition, then its first start. */
import type { Connect } from "../driver/connect.ts";
import { DomainUndefineFlags } from "../driver/domain-flags.ts";
import type { DomainRef, StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import { textAt, type XmlElement } from "../xml/element.ts";
import { formatXml } from "../xml/format.ts";
import { ensurePool, type PoolPlace } from "./ensure-pool.ts";
import { fillVolume } from "./fill-volume.ts";
import { followStart } from "./follow-start.ts";
import { freeFileName } from "./free-file-name.ts";
import type { Content, GiveUp } from "./upload-stream.ts";

export interface PlannedVolume {
  readonly pool: PoolPlace;
  /** Another one where it is taken: `disk-2.qcow2`. */
  readonly name: string;
  xml(name: string): XmlElement;
  readonly content?: Content;
  /** The volume is made this large when it is smaller. */
  readonly leastBytes?: number;
}

export interface Definitions {
  readonly definition: XmlElement;
  /** What it is at its first start alone, with the same name and UUID: with an installer's kernel. */
  readonly first?: XmlElement;
}

export interface MachinePlan {
  readonly volumes: readonly PlannedVolume[];
  /** @param paths of the volumes, in their order */
  define(paths: readonly string[]): Definitions;
  readonly starts: boolean;
}

export interface CreateControl {
  readonly signal: GiveUp;
  /** Bytes that are copied; not called where nobody can tell. */
  progress(done: number, total: number): void;
}

type Undo = () => Promise<unknown>;

/**
 * Carries a plan out. What it made is taken back when it fails or is given up; pools stay.
 *
 * @throws VmError, and what contents or the signal reject with
 */
export async function createMachine(
  connect: Connect,
  plan: MachinePlan,
  control: CreateControl,
): Promise<DomainRef> {
  const undo: Undo[] = [];
  try {
    const paths = await makeVolumes(connect, plan, control, undo);
    control.signal.throwIfAborted();
    return await makeDomain(connect, plan.define(paths), plan.starts ? control : null, undo);
  } catch (error) {
    // The reason is what counts; what cannot be taken back is still there to be seen.
    for (const step of undo.toReversed()) await step().catch(() => {});
    throw error;
  }
}

async function makeVolumes(
  connect: Connect,
  { volumes }: MachinePlan,
  { signal, progress }: CreateControl,
  undo: Undo[],
): Promise<string[]> {
  const sizes = volumes.flatMap(({ content }) => (content ? [content.sizeBytes] : []));
  const total = sizes.includes(null)
    ? null
    : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  let done = 0;
  const onBytes = (count: number): void => {
    done += count;
    if (total !== null && total > 0) progress(Math.min(done, total), total);
  };
  const paths: string[] = [];
  for (const planned of volumes) {
    const pool = await ensurePool(connect, planned.pool);
    const xml = planned.xml(await freeName(connect, pool, planned.name));
    const volume = await fillVolume(connect, pool, xml, planned.content, { signal, onBytes });
    undo.push(() => connect.storageVolDelete(volume, 0));
    await grow(connect, volume, planned.leastBytes ?? 0);
    paths.push(await connect.storageVolGetPath(volume));
  }
  return paths;
}

async function freeName(connect: Connect, pool: StoragePoolRef, wanted: string): Promise<string> {
  const volumes = await connect.storagePoolListAllVolumes(pool, 0);
  return freeFileName(wanted, new Set(volumes.map(({ name }) => name)));
}

async function grow(connect: Connect, volume: StorageVolRef, leastBytes: number): Promise<void> {
  const { capacity } = await connect.storageVolGetInfoFlags(volume, 0);
  if (BigInt(leastBytes) <= capacity) return;
  await connect.storageVolResize(volume, BigInt(leastBytes), 0);
}

async function makeDomain(
  connect: Connect,
  { definition, first }: Definitions,
  /** Of its start; null for one that does not start. */
  control: CreateControl | null,
  undo: Undo[],
): Promise<DomainRef> {
  const start = <T>(uuid: string, work: () => Promise<T>): Promise<T> =>
    control ? followStart(connect, uuid, control, work) : work();
  if (control && first) {
    const running = await start(textAt(first, "uuid") ?? "", () =>
      connect.domainCreateXML(formatXml(first), 0),
    );
    undo.push(() => connect.domainDestroyFlags(running, 0));
    return connect.domainDefineXMLFlags(formatXml(definition), 0);
  }
  const domain = await connect.domainDefineXMLFlags(formatXml(first ?? definition), 0);
  // Not every driver has such variables, or knows the flag.
  undo.push(() =>
    connect
      .domainUndefineFlags(domain, DomainUndefineFlags.nvram)
      .catch(() => connect.domainUndefineFlags(domain, 0)),
  );
  if (control) await start(domain.uuid, () => connect.domainCreateWithFlags(domain, 0));
  return domain;
}
