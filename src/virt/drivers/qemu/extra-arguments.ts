/** `<qemu:commandline>`: what libvirt's XML has no element for, in QEMU's words. */
import type { AiaKind } from "../../../api/types.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { childElements, find, type XmlElement } from "../../xml/element.ts";

export interface ExtraArguments {
  /** `-M virt,aia=…` */
  readonly aia?: AiaKind;
}

const AIA_KINDS: readonly string[] = ["none", "aplic", "aplic-imsic"] satisfies AiaKind[];

/** @throws VmError configUnsupported for arguments that the machine does not have */
export function extraArguments(domain: XmlElement): ExtraArguments {
  const commandline = find(domain, "qemu:commandline");
  if (!commandline) return {};
  const [variable] = childElements(commandline, "qemu:env");
  if (variable) throw refuse(`environment variable '${variable.attributes.get("name") ?? ""}'`);
  const words = childElements(commandline, "qemu:arg").map(
    ({ attributes }) => attributes.get("value") ?? "",
  );
  const properties: string[] = [];
  for (let at = 0; at < words.length; at += 2) {
    const [option = "", value = ""] = words.slice(at);
    if (option !== "-M" && option !== "-machine") throw refuse(`argument '${option}'`);
    properties.push(...withoutName(value));
  }
  return machineProperties(properties);
}

/** The machine's name may be left out, as QEMU merges what several `-M` say. */
function withoutName(text: string): string[] {
  const [first = "", ...rest] = text.split(",");
  return first === "virt" ? rest : [first, ...rest];
}

function machineProperties(properties: readonly string[]): ExtraArguments {
  let found: ExtraArguments = {};
  for (const property of properties) {
    const [name, value = ""] = property.split("=", 2);
    if (name !== "aia") throw refuse(`machine property '${property}'`);
    if (!AIA_KINDS.includes(value)) throw refuse(`'aia=${value}'`);
    found = { aia: value as AiaKind };
  }
  return found;
}

function refuse(what: string) {
  return vmError(
    "configUnsupported",
    `${what} of qemu:commandline is not supported by this machine`,
  );
}
