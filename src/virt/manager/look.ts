/** Reads one object's snapshot through libvirt's calls. */
import { ErrorCode, VmError } from "../../protocol/vm-error.ts";
import type { Connect } from "../driver/connect.ts";
import {
  DomainPausedReason,
  DomainShutoffReason,
  DomainState,
  DomainXMLFlags,
} from "../driver/domain-flags.ts";
import type { DomainRef, NetworkRef, StoragePoolRef, StorageVolRef } from "../driver/refs.ts";
import { parseXml } from "../xml/parse.ts";
import type {
  ManagedDomain,
  ManagedHost,
  ManagedNetwork,
  ManagedPool,
  ManagedVolume,
} from "./objects.ts";

/** @throws VmError noDomain when it is gone */
export async function lookAtDomain(connect: Connect, uuid: string): Promise<ManagedDomain> {
  const ref = await connect.domainLookupByUUID(uuid);
  const [{ state, reason }, isPersistent, autostart, saved, inactive, live] = await Promise.all([
    connect.domainGetState(ref, 0),
    connect.domainIsPersistent(ref),
    // A transient domain cannot be started by itself.
    connect.domainGetAutostart(ref).catch(() => false),
    connect.domainHasManagedSaveImage(ref, 0).catch(() => false),
    connect.domainGetXMLDesc(ref, DomainXMLFlags.inactive),
    ref.id > 0 ? connect.domainGetXMLDesc(ref, 0) : null,
  ]);
  return {
    ref,
    uuid: ref.uuid,
    name: ref.name,
    state,
    reason,
    isPersistent,
    autostart,
    hasManagedSave: saved,
    messages: isInTrouble(state, reason)
      ? await connect.domainGetMessages(ref, 0).catch(() => [])
      : [],
    definition: parseXml(inactive, "(domain_definition)"),
    live: live === null ? null : parseXml(live, "(domain_definition)"),
  };
}

function isInTrouble(state: number, reason: number): boolean {
  if (state === DomainState.paused) return reason === DomainPausedReason.ioerror;
  if (state === DomainState.crashed) return true;
  const { crashed, failed } = DomainShutoffReason;
  return state === DomainState.shutoff && (reason === crashed || reason === failed);
}

/** @throws VmError noStoragePool when it is gone */
export async function lookAtPool(connect: Connect, ref: StoragePoolRef): Promise<ManagedPool> {
  const [info, isPersistent, autostart, xml] = await Promise.all([
    connect.storagePoolGetInfo(ref),
    connect.storagePoolIsPersistent(ref),
    connect.storagePoolGetAutostart(ref).catch(() => false),
    connect.storagePoolGetXMLDesc(ref, 0),
  ]);
  return {
    ref,
    uuid: ref.uuid,
    name: ref.name,
    state: info.state,
    capacity: Number(info.capacity),
    allocation: Number(info.allocation),
    available: Number(info.available),
    isPersistent,
    autostart,
    definition: parseXml(xml, "(storage_pool_definition)"),
  };
}

/** @throws VmError noStorageVol when it is gone */
export async function lookAtVolume(connect: Connect, ref: StorageVolRef): Promise<ManagedVolume> {
  const [path, info, xml] = await Promise.all([
    connect.storageVolGetPath(ref),
    connect.storageVolGetInfoFlags(ref, 0),
    connect.storageVolGetXMLDesc(ref, 0),
  ]);
  return {
    ref,
    name: ref.name,
    path,
    info,
    definition: parseXml(xml, "(storage_volume_definition)"),
  };
}

/** @throws VmError noNetwork when it is gone */
export async function lookAtNetwork(connect: Connect, ref: NetworkRef): Promise<ManagedNetwork> {
  const [isActive, isPersistent, autostart, xml] = await Promise.all([
    connect.networkIsActive(ref),
    connect.networkIsPersistent(ref),
    connect.networkGetAutostart(ref).catch(() => false),
    connect.networkGetXMLDesc(ref, 0),
  ]);
  return {
    ref,
    uuid: ref.uuid,
    name: ref.name,
    isActive,
    isPersistent,
    autostart,
    definition: parseXml(xml, "(network_definition)"),
  };
}

export async function lookAtHost(connect: Connect): Promise<ManagedHost> {
  const [hostname, type, node, maxVcpus, canSave] = await Promise.all([
    connect.connectGetHostname(),
    connect.connectGetType(),
    connect.nodeGetInfo(),
    connect.connectGetMaxVcpus(null),
    isSupported(() => connect.domainManagedSave(NOBODY, 0)),
  ]);
  const { cpus, memoryKib } = node;
  return { uri: connect.uri, hostname, type, cpus, memoryKib, maxVcpus, canSave };
}

/** A domain that no connection has: a call on it is refused before it does anything. */
const NOBODY: DomainRef = { name: "", uuid: "00000000-0000-0000-0000-000000000000", id: -1 };

async function isSupported(call: () => Promise<unknown>): Promise<boolean> {
  try {
    await call();
    return true;
  } catch (error) {
    return !(error instanceof VmError) || error.code !== ErrorCode.noSupport;
  }
}
