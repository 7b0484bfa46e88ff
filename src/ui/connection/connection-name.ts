/** What a connection is called (virt-manager's pretty name of a URI). */

const NAMES: Readonly<Record<string, string>> = { qemu: "QEMU/KVM", test: "test" };

/** `QEMU/KVM` for `qemu:///system`; `test (default)` for `test:///default`. */
export function connectionName(uri: string): string {
  const parts = /^([a-z]+)[^:]*:\/\/([^/]*)\/?([^?]*)/i.exec(uri);
  if (!parts) return uri;
  const [, scheme = "", server = "", path = ""] = parts;
  const name = NAMES[scheme.toLowerCase()] ?? scheme;
  if (server !== "") return `${name}: ${server}`;
  return path === "" || path === "system" ? name : `${name} (${path})`;
}
