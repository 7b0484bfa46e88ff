/** `<os>`: loader and EFI variables. */
import { childAt, defaultAttribute, type Draft, draft, draftText } from "../../../xml/draft.ts";
import type { QemuDomainContext } from "./context.ts";

/** A loader is a ROM unless it says otherwise; EFI in read-only flash has a file for its variables. */
export function fillFirmware(domain: Draft, context: QemuDomainContext): void {
  const os = childAt(domain, "os");
  const loader = os && childAt(os, "loader");
  if (!os || !loader) return;
  if (draftText(loader) !== "") defaultAttribute(loader, "type", "rom");
  const { readonly, type, stateless } = Object.fromEntries(loader.attributes);
  const keepsVariables = readonly === "yes" && type === "pflash" && stateless !== "yes";
  if (keepsVariables && !os.attributes.has("firmware") && !childAt(os, "nvram")) {
    os.children.push(draft("nvram", {}, nvramPath(domain, context)));
  }
}

/** The file of a domain's EFI variables. */
export function nvramPath(domain: Draft, { nvramFolder }: QemuDomainContext): string {
  const name = childAt(domain, "name");
  return `${nvramFolder}/${name ? draftText(name) : ""}_VARS.fd`;
}
