/** What the XML of pools, volumes, networks, snapshots and secrets have in common. */
import type { ErrorDomain } from "../../protocol/vm-error.ts";
import { vmError } from "../../protocol/vm-error.ts";
import { childAt, type Draft, draft, draftText, ensureChild, setText } from "../xml/draft.ts";

/** What defining an object needs of its driver. */
export interface ObjectContext {
  /** A new random UUID in its text form. */
  newUuid(): string;
}

const UUID = /^[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

/** The UUID's text form in lower case with its dashes, or null where it is none. */
export function canonicalUuid(text: string): string | null {
  if (!UUID.test(text)) return null;
  const digits = text.replaceAll("-", "").toLowerCase();
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Makes the object's UUID canonical, or gives it a new one. @throws VmError internalError */
export function fillUuid(node: Draft, { newUuid }: ObjectContext, domain: ErrorDomain): void {
  const uuid = ensureChild(node, "uuid");
  const text = draftText(uuid).trim();
  const canonical = text === "" ? newUuid() : canonicalUuid(text);
  if (canonical === null) throw vmError("xmlError", "malformed uuid element", { domain });
  setText(uuid, canonical);
}

/** A path without doubled slashes and without one at its end (virFileSanitizePath). */
export function sanitizedPath(path: string): string {
  const leading = /^\/\/(?!\/)/.test(path) ? "//" : path.startsWith("/") ? "/" : "";
  const rest = path.split("/").filter((part) => part !== "");
  return `${leading}${rest.join("/")}`;
}

/** `permissions`: mode in octal with a zero before it, owner and group where they are given. */
export function fillPermissions(parent: Draft, domain: ErrorDomain): void {
  const permissions = childAt(parent, "permissions");
  if (!permissions) return;
  const mode = childAt(permissions, "mode");
  if (mode) {
    const text = draftText(mode).trim();
    if (!/^[0-7]+$/.test(text) || Number.parseInt(text, 8) > 0o7777) {
      throw vmError("xmlError", "malformed octal mode", { domain });
    }
    setText(mode, `0${Number.parseInt(text, 8).toString(8)}`);
  }
  for (const name of ["owner", "group"]) fillId(permissions, name, domain);
}

/** An id of -1 is none. */
function fillId(permissions: Draft, name: string, domain: ErrorDomain): void {
  const node = childAt(permissions, name);
  if (!node) return;
  const text = draftText(node).trim();
  if (!/^-?\d+$/.test(text) || (text.startsWith("-") && text !== "-1")) {
    throw vmError("xmlError", `malformed ${name} element`, { domain });
  }
  if (text === "-1" || text === "4294967295") {
    permissions.children = permissions.children.filter((each) => each !== node);
  } else setText(node, BigInt(text));
}

/** `<name unit='bytes'>value</name>`. */
export function bytesElement(name: string, value: bigint): Draft {
  return draft(name, { unit: "bytes" }, String(value));
}

/** Replaces the child of that name, or adds it. */
export function replaceChild(parent: Draft, child: Draft): void {
  parent.children = parent.children.filter(
    (each) => each.kind !== "element" || each.name !== child.name,
  );
  parent.children.push(child);
}

/** Drops comments everywhere. */
export function dropComments(node: Draft): void {
  node.children = node.children.filter(({ kind }) => kind !== "comment");
  for (const child of node.children) {
    if (child.kind === "element" && child.name !== "metadata") dropComments(child);
  }
}
