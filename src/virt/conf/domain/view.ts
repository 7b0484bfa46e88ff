/** What drivers ask of a domain's definition, and how they change it. */
import { arrange } from "../arrange.ts";
import { childAt, childrenOf, type Draft, draftOf, setText } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import { DOMAIN_ORDER } from "./order.ts";

export function domainName(domain: XmlElement): string {
  return textAt(domain, "name") ?? "";
}

export function domainUuid(domain: XmlElement): string {
  return textAt(domain, "uuid") ?? "";
}

/** KiB. */
export function maxMemoryKib(domain: XmlElement): number {
  return Number(textAt(domain, "memory") ?? 0);
}

/** KiB. */
export function currentMemoryKib(domain: XmlElement): number {
  return Number(textAt(domain, "currentMemory") ?? maxMemoryKib(domain));
}

/** How many vCPUs the domain may have, and how many it has. */
export function vcpuCounts(domain: XmlElement): { readonly max: number; readonly current: number } {
  const vcpu = find(domain, "vcpu");
  const max = Number(textAt(domain, "vcpu") ?? 1);
  return { max, current: Number(vcpu?.attributes.get("current") ?? max) };
}

/** The devices of one kind: `disk`, `interface`. */
export function devicesOf(domain: XmlElement, name: string): XmlElement[] {
  const devices = find(domain, "devices");
  return devices ? childElements(devices, name) : [];
}

/**
 * The disk whose target is `path`, or its source where that is absolute (virDomainDiskByName);
 * undefined where there is none, or more than one of that source.
 */
export function diskAt(domain: XmlElement, path: string): XmlElement | undefined {
  const disks = devicesOf(domain, "disk");
  if (!path.startsWith("/")) {
    return disks.find((disk) => diskTarget(disk) === path);
  }
  const [found, ...others] = disks.filter((disk) => diskSource(disk) === path);
  return others.length === 0 ? found : undefined;
}

/** The name that the guest knows the disk by. */
export function diskTarget(disk: XmlElement): string {
  return find(disk, "target")?.attributes.get("dev") ?? "";
}

/** The file or device of a disk, or undefined. */
export function diskSource(disk: XmlElement): string | undefined {
  const source = find(disk, "source");
  return source?.attributes.get("file") ?? source?.attributes.get("dev");
}

/** The interface whose target or MAC address is `device`, or undefined. */
export function interfaceAt(domain: XmlElement, device: string): XmlElement | undefined {
  return devicesOf(domain, "interface").find(
    (each) =>
      find(each, "target")?.attributes.get("dev") === device ||
      find(each, "mac")?.attributes.get("address") === device.toLowerCase(),
  );
}

/** A copy that `change` has changed, in libvirt's order again. */
export function editDomain(domain: XmlElement, change: (draft: Draft) => void): XmlElement {
  const copy = draftOf(domain);
  change(copy);
  arrange(copy, DOMAIN_ORDER);
  return copy;
}

/** The definition with another id: none for an inactive domain. */
export function withId(domain: XmlElement, id: number): XmlElement {
  return editDomain(domain, (draft) => {
    draft.attributes.delete("id");
    if (id > 0) draft.attributes.set("id", String(id));
  });
}

/** Sets the vCPUs' counts; current equal to the maximum is not written. */
export function setVcpus(domain: Draft, max: number, current: number): void {
  const vcpu = childAt(domain, "vcpu");
  if (!vcpu) return;
  vcpu.attributes.delete("current");
  if (current < max) vcpu.attributes.set("current", String(current));
  setText(vcpu, max);
}

/** Makes the element at a path, and the ones above it. */
export function ensurePath(from: Draft, ...path: readonly string[]): Draft {
  let at = from;
  for (const name of path) {
    const [found] = childrenOf(at, name);
    if (found) at = found;
    else {
      const made: Draft = { kind: "element", name, attributes: new Map(), children: [] };
      at.children.push(made);
      at = made;
    }
  }
  return at;
}
