/** `<os>`: loader and EFI variables. */
import { childAt, type Draft, draft, draftText, setText } from "../../../xml/draft.ts";
import type { QemuDomainContext } from "./context.ts";

/** EFI in read-only flash has a file for its variables. */
export function fillFirmware(domain: Draft, context: QemuDomainContext): void {
  const os = childAt(domain, "os");
  const loader = os && childAt(os, "loader");
  if (!os || !loader) return;
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

/** The file of a domain's EFI variables. */
export function nvramPath(domain: Draft, { nvramFolder }: QemuDomainContext): string {
  const name = childAt(domain, "name");
  return `${nvramFolder}/${name ? draftText(name) : ""}_VARS.fd`;
}
