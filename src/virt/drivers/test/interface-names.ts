import { childAt, childrenOf, draft } from "../../xml/draft.ts";
import { editDomain } from "../../conf/domain/view.ts";
import type { XmlElement } from "../../xml/element.ts";

/** Gives interfaces without one a host end: `testnet0` and on. */
export function giveInterfacesNames(domain: XmlElement): XmlElement {
  return editDomain(domain, (edited) => {
    const devices = childAt(edited, "devices");
    for (const [at, iface] of (devices ? childrenOf(devices, "interface") : []).entries()) {
      if (!childAt(iface, "target")) iface.children.push(draft("target", { dev: `testnet${at}` }));
    }
  });
}
