/** What a definition becomes when its domain starts: `virsh dumpxml` of a running domain. */
import { arrange } from "../../arrange.ts";
import {
  childAt,
  childrenOf,
  type Draft,
  draftOf,
  draftText,
  ensureChild,
} from "../../../xml/draft.ts";
import type { XmlElement } from "../../../xml/element.ts";
import { DOMAIN_ORDER } from "../order.ts";
import { fillAliases } from "./aliases.ts";
import { roundMemory } from "./memory.ts";
import { isVirtioSerial } from "../virtio-serial.ts";

/** What the driver chose for this run. */
export interface LiveFacts {
  /** The domain's id, 1 or more. */
  readonly id: number;
  /** The folder of channels' sockets, without a slash at its end. */
  readonly channelFolder: string;
  /** The terminal behind a serial port, console or channel of type `pty`, by alias. */
  ptyOf(alias: string): string | undefined;
  /** The host's end of an interface, by alias: `vnet0`. */
  interfaceTarget(alias: string): string | undefined;
}

/** The tree of a running domain from its canonical definition, or from that tree with other devices. */
export function liveQemuDomain(definition: XmlElement, facts: LiveFacts): XmlElement {
  const domain = draftOf(definition);
  const isRunning = domain.attributes.has("id");
  domain.attributes.set("id", String(facts.id));
  roundMemory(domain);
  const devices = ensureChild(domain, "devices");
  fillAliases(devices);
  numberSources(devices);
  for (const device of childrenOf(devices)) {
    fillTerminal(device, facts);
    if (!isRunning) disconnectChannel(device);
    fillChannel(domain, device, facts);
    fillInterface(device, facts);
  }
  arrange(domain, DOMAIN_ORDER);
  return domain;
}

function aliasOf(device: Draft): string {
  return childAt(device, "alias")?.attributes.get("name") ?? "";
}

/** Images are numbered from the last disk on, as block jobs name them. */
function numberSources(devices: Draft): void {
  const sources = childrenOf(devices, "disk").flatMap((disk) => childAt(disk, "source") ?? []);
  for (const [at, source] of sources.toReversed().entries()) {
    source.attributes.set("index", String(at + 1));
  }
}

const TERMINALS: readonly string[] = ["serial", "console", "channel", "parallel"];

function fillTerminal(device: Draft, facts: LiveFacts): void {
  if (!TERMINALS.includes(device.name) || device.attributes.get("type") !== "pty") return;
  const path = facts.ptyOf(aliasOf(device));
  if (path === undefined) return;
  ensureChild(device, "source").attributes.set("path", path);
  if (device.name === "console") device.attributes.set("tty", path);
}

/** Nobody has opened a channel when its domain starts, whatever the definition says. */
function disconnectChannel(device: Draft): void {
  if (device.name !== "channel" || !isVirtioSerial(device)) return;
  ensureChild(device, "target").attributes.set("state", "disconnected");
}

/** A channel whose socket is libvirt's to choose has it in a folder of the domain's own. */
function fillChannel(domain: Draft, device: Draft, { id, channelFolder }: LiveFacts): void {
  if (device.name !== "channel" || !isVirtioSerial(device)) return;
  const target = ensureChild(device, "target");
  if (device.attributes.get("type") !== "unix") return;
  const source = ensureChild(device, "source");
  if (source.attributes.has("path")) return;
  const name = draftText(childAt(domain, "name") ?? domain).slice(0, MAX_NAME);
  const file = target.attributes.get("name") ?? "";
  source.attributes.set("mode", "bind");
  source.attributes.set("path", `${channelFolder}/domain-${id}-${name}/${file}`);
}

/** A socket's path is short. */
const MAX_NAME = 20;

function fillInterface(device: Draft, facts: LiveFacts): void {
  if (device.name !== "interface") return;
  const dev = facts.interfaceTarget(aliasOf(device));
  if (dev === undefined) return;
  const target = ensureChild(device, "target");
  if (!target.attributes.has("dev")) target.attributes.set("dev", dev);
}
