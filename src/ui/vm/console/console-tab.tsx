/** The machine's consoles. */
import type { ManagedDomain } from "../../../virt/manager/objects.ts";

export function ConsoleTab({ domain }: { readonly domain: ManagedDomain }) {
  return <section aria-label={domain.name} />;
}
