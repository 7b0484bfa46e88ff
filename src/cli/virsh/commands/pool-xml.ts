/** The definitions that virsh makes of options: `pool-define-as`, `pool-create-as`. */
import { element, textElement, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import type { OptionsOf } from "../shell/spec.ts";
import type { POOL } from "../tables/pool.ts";

/** Options that `pool-define-as` and `pool-create-as` share. */
type AsOption = OptionsOf<(typeof POOL)["pool-define-as"], "string" | "data">;
type TextOf = (name: AsOption) => string | undefined;

interface AsCommand {
  text: TextOf;
  exclusive(a: "secret-usage", b: "secret-uuid"): void;
}

/** In this order the options are looked at; the first bad one is told. */
const ORDER = [
  "name",
  "type",
  "source-host",
  "source-path",
  "source-dev",
  "source-name",
  "source-format",
  "target",
  "auth-type",
  "auth-username",
  "secret-usage",
  "secret-uuid",
  "adapter-name",
  "adapter-wwnn",
  "adapter-wwpn",
  "adapter-parent",
  "adapter-parent-wwnn",
  "adapter-parent-wwpn",
  "adapter-parent-fabric-wwn",
  "source-protocol-ver",
  "source-initiator",
] as const satisfies readonly AsOption[];

/** The definition that `pool-define-as` and `pool-create-as` make of their options. */
export function poolXml(command: AsCommand): string {
  command.exclusive("secret-usage", "secret-uuid");
  const values = new Map(ORDER.map((option) => [option, command.text(option)]));
  const text: TextOf = (option) => values.get(option);
  const type = text("type") ?? "";
  const children: XmlElement[] = [textElement("name", text("name") ?? "")];
  const source = sourceXml(text);
  if (source) children.push(source);
  const target = text("target");
  if (target !== undefined) children.push(element("target", {}, [textElement("path", target)]));
  return formatXml(element("pool", { type }, children));
}

function sourceXml(text: TextOf): XmlElement | null {
  const children: XmlElement[] = [];
  const put = (option: AsOption, make: (value: string) => XmlElement): void => {
    const value = text(option);
    if (value !== undefined) children.push(make(value));
  };
  put("source-host", (value) => element("host", { name: value }));
  put("source-path", (value) => element("dir", { path: value }));
  put("source-dev", (value) => element("device", { path: value }));
  put("source-initiator", (value) => element("initiator", {}, [element("iqn", { name: value })]));
  const adapter = adapterXml(text);
  if (adapter) children.push(adapter);
  const hasFormatOrName = (text("source-format") ?? text("source-name")) !== undefined;
  if (children.length === 0 && !hasFormatOrName) return null;
  const auth = authXml(text);
  if (auth) children.push(auth);
  put("source-format", (value) => element("format", { type: value }));
  put("source-name", (value) => textElement("name", value));
  put("source-protocol-ver", (value) => element("protocol", { ver: value }));
  return element("source", {}, children);
}

function adapterXml(text: TextOf): XmlElement | null {
  const name = text("adapter-name");
  const wwnn = text("adapter-wwnn");
  const wwpn = text("adapter-wwpn");
  if (wwnn !== undefined && wwpn !== undefined) {
    return element("adapter", { type: "fc_host", ...parentOf(text), wwnn, wwpn });
  }
  return name === undefined ? null : element("adapter", { type: "scsi_host", name });
}

/** The adapter's parent, by the first of its names that were given. */
function parentOf(text: TextOf): Readonly<Record<string, string | undefined>> {
  const parent = text("adapter-parent");
  if (parent !== undefined) return { parent };
  const wwnn = text("adapter-parent-wwnn");
  const wwpn = text("adapter-parent-wwpn");
  if (wwnn !== undefined && wwpn !== undefined) return { parent_wwnn: wwnn, parent_wwpn: wwpn };
  return { parent_fabric_wwn: text("adapter-parent-fabric-wwn") };
}

function authXml(text: TextOf): XmlElement | null {
  const type = text("auth-type");
  const username = text("auth-username");
  const usage = text("secret-usage");
  const uuid = text("secret-uuid");
  if (type === undefined || username === undefined || (usage ?? uuid) === undefined) return null;
  return element("auth", { type, username }, [
    element("secret", usage === undefined ? { uuid } : { usage }),
  ]);
}
