/** Disks that change: in a running machine their media, in the definition all of them. */
import { vmError } from "../../../protocol/vm-error.ts";
import { childAt, childrenOf, type Draft, draftOf, removeChildren } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import type { Scope } from "../objects/flags.ts";
import { aliasOf, edited, findDisk, storeConfig } from "./device-edits.ts";
import { checkDiskChange, isSamePlace } from "./disk-changes.ts";
import { diskImage } from "./disk-image.ts";
import { runOf } from "./lifecycle-calls.ts";
import { driveOf, targetOf } from "./machine-disks.ts";
import { liveDefinition, QEMU, type QemuState } from "./qemu-state.ts";

/**
 * Both changes are made before either counts.
 *
 * @throws VmError in libvirt's words where the machine, or libvirt, cannot change that
 */
export async function updateDisk(
  state: QemuState,
  domain: DomainObject,
  disk: XmlElement,
  scope: Scope,
  force: boolean,
): Promise<void> {
  const { live, config } = domain;
  const stored = scope.config && config ? inConfig(state, config, disk) : null;
  if (scope.live && live) {
    const { before, after } = inMachine(state, live, disk);
    const changed = liveDefinition(state, domain, after);
    const running = findDisk(changed, targetOf(disk));
    if (running && !isSamePlace(before, running)) {
      await changeMedium(state, domain, running, force);
    }
    domain.live = changed;
  }
  if (stored) await storeConfig(state, domain, stored);
}

/** The definition with that disk in the old one's place. */
function replaced(
  state: QemuState,
  definition: XmlElement,
  disk: XmlElement,
  inactive: boolean,
): XmlElement {
  return edited(state, definition, inactive, (devices) => {
    const isOld = (each: Draft): boolean =>
      each.name === "disk" && targetOf(each) === targetOf(disk);
    devices.children = devices.children.map((each) =>
      each.kind === "element" && isOld(each) ? draftOf(disk) : each,
    );
  });
}

function inConfig(state: QemuState, config: XmlElement, disk: XmlElement): XmlElement {
  const target = targetOf(disk);
  if (!findDisk(config, target)) {
    throw vmError("invalidArg", `target ${target} doesn't exist.`, QEMU);
  }
  return replaced(state, config, disk, true);
}

/** The disk as it runs, and the definition with what may change of it. */
function inMachine(
  state: QemuState,
  live: XmlElement,
  disk: XmlElement,
): { readonly before: XmlElement; readonly after: XmlElement } {
  const target = targetOf(disk);
  const before = findDisk(live, target);
  if (!before) throw vmError("internalError", `disk '${target}' not found`);
  const wanted = draftOf(findDisk(replaced(state, live, disk, false), target) ?? disk);
  // One that was not asked for is the driver's choice, which is made already.
  if (!find(disk, "address")) removeChildren(wanted, "address");
  checkDiskChange(before, wanted);
  const after = draftOf(live);
  const [devices] = childrenOf(after, "devices");
  const drafts = devices ? childrenOf(devices, "disk") : [];
  for (const each of drafts) if (targetOf(each) === target) adopt(each, wanted);
  return { before, after };
}

/** Gives a disk the medium of another one. */
function adopt(disk: Draft, from: Draft): void {
  if (isSamePlace(disk, from)) {
    copyAttribute(childAt(disk, "source"), childAt(from, "source"), "startupPolicy");
  } else {
    removeChildren(disk, ({ name }) => name === "source" || name === "backingStore");
    disk.children.push(...childrenOf(from, "source"));
    copyAttribute(disk, from, "type");
    copyAttribute(childAt(disk, "driver"), childAt(from, "driver"), "type");
  }
  copyAttribute(disk, from, "snapshot");
}

function copyAttribute(to: Draft | undefined, from: Draft | undefined, name: string): void {
  const value = from?.attributes.get(name);
  if (value === undefined) to?.attributes.delete(name);
  else to?.attributes.set(name, value);
}

/** Drives of media that were put in during this run; the machine wants a new name for each. */
let media = 0;

async function changeMedium(
  state: QemuState,
  domain: DomainObject,
  disk: XmlElement,
  force: boolean,
): Promise<void> {
  const target = targetOf(disk);
  const id = `${target}-medium${++media}`;
  const { image, secrets } = await diskImage(disk, id, state.diskPlaces);
  const medium = image === undefined ? null : driveOf(disk, { image }, id);
  await runOf(state, domain).machine.changeMedium(target, medium, { force, secrets });
  tellTray(state, domain, aliasOf(disk), true);
  if (medium) tellTray(state, domain, aliasOf(disk), false);
}

/** `virConnectDomainEventTrayChangeReason`. */
const TRAY = { open: 0, close: 1 } as const;

function tellTray(state: QemuState, domain: DomainObject, devAlias: string, isOpen: boolean): void {
  const told = { device: "", id: devAlias, "tray-open": isOpen };
  state.monitorEvent(domain, "DEVICE_TRAY_MOVED", told);
  const reason = isOpen ? TRAY.open : TRAY.close;
  state.domainEvent(domain, { kind: "tray-change", devAlias, reason });
}
