/** `<graphics>`: ports and where they listen. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childrenOf, type Draft, draft } from "../../xml/draft.ts";
import type { DomainContext, DomainParseOptions } from "./context.ts";

const CONF = { domain: ErrorDomain.domain } as const;

export function fillGraphics(
  graphics: Draft,
  _context: DomainContext,
  options: DomainParseOptions,
): void {
  const type = graphics.attributes.get("type");
  if (type === undefined) {
    throw vmError("xmlError", "Missing required attribute 'type' in element 'graphics'", CONF);
  }
  if (type !== "vnc" && type !== "spice" && type !== "rdp") return;
  fillListens(graphics, type);
  if (type === "vnc") fillVncPort(graphics, options);
}

function fillListens(graphics: Draft, type: string): void {
  const attribute = graphics.attributes.get("listen");
  const socket = type === "vnc" ? graphics.attributes.get("socket") : undefined;
  const listens = childrenOf(graphics, "listen");
  for (const listen of listens) checkListen(listen);
  const [first] = listens;
  if (socket !== undefined) return fillSocket(graphics, first, socket);
  if (!first) {
    graphics.children.push(draft("listen", { type: "address", address: attribute }));
    return;
  }
  const address = first.attributes.get("address");
  if (first.attributes.get("type") === "address" && attribute !== undefined) {
    if (address !== undefined && address !== attribute) {
      throw vmError(
        "xmlError",
        `graphics 'listen' attribute '${attribute}' must match 'address' attribute of first listen element (found '${address}')`,
        CONF,
      );
    }
    first.attributes.set("address", attribute);
  } else if (address !== undefined) graphics.attributes.set("listen", address);
}

/** A socket takes the place of an address. */
function fillSocket(graphics: Draft, first: Draft | undefined, socket: string): void {
  const other = first?.attributes.get("socket");
  if (other !== undefined && other !== socket) {
    throw vmError(
      "xmlError",
      `graphics 'socket' attribute '${socket}' must match 'socket' attribute of first listen element (found '${other}')`,
      CONF,
    );
  }
  if (first)
    first.attributes = new Map([
      ["type", "socket"],
      ["socket", socket],
    ]);
  else graphics.children.push(draft("listen", { type: "socket", socket }));
  graphics.attributes.delete("listen");
}

function checkListen(listen: Draft): void {
  const type = listen.attributes.get("type");
  if (type === "network" && !listen.attributes.has("network")) {
    throw vmError("xmlError", "'network' attribute is required for listen type 'network'", CONF);
  }
}

/** A port that libvirt chooses is -1 until the domain runs. */
function fillVncPort(graphics: Draft, { inactive }: DomainParseOptions): void {
  const [first] = childrenOf(graphics, "listen");
  if (first?.attributes.get("type") === "socket" || first?.attributes.get("type") === "none") {
    graphics.attributes.delete("port");
    graphics.attributes.delete("autoport");
    return;
  }
  const port = graphics.attributes.get("port");
  const wish = graphics.attributes.get("autoport");
  if (wish === "no" && (port === undefined || port === "-1")) return;
  const auto = wish === "yes" || port === undefined || port === "-1";
  if (auto && (inactive || port === undefined)) graphics.attributes.set("port", "-1");
  graphics.attributes.set("autoport", auto ? "yes" : "no");
}
