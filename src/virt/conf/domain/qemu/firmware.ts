/** `<os>`: loader and EFI variables. */
import { ErrorDomain, vmError } from "../../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  draft,
  draftText,
  setText,
} from "../../../xml/draft.ts";
import type { QemuDomainContext } from "./context.ts";

/** A loader is a ROM unless it says otherwise; EFI in read-only flash has a file for its variables. */
export function fillFirmware(domain: Draft, context: QemuDomainContext): void {
  const os = childAt(domain, "os");
  if (os) fillFeatures(os);
  const loader = os && childAt(os, "loader");
  if (!os || !loader) return;
  if (draftText(loader) !== "") defaultAttribute(loader, "type", "rom");
  const { readonly, type, stateless } = Object.fromEntries(loader.attributes);
  const keepsVariables = readonly === "yes" && type === "pflash" && stateless !== "yes";
  if (keepsVariables && !os.attributes.has("firmware")) fillVariables(domain, os, context);
}

/** A template alone does not say where they are. */
function fillVariables(domain: Draft, os: Draft, context: QemuDomainContext): void {
  const nvram = childAt(os, "nvram");
  if (!nvram) os.children.push(draft("nvram", {}, nvramPath(domain, context)));
  else if (nvram.children.length === 0) setText(nvram, nvramPath(domain, context));
}

/** Firmware with keys in it is firmware that checks them. */
function fillFeatures(os: Draft): void {
  const firmware = childAt(os, "firmware");
  const features = firmware ? childrenOf(firmware, "feature") : [];
  const named = (name: string): Draft | undefined =>
    features.find((each) => each.attributes.get("name") === name);
  if (named("enrolled-keys")?.attributes.get("enabled") !== "yes") return;
  const secure = named("secure-boot");
  if (secure?.attributes.get("enabled") === "no") {
    throw vmError(
      "xmlDetail",
      "firmware feature 'enrolled-keys' cannot be enabled when firmware feature 'secure-boot' is disabled",
      { domain: ErrorDomain.domain },
    );
  }
  if (!secure) firmware?.children.push(draft("feature", { enabled: "yes", name: "secure-boot" }));
}

/** The file of a domain's EFI variables. */
export function nvramPath(domain: Draft, { nvramFolder }: QemuDomainContext): string {
  const name = childAt(domain, "name");
  return `${nvramFolder}/${name ? draftText(name) : ""}_VARS.fd`;
}
