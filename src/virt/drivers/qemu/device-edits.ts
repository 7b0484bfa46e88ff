/** A domain's definitions with other devices. */
import { canonicalQemuDomain } from "../../conf/domain/qemu/canonical.ts";
import { devicesOf } from "../../conf/domain/view.ts";
import { type Draft, draftOf, ensureChild } from "../../xml/draft.ts";
import { find, type XmlElement } from "../../xml/element.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { targetOf } from "./machine-disks.ts";
import type { QemuState } from "./qemu-state.ts";

/** A definition with other devices, canonical again. */
export function edited(
  state: QemuState,
  definition: XmlElement,
  inactive: boolean,
  edit: (devices: Draft) => void,
): XmlElement {
  const copy = draftOf(definition);
  edit(ensureChild(copy, "devices"));
  return canonicalQemuDomain(copy, state.context, { inactive, newDomain: true });
}

/** Takes the definition of the next start. */
export async function storeConfig(
  state: QemuState,
  domain: DomainObject,
  config: XmlElement,
): Promise<void> {
  await state.domainFiles.save(domain.name, config);
  domain.config = config;
}

export function findDisk(definition: XmlElement, target: string): XmlElement | undefined {
  return devicesOf(definition, "disk").find((disk) => targetOf(disk) === target);
}

export function aliasOf(device: XmlElement): string {
  return find(device, "alias")?.attributes.get("name") ?? "";
}

/** Tells that a device has come or gone. */
export function tellDevice(
  state: QemuState,
  domain: DomainObject,
  kind: "device-added" | "device-removed",
  disk: XmlElement,
): void {
  const devAlias = aliasOf(disk);
  const path = `/machine/peripheral/${devAlias}`;
  if (kind === "device-removed") {
    state.monitorEvent(domain, "DEVICE_DELETED", { device: devAlias, path });
  }
  state.domainEvent(domain, { kind, devAlias });
}
