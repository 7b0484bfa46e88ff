/** Addresses of views, kept in the fragment so that any static server will do. */
import { useSyncExternalStore } from "react";

export type DomainTab = "console" | "details" | "performance";

export type Route =
  | { readonly view: "list" }
  | { readonly view: "domain"; readonly uuid: string; readonly tab: DomainTab }
  /** All pools, or one. */
  | { readonly view: "storage"; readonly uuid?: string };

export function parseRoute(hash: string): Route {
  const storage = /^#\/storage(?:\/([0-9a-f-]+))?$/.exec(hash);
  if (storage) return { view: "storage", ...(storage[1] !== undefined && { uuid: storage[1] }) };
  const match = /^#\/vm\/([0-9a-f-]+)(?:\/(console|details|performance))?$/.exec(hash);
  if (!match?.[1]) return { view: "list" };
  return { view: "domain", uuid: match[1], tab: (match[2] as DomainTab | undefined) ?? "console" };
}

export function domainHref(uuid: string, tab: DomainTab = "console"): string {
  return tab === "console" ? `#/vm/${uuid}` : `#/vm/${uuid}/${tab}`;
}

export const LIST_HREF = "#/";
export const STORAGE_HREF = "#/storage";

export function poolHref(uuid: string): string {
  return `${STORAGE_HREF}/${uuid}`;
}

/** Goes to a view; the browser's Back returns. */
export function go(href: string): void {
  location.hash = href;
}

export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      addEventListener("hashchange", changed);
      return () => removeEventListener("hashchange", changed);
    },
    () => location.hash,
  );
  return parseRoute(hash);
}
