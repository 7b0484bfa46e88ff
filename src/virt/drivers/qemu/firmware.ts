/** The firmware of domains that only say which kind they want (`<os firmware='efi'>`). */
import { vmError } from "../../../protocol/vm-error.ts";
import { domainName, editDomain } from "../../conf/domain/view.ts";
import { defaultAttribute, draft, ensureChild, removeChildren, setText } from "../../xml/draft.ts";
import { childElements, find, textAt, type XmlElement } from "../../xml/element.ts";
import type { HostFacts } from "./ports.ts";

type Place = Pick<HostFacts, "efiLoader" | "efiVars" | "nvramFolder">;

/**
 * Names the firmware, and a file for its variables, where a definition leaves both to the driver: what
 * runs has them, what is stored does not.
 *
 * @throws VmError operationFailed for firmware that is not there
 */
export function chooseFirmware(domain: XmlElement, host: Place): XmlElement {
  const os = find(domain, "os");
  const kind = os?.attributes.get("firmware");
  if (!os || kind === undefined || textAt(os, "loader") !== undefined) return domain;
  if (kind !== "efi" || wantsSecurity(os)) {
    throw vmError("operationFailed", `Unable to find any firmware to satisfy '${kind}'`);
  }
  return editDomain(domain, (copy) => {
    const chosen = ensureChild(copy, "os");
    removeChildren(chosen, "loader");
    chosen.children.push(draft("loader", { readonly: "yes", type: "pflash" }, host.efiLoader));
    const nvram = ensureChild(chosen, "nvram");
    defaultAttribute(nvram, "template", host.efiVars);
    setText(nvram, variablesOf(domain, host) ?? "");
  });
}

/** Our firmware has no secure boot. */
function wantsSecurity(os: XmlElement): boolean {
  if (find(os, "loader")?.attributes.get("secure") === "yes") return true;
  const features = childElements(find(os, "firmware") ?? os, "feature");
  return features.some(({ attributes }) => attributes.get("enabled") === "yes");
}

/** The file of a domain's EFI variables, or undefined where it has none. */
export function variablesOf(
  domain: XmlElement,
  { nvramFolder }: Pick<Place, "nvramFolder">,
): string | undefined {
  const own = textAt(domain, "os", "nvram");
  const isChosen = find(domain, "os")?.attributes.get("firmware") === "efi";
  return own ?? (isChosen ? `${nvramFolder}/${domainName(domain)}_VARS.fd` : undefined);
}
