/** What an element says, line by line, for devices that nothing more is known of. */
import { childElements, textOf, type XmlElement } from "../../../../virt/xml/element.ts";

/** Where the guest finds the device, and its name, are the XML's. */
const LEFT_OUT = new Set(["address", "alias"]);

/** Attributes and texts by path: `backend/@model`. */
export function summaryOf(element: XmlElement, path = ""): (readonly [string, string])[] {
  const own = [...element.attributes].map(([name, value]) => [`${path}${name}`, value] as const);
  const below = childElements(element)
    .filter(({ name }) => !LEFT_OUT.has(name))
    .flatMap((child) => {
      const text = childElements(child).length === 0 ? textOf(child).trim() : "";
      const inner = summaryOf(child, `${path}${child.name}/`);
      return text === "" ? inner : [[`${path}${child.name}`, text] as const, ...inner];
    });
  return [...own, ...below];
}
