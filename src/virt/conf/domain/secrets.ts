/** What of a definition only those get to see who ask for it, and may (VIR_DOMAIN_XML_SECURE). */
import { childrenOf, childAt, draftOf } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { devicesOf } from "./view.ts";

/** The definition without passwords; the same one where there are none. */
export function withoutSecrets(domain: XmlElement): XmlElement {
  if (!devicesOf(domain, "graphics").some(({ attributes }) => attributes.has("passwd"))) {
    return domain;
  }
  const copy = draftOf(domain);
  const devices = childAt(copy, "devices");
  for (const graphics of devices ? childrenOf(devices, "graphics") : []) {
    graphics.attributes.delete("passwd");
  }
  return copy;
}
