/** Where a domain's displays can be reached. */
import { find, type XmlElement } from "../../../virt/xml/element.ts";
import { CommandError } from "../shell/errors.ts";

/** In the order in which they are looked for. */
export const SCHEMES = ["vnc", "spice", "rdp", "dbus"] as const;

/** The port of VNC's display 0. */
export const VNC_PORT = 5900;

/** The address that a display listens on; older libvirts tell it in the child alone. */
export function listenAddress(graphics: XmlElement): string | undefined {
  return graphics.attributes.get("listen") ?? find(graphics, "listen")?.attributes.get("address");
}

/** The display's URI, or undefined where nothing can connect to it. @throws CommandError */
export function displayUri(
  scheme: (typeof SCHEMES)[number],
  graphics: XmlElement,
  connectionUri: string,
): string | undefined {
  if (scheme === "dbus") return dbusUri(graphics.attributes.get("address"));
  const port = portOf(graphics, "port");
  const tlsPort = portOf(graphics, "tlsPort");
  const listen = find(graphics, "listen")?.attributes;
  const socket = listen?.get("type") === "socket" ? listen.get("socket") : undefined;
  if (port === 0 && tlsPort === 0 && socket === undefined) return undefined;
  const password = graphics.attributes.get("passwd");
  const user = scheme === "vnc" && password !== undefined ? `:${password}@` : "";
  const shownPort = scheme === "vnc" ? port - VNC_PORT : port;
  const place = socket ?? hostOf(graphics, connectionUri);
  const parameters = [
    ...(tlsPort === 0 ? [] : [`tls-port=${tlsPort}`]),
    ...(scheme === "spice" && password !== undefined ? [`password=${password}`] : []),
  ];
  return [
    `${scheme}${socket === undefined ? "" : "+unix"}://`,
    user,
    place,
    port === 0 ? "" : `:${shownPort}`,
    parameters.length === 0 ? "" : `?${parameters.join("&")}`,
  ].join("");
}

function portOf(graphics: XmlElement, name: "port" | "tlsPort"): number {
  const port = Number(graphics.attributes.get(name) ?? 0);
  return Number.isInteger(port) ? port : 0;
}

/** What a viewer has to connect to: the connection's host where the display listens everywhere. */
function hostOf(graphics: XmlElement, connectionUri: string): string {
  const listen = graphics.attributes.get("listen");
  const wildcard = listen === "0.0.0.0" || listen === "::";
  const server = /^[^:]+:\/\/(?:[^@/]*@)?([^/:?]*)/.exec(connectionUri)?.[1] ?? "";
  const host = wildcard ? server : (listenAddress(graphics) ?? "");
  if (host === "") return "localhost";
  return host.includes(":") ? `[${host}]` : host;
}

function dbusUri(address: string | undefined): string | undefined {
  if (address === undefined) return undefined;
  const UNIX = "unix:path=";
  if (address.startsWith(UNIX)) return `dbus+unix://${address.slice(UNIX.length)}`;
  throw new CommandError(`'${address}' D-Bus address is not handled`);
}
