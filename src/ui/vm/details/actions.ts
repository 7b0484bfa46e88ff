/** What changes a machine's definition, and what runs where the driver can: through libvirt's calls. */
import { vmError, VmError } from "../../../protocol/vm-error.ts";
import {
  DomainModificationImpact as Impact,
  DomainXMLFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { Manager } from "../../../virt/manager/manager.ts";
import type { ManagedDomain } from "../../../virt/manager/objects.ts";
import type { XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import { withAdded, without } from "./model/devices.ts";
import { deviceAt, devicesIn } from "./model/hardware.ts";

/** Why what runs stays as it is until it ends; null where it changed, or nothing runs. */
export type LiveRefusal = VmError | null;

/** The definition of the next start with what others do not get to see: passwords. @throws VmError */
export async function wholeDefinition(
  { connect }: Manager,
  { ref }: ManagedDomain,
): Promise<XmlElement> {
  const text = await connect.domainGetXMLDesc(ref, DomainXMLFlags.inactive | DomainXMLFlags.secure);
  return parseXml(text, "domain_definition");
}

/** Replaces the definition of the next start. @throws VmError */
export async function redefine(
  manager: Manager,
  domain: ManagedDomain,
  edit: (definition: XmlElement) => XmlElement,
): Promise<void> {
  if (!domain.isPersistent) {
    throw vmError("operationInvalid", "transient domains do not have any persistent config");
  }
  const definition = edit(await wholeDefinition(manager, domain));
  await manager.connect.domainDefineXMLFlags(formatXml(definition), 0);
  await manager.refreshDomain(domain.uuid);
}

/** Adds a device to the definition, and plugs it into what runs. @throws VmError */
export async function addDevice(
  manager: Manager,
  domain: ManagedDomain,
  device: XmlElement,
): Promise<LiveRefusal> {
  return inBoth(
    manager,
    domain,
    (flags) => manager.connect.domainAttachDeviceFlags(domain.ref, formatXml(device), flags),
    () => redefine(manager, domain, (definition) => withAdded(definition, device)),
  );
}

/** Takes a device out of the definition, and unplugs it from what runs. @throws VmError */
export async function removeDevice(
  manager: Manager,
  domain: ManagedDomain,
  id: string,
): Promise<LiveRefusal> {
  const device = domain.live && deviceAt(domain.live, id);
  const inDefinition = deviceAt(domain.definition, id) !== undefined;
  const detach = async (flags: number): Promise<void> => {
    if (device) await manager.connect.domainDetachDeviceFlags(domain.ref, formatXml(device), flags);
  };
  if (device && !inDefinition) {
    await detach(Impact.live);
    await manager.refreshDomain(domain.uuid);
    return null;
  }
  return inBoth(manager, domain, device ? detach : null, () =>
    redefine(manager, domain, (definition) => without(definition, id)),
  );
}

/**
 * Changes both definitions by one call where the driver can, else that of the next start.
 *
 * @param call null where what runs has nothing to change
 */
async function inBoth(
  manager: Manager,
  domain: ManagedDomain,
  call: ((flags: number) => Promise<void>) | null,
  inDefinition: () => Promise<void>,
): Promise<LiveRefusal> {
  if (!domain.live || !call) {
    await inDefinition();
    return null;
  }
  try {
    await call(domain.isPersistent ? Impact.live | Impact.config : Impact.live);
    await manager.refreshDomain(domain.uuid);
    return null;
  } catch (error) {
    if (!(error instanceof VmError) || !domain.isPersistent) throw error;
    await inDefinition();
    return error;
  }
}

/** Gives what runs a device's new state: another medium, an unplugged cable. */
export function updateLive(
  manager: Manager,
  domain: ManagedDomain,
  device: XmlElement,
): Promise<LiveRefusal> {
  return callLive(manager, domain, ({ ref }) =>
    manager.connect.domainUpdateDeviceFlags(ref, formatXml(device), Impact.live),
  );
}

/** The id that a device has after it was added: that of the newest one of its kind. */
export function addedId(before: ManagedDomain, after: ManagedDomain): string | undefined {
  const old = new Set(devicesIn(before.definition, before.live).map(({ id }) => id));
  return devicesIn(after.definition, after.live).find(({ id }) => !old.has(id))?.id;
}

/** Whether a disk has media that come and go while the machine runs. */
export function isRemovable(device: XmlElement): boolean {
  const kind = device.attributes.get("device");
  return device.name === "disk" && (kind === "cdrom" || kind === "floppy");
}

/** Makes a call that changes what runs. @throws what is no refusal of libvirt's */
export async function callLive(
  manager: Manager,
  domain: ManagedDomain,
  call: (domain: ManagedDomain) => Promise<void>,
): Promise<LiveRefusal> {
  try {
    await call(domain);
    await manager.refreshDomain(domain.uuid);
    return null;
  } catch (error) {
    if (error instanceof VmError) return error;
    throw error;
  }
}
