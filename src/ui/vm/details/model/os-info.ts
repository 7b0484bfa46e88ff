/** Which operating system is in the machine, as libosinfo names it. */
import {
  childrenOf,
  type Draft,
  draft,
  ensureChild,
  removeChildren,
} from "../../../../virt/xml/draft.ts";
import { find, type XmlElement } from "../../../../virt/xml/element.ts";

const URI = "http://libosinfo.org/xmlns/libvirt/domain/1.0";
const INFO = "libosinfo:libosinfo";
const OS = "libosinfo:os";

export type OsInfo = {
  /** Such as `http://debian.org/debian/12`; empty where it is not known. */
  readonly id: string;
};

export function readOsInfo(domain: XmlElement): OsInfo {
  return { id: find(domain, "metadata", INFO, OS)?.attributes.get("id") ?? "" };
}

export function writeOsInfo(domain: Draft, { id }: OsInfo): void {
  const metadata = ensureChild(domain, "metadata");
  removeChildren(metadata, INFO);
  if (id !== "") {
    metadata.children.push(draft(INFO, { "xmlns:libosinfo": URI }, draft(OS, { id })));
  }
  if (childrenOf(metadata).length === 0) removeChildren(domain, "metadata");
}
