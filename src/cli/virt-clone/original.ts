/** The guest to clone, and the clone's definition before anything is chosen. */
import { macConflict } from "../virtinst/checks.ts";
import type { XmlElement } from "../../virt/xml/element.ts";
import { randomMac } from "../virtinst/default-values.ts";
import { ToolError } from "../virtinst/errors.ts";
import type { Guest, Surroundings } from "../virtinst/guest.ts";
import { parseGuest } from "../virtinst/parse-guest.ts";
import { setGraphicsPort } from "../virtinst/rules-devices.ts";
import { cloneName } from "../../virt/clone/names.ts";

/** `virDomainState`. */
const SHUT_OFF = 5;
/** `VIR_DOMAIN_XML_SECURE`: passwords, too. */
const SECURE = 1;

/** @throws ToolError where there is no such guest, or it runs */
export async function originalXml({ connect }: Surroundings, name: string): Promise<string> {
  const domain = await connect.domainLookupByName(name).catch(() => undefined);
  if (!domain) throw new ToolError(`Domain '${name}' was not found.`);
  if ((await connect.domainGetInfo(domain)).state !== SHUT_OFF) {
    throw new ToolError("Domain to clone must be shutoff.");
  }
  return connect.domainGetXMLDesc(domain, SECURE);
}

/** A guest like the original, without what may be there once only. */
export async function cloneOf(
  around: Surroundings,
  xml: string,
  others: readonly XmlElement[],
): Promise<Guest> {
  const clone = parseGuest(around, xml);
  clone.set("@id", null);
  clone.set("title", null);
  clone.set("uuid", around.host.newUuid());
  for (const graphics of clone.devices("graphics")) freePort(around, graphics);
  for (const nic of clone.devices("interface")) {
    nic.set("target/@dev", null);
    nic.set("mac/@address", freeMac(clone, others));
  }
  for (const channel of clone.devices("channel")) forgetOwnSocket(channel);
  const domains = await around.connect.connectListAllDomains(0);
  const taken = new Set(domains.map(({ name }) => name));
  clone.set(
    "name",
    cloneName(clone.get("name") ?? "", (name) => taken.has(name)),
  );
  return clone;
}

type Device = ReturnType<Guest["devices"]>[number];

function freePort({ warn }: Surroundings, graphics: Device): void {
  const port = Number(graphics.get("@port") ?? "0");
  if (port === 0 || port === -1) return;
  warn("Setting the graphics device port to autoport, in order to avoid conflicting.");
  setGraphicsPort(graphics, "@port", "-1");
}

const MOST_TRIES = 256;

function freeMac(clone: Guest, others: readonly XmlElement[]): string | null {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const mac = randomMac(clone);
    if (macConflict(mac, others) === undefined) return mac;
  }
  return null;
}

/** A guest agent's socket is called as its guest. */
function forgetOwnSocket(channel: Device): void {
  const name = channel.get("target/@name");
  const path = channel.get("source:@path");
  if (channel.get("@type") !== "unix" || name === undefined || path === undefined) return;
  if (path.includes(name)) channel.set("source:@path", null);
}
