/** Addresses of views, kept in the fragment so that any static server will do. */
import { useEffect, useSyncExternalStore } from "react";

export const VM_TABS = ["console", "details", "performance"] as const;
export type VmTab = (typeof VM_TABS)[number];

export const CONNECTION_TABS = ["overview", "storage", "networks", "host"] as const;
export type ConnectionTab = (typeof CONNECTION_TABS)[number];

export type Route =
  | { readonly view: "manager" }
  | { readonly view: "new" }
  | { readonly view: "preferences" }
  /** `item` is the hardware that is shown: `cpus`, `disk-vda`. */
  | { readonly view: "vm"; readonly uuid: string; readonly tab: VmTab; readonly item?: string }
  /** A console alone, for a window of its own. */
  | { readonly view: "console"; readonly uuid: string; readonly device: string }
  | ConnectionRoute;

export interface ConnectionRoute {
  readonly view: "connection";
  readonly tab: ConnectionTab;
  /** The pool or network that is shown. */
  readonly uuid?: string;
  /** What of it is shown, or of the connection: `volumes`, `xml`, `capabilities`. */
  readonly item?: string;
  /** The volume that is shown. */
  readonly name?: string;
}

/** Stands for no object in addresses. */
const ALL = "-";

/** Reads a fragment; what names no view is the manager. */
export function parseRoute(hash: string): Route {
  const [place, first, second, third, fourth] = hash
    .replace(/^#?\/?/, "")
    .split("/")
    .map(decode);
  if (place === "new" || place === "preferences") return { view: place };
  if (place === "vms" && first) {
    const tab = VM_TABS.find((each) => each === second) ?? "console";
    return { view: "vm", uuid: first, tab, ...(third ? { item: third } : {}) };
  }
  if (place === "consoles" && first && second) {
    return { view: "console", uuid: first, device: second };
  }
  if (place === "connection") {
    const tab = CONNECTION_TABS.find((each) => each === first) ?? "overview";
    return {
      view: "connection",
      tab,
      ...(second && second !== ALL ? { uuid: second } : {}),
      ...(third ? { item: third } : {}),
      ...(fourth ? { name: fourth } : {}),
    };
  }
  return { view: "manager" };
}

export function hrefOf(route: Route): string {
  switch (route.view) {
    case "manager":
      return "#/";
    case "new":
    case "preferences":
      return `#/${route.view}`;
    case "vm": {
      const item = route.item === undefined ? "" : `/${encodeURIComponent(route.item)}`;
      return `#/vms/${route.uuid}/${route.tab}${item}`;
    }
    case "console":
      return `#/consoles/${route.uuid}/${route.device}`;
    case "connection": {
      const { tab, uuid, item, name } = route;
      // A place for the object that is not there, where a view of all is shown.
      const object = uuid ?? (item === undefined ? undefined : ALL);
      const parts = [tab, object, item, name].filter((part) => part !== undefined);
      return `#/connection/${parts.map(encodeURIComponent).join("/")}`;
    }
  }
}

/** Goes to a view; the browser's Back returns. */
export function go(route: Route): void {
  location.hash = hrefOf(route);
}

/** Goes to a view instead of the one that is shown: Back does not lead to what is gone or done. */
export function replace(route: Route): void {
  location.replace(hrefOf(route));
}

/** Closes what lies over a view. Back does not open it again. @param under the view below it */
export function leave(under: Route): void {
  const state = history.state as { readonly from?: unknown } | null;
  if (state?.from === hrefOf(under)) history.back();
  else replace(under);
}

/** Has `leave` know from where each place was come to. */
export function useOrigins(): void {
  useEffect(() => {
    const moved = ({ oldURL }: HashChangeEvent): void => {
      // Places that were there before keep their own.
      if (history.state !== null) return;
      history.replaceState({ from: hrefOf(parseRoute(new URL(oldURL).hash)) }, "");
    };
    addEventListener("hashchange", moved);
    return () => removeEventListener("hashchange", moved);
  }, []);
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

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
