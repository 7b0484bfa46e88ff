/** Names of images as a user and a backing file field give them. */

/** The protocol in `nbd:…` or `http://…`; undefined for a path. */
export function protocolOf(name: string): string | undefined {
  const colon = name.indexOf(":");
  const slash = name.indexOf("/");
  return colon > 0 && (slash < 0 || colon < slash) ? name.slice(0, colon) : undefined;
}

/** The path that `file:` or a plain name means; one that looks like a protocol gets a `./`. */
export function pathOf(name: string): string {
  if (!name.startsWith("file:")) return name;
  const path = name.slice("file:".length);
  return protocolOf(path) === undefined ? path : `./${path}`;
}

/** A backing file's name, which is relative to the image that it stands in. */
export function resolveBacking(image: string, backing: string): string {
  if (backing.startsWith("/") || protocolOf(backing) !== undefined) return backing;
  const base = pathOf(image);
  const slash = base.lastIndexOf("/");
  return slash < 0 ? backing : `${base.slice(0, slash + 1)}${backing}`;
}
