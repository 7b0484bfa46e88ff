import type { Environment } from "../cache/paths.ts";

/**
 * The proxy for `url` by the customary variables http_proxy, https_proxy, all_proxy and no_proxy in
 * either case, or null for a direct connection.
 */
export function proxyFor(url: URL, env: Environment): URL | null {
  const read = (name: string): string => env[name] ?? env[name.toUpperCase()] ?? "";
  const value = read(`${url.protocol.slice(0, -1)}_proxy`) || read("all_proxy");
  if (value === "" || isExempt(url.hostname, read("no_proxy"))) {
    return null;
  }
  return new URL(value.includes("://") ? value : `http://${value}`);
}

function isExempt(host: string, exemptions: string): boolean {
  return exemptions
    .split(/[\s,]+/)
    .filter((entry) => entry !== "")
    .some((entry) => {
      const suffix = entry.replace(/^\*?\.?/, "").replace(/:\d+$/, "");
      return entry === "*" || host === suffix || host.endsWith(`.${suffix}`);
    });
}

/** The Proxy-Authorization value for credentials in the proxy's address, if there are any. */
export function proxyAuthorization(proxy: URL): string | null {
  if (proxy.username === "") {
    return null;
  }
  const credentials = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${Buffer.from(credentials).toString("base64")}`;
}
