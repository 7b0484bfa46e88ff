/** Where a network interface is connected. */
import { type Draft, ensureChild, removeChildren } from "../../../../virt/xml/draft.ts";
import { find, type XmlElement } from "../../../../virt/xml/element.ts";
import { fieldsOf } from "./device-fields.ts";
import { readFields, type Values, writeFields } from "./fields.ts";

/** Types that name what they are connected to, and the attribute of `<source>` that does. */
export const SOURCE_ATTRIBUTES: Readonly<Record<string, string>> = {
  network: "network",
  bridge: "bridge",
  direct: "dev",
};

/** Connected through the host's own connections, with nothing to name. */
export const USER_TYPE = "user";

export function readInterface(iface: XmlElement): Values {
  const type = iface.attributes.get("type") ?? "";
  const attribute = SOURCE_ATTRIBUTES[type];
  const source = find(iface, "source")?.attributes;
  return {
    ...readFields(iface, fieldsOf("interface", undefined)),
    type,
    source: (attribute === undefined ? undefined : source?.get(attribute)) ?? "",
  };
}

/** Writes what differs. */
export function writeInterface(iface: Draft, values: Values): void {
  const before = readInterface(iface);
  const { type = "", source = "" } = values;
  if (type !== before["type"] || source !== before["source"]) {
    iface.attributes.set("type", type);
    removeChildren(
      iface,
      ({ name }) => name === "source" || (name === "virtualport" && type !== before["type"]),
    );
    const attribute = SOURCE_ATTRIBUTES[type];
    if (attribute !== undefined) ensureChild(iface, "source").attributes.set(attribute, source);
  }
  writeFields(iface, fieldsOf("interface", undefined), values);
}
