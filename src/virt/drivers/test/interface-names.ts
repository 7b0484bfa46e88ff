import { childAt, childrenOf, draft } from "../../xml/draft.ts";
import { editDomain } from "../../conf/domain/view.ts";
import type { XmlElement } from "../../xml/element.ts";

/** Gives interfaces without one a host end: `testnet0` and on. */
export function giveInterfacesNames(domain: XmlElement): XmlElement {
  return editDomain(domain, (edited) => {
    const devices = childAt(edited, "devices");
    const all = devices ? childrenOf(devices, "interface") : [];
    const taken = new Set(all.map((iface) => childAt(iface, "target")?.attributes.get("dev")));
    let next = 0;
    for (const iface of all) {
      if (childAt(iface, "target")?.attributes.has("dev") === true) continue;
      while (taken.has(`testnet${next}`)) next += 1;
      const dev = `testnet${next}`;
      taken.add(dev);
      const target = childAt(iface, "target");
      if (target) target.attributes.set("dev", dev);
      else iface.children.push(draft("target", { dev }));
    }
  });
}
