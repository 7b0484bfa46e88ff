/** `<os>`: what firmware has to be able to do, and what its loader is. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  childAt,
  childrenOf,
  defaultAttribute,
  type Draft,
  draft,
  draftText,
} from "../../xml/draft.ts";

/** A loader is a ROM unless it says otherwise (virDomainDefPostParseOs). @throws VmError xmlDetail */
export function fillLoader(domain: Draft): void {
  const os = childAt(domain, "os");
  if (os) fillFeatures(os);
  const loader = os && childAt(os, "loader");
  if (loader && draftText(loader) !== "") defaultAttribute(loader, "type", "rom");
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
