/** Devices that come and go: in the definition all of them, in the running machine SCSI units. */
import type { DiskAttachment } from "../../../api/types.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import type { DomainCalls } from "../../driver/domain-calls.ts";
import type { DomainRef } from "../../driver/refs.ts";
import { type Draft, draftOf } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { checkFlags, type Scope, scopeOf } from "../objects/flags.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { detach } from "./device-detach.ts";
import { edited, findDisk, storeConfig, tellDevice } from "./device-edits.ts";
import { updateDevice } from "./device-update.ts";
import { diskImage, imagePath } from "./disk-image.ts";
import { deviceWithAlias } from "./found-device.ts";
import { runOf } from "./lifecycle-calls.ts";
import { driveOf, targetOf, unitSpec } from "./machine-disks.ts";
import { liveDefinition, QEMU, type QemuState } from "./qemu-state.ts";
import { diskOf } from "./stats-calls.ts";
import { demand } from "./verbs.ts";

type Calls = Pick<
  DomainCalls,
  | "domainAttachDeviceFlags"
  | "domainDetachDeviceFlags"
  | "domainDetachDeviceAlias"
  | "domainUpdateDeviceFlags"
  | "domainBlockResize"
>;

/** `virDomainDeviceModifyFlags`. */
const IMPACT = 3;
const FORCE = 4;
const RESIZE_BYTES = 1;

/** `virDomainDeviceType`: elements that are devices. */
const DEVICE_TYPES = new Set([
  ...["disk", "lease", "filesystem", "interface", "input", "sound", "video", "hostdev", "watchdog"],
  ...["controller", "graphics", "hub", "redirdev", "smartcard", "memballoon", "nvram", "rng"],
  ...["shmem", "tpm", "panic", "memory", "iommu", "vsock", "audio"],
  ...["parallel", "serial", "console", "channel"],
]);

export function deviceCalls(state: QemuState): Calls {
  const change = (
    ref: DomainRef,
    xml: string,
    flags: number,
    act: (domain: DomainObject, device: XmlElement, scope: Scope) => Promise<void>,
  ): Promise<void> =>
    state.job(ref.uuid, async () => {
      const domain = state.domains.get(ref);
      checkFlags(flags, IMPACT | FORCE, "qemuDomainDeviceFlags", QEMU.domain);
      const device = parseXml(xml, "device_definition");
      if (!DEVICE_TYPES.has(device.name)) {
        throw vmError("configUnsupported", `unknown device type '${device.name}'`, QEMU);
      }
      await act(domain, device, scopeOf(domain, flags & IMPACT, QEMU.domain));
    });
  return {
    domainAttachDeviceFlags: (ref, xml, flags) =>
      change(ref, xml, flags, (domain, device, scope) => attach(state, domain, device, scope)),
    domainDetachDeviceFlags: (ref, xml, flags) =>
      change(ref, xml, flags, (domain, device, scope) =>
        detach(state, domain, () => device, scope),
      ),
    domainDetachDeviceAlias: (ref, alias, flags) =>
      state.job(ref.uuid, async () => {
        const domain = state.domains.get(ref);
        const scope = scopeOf(domain, flags & IMPACT, QEMU.domain);
        checkFlags(flags, IMPACT, "qemuDomainDetachDeviceAliasLiveAndConfig", QEMU.domain);
        await detach(state, domain, (definition) => deviceWithAlias(definition, alias), scope);
      }),
    domainUpdateDeviceFlags: (ref, xml, flags) =>
      change(ref, xml, flags, (domain, device, scope) =>
        updateDevice(state, domain, device, scope, (flags & FORCE) !== 0),
      ),
    domainBlockResize: (ref, disk, size, flags) =>
      state.job(ref.uuid, async () => {
        checkFlags(flags, RESIZE_BYTES, "qemuDomainBlockResize", QEMU.domain);
        const domain = state.domains.get(ref);
        demand("blockResize", domain);
        const bytes = (flags & RESIZE_BYTES) === 0 ? size * 1024n : size;
        const drive = targetOf(diskOf(domain, disk));
        await runOf(state, domain).machine.blockResize(drive, Number(bytes));
      }),
  };
}

/** Both definitions are made first, so that nothing is changed where one cannot be. */
async function attach(
  state: QemuState,
  domain: DomainObject,
  device: XmlElement,
  scope: Scope,
): Promise<void> {
  const add = (devices: Draft): void => void devices.children.push(draftOf(device));
  const made = (definition: XmlElement | null, inactive: boolean): XmlElement | null => {
    if (!definition) return null;
    if (device.name === "disk") checkTarget(state, definition, device);
    return edited(state, definition, inactive, add);
  };
  const config = scope.config ? made(domain.config, true) : null;
  const live = scope.live ? made(domain.live, false) : null;
  if (live) await plugIn(state, domain, device, liveDefinition(state, domain, live));
  if (config) await storeConfig(state, domain, config);
}

/** @throws VmError xmlError where another disk has the target (virDomainDiskDefCheckDuplicateInfo) */
function checkTarget(state: QemuState, definition: XmlElement, device: XmlElement): void {
  const target = targetOf(device);
  const there = findDisk(definition, target);
  if (!there) return;
  const [one, other] = [there, device].map((disk) => imagePath(disk, state.storage) ?? "<null>");
  const words = `target '${target}' duplicated for disk sources '${one}' and '${other}'`;
  throw vmError("xmlError", words, QEMU);
}

async function plugIn(
  state: QemuState,
  domain: DomainObject,
  device: XmlElement,
  live: XmlElement,
): Promise<void> {
  const disk = findDisk(live, targetOf(device));
  const bus = disk && find(disk, "target")?.attributes.get("bus");
  if (!disk || device.name !== "disk") {
    throw vmError(
      "operationUnsupported",
      `live attach of device '${device.name}' is not supported`,
    );
  }
  if (bus !== "scsi") {
    throw vmError("operationUnsupported", `disk bus '${bus}' cannot be hotplugged.`);
  }
  const image = await diskImage(disk, targetOf(disk), state.diskPlaces);
  const address = find(disk, "address")?.attributes;
  const place = {
    target: Number(address?.get("target") ?? 0),
    lun: Number(address?.get("unit") ?? 0),
  };
  const unit: DiskAttachment = {
    unit: { ...unitSpec(disk), ...place },
    drive: driveOf(disk, image),
    secrets: image.secrets,
  };
  await runOf(state, domain).machine.attachDisk(unit);
  domain.live = live;
  tellDevice(state, domain, "device-added", disk);
}
