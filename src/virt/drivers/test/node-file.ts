/** A file of objects for the test driver: `<node>` with domains, networks, pools and more. */
import { vmError } from "../../../protocol/vm-error.ts";
import { utf8Text } from "../../../util/bytes.ts";
import { canonicalDomain } from "../../conf/domain/parse.ts";
import { parseNetwork } from "../../conf/network/parse.ts";
import { parseSnapshot } from "../../conf/snapshot/parse.ts";
import {
  DomainRunningReason,
  DomainShutoffReason,
  DomainState,
} from "../../driver/domain-flags.ts";
import { childElements, find, textOf, type XmlElement } from "../../xml/element.ts";
import { formatXml } from "../../xml/format.ts";
import { parseXml } from "../../xml/parse.ts";
import type { DomainObject } from "../objects/domain-objects.ts";
import { withoutParent } from "../objects/moment-tree.ts";
import { giveInterfacesNames } from "./interface-names.ts";
import { startDomain } from "./lifecycle-calls.ts";
import { nodeInfoOf } from "./node-info.ts";
import { iothreadIds } from "../objects/params/iothreads.ts";
import { NEW_IOTHREAD } from "./pin-calls.ts";
import { TEST, type TestState } from "./state.ts";

/** The namespace of what only this driver reads. */
const TEST_NAMESPACE = "http://libvirt.org/schemas/domain/test/1.0";

/** @throws VmError xmlError, xmlDetail, and what the objects' own XML is refused for */
export async function loadNode(state: TestState, text: string, path: string): Promise<void> {
  const node = parseXml(text, path, "node");
  state.node = nodeInfoOf(node, state.node);
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const load = (each: XmlElement): Promise<XmlElement> => included(state, each, folder);
  for (const each of childElements(node, "domain")) addDomain(state, await load(each));
  for (const each of childElements(node, "network")) {
    const network = state.networks.add(
      parseNetwork(formatXml(await load(each)), state.ports),
      false,
    );
    network.live = network.config;
  }
  for (const each of childElements(node, "interface")) {
    state.interfaces.define(formatXml(await load(each)), true);
  }
  for (const each of childElements(node, "pool")) await addPool(state, await load(each), load);
  for (const each of childElements(node, "device")) {
    state.nodeDevices.add(formatXml(await load(each)));
  }
}

/** The element itself, or that of the file that it names. */
async function included(state: TestState, each: XmlElement, folder: string): Promise<XmlElement> {
  const file = each.attributes.get("file");
  if (file === undefined) return each;
  const path = file.startsWith("/") ? file : `${folder}${file}`;
  return parseXml(utf8Text(await state.ports.readFile(path)), path, each.name);
}

async function addPool(
  state: TestState,
  pool: XmlElement,
  load: (each: XmlElement) => Promise<XmlElement>,
): Promise<void> {
  const volumes = childElements(pool, "volume");
  const bare = {
    ...pool,
    children: pool.children.filter((each) => each.kind !== "element" || each.name !== "volume"),
  };
  const made = state.pools.add(formatXml(bare), true);
  made.active = true;
  for (const volume of volumes) made.createVolume(formatXml(await load(volume)));
}

/** What only this driver reads of a domain. */
interface Extras {
  readonly transient: boolean;
  readonly hasManagedSave: boolean;
  readonly runState: number;
  readonly snapshots: readonly XmlElement[];
}

function addDomain(state: TestState, given: XmlElement): void {
  const prefix = prefixOf(given);
  const own =
    prefix === undefined
      ? []
      : childElements(given).filter(({ name }) => name.startsWith(`${prefix}:`));
  const extras = extrasOf(own, prefix ?? "");
  const bare = {
    ...given,
    attributes: new Map(
      [...given.attributes].filter(
        ([name, value]) => !name.startsWith("xmlns:") || value !== TEST_NAMESPACE,
      ),
    ),
    children: given.children.filter((each) => !own.includes(each as XmlElement)),
  };
  const definition = giveInterfacesNames(canonicalDomain(bare, state.context, { inactive: true }));
  const domain = state.domains.add(definition, { live: extras.transient });
  if (extras.runState === DomainState.shutoff) {
    domain.setState(DomainState.shutoff, DomainShutoffReason.unknown);
  } else {
    startDomain(state, domain, DomainRunningReason.booted);
    domain.setState(extras.runState, 0);
  }
  const kept = state.extras(domain);
  kept.tainting = domain.definition;
  for (const id of iothreadIds(domain.definition)) kept.iothreads.set(id, new Map(NEW_IOTHREAD));
  domain.hasManagedSave = extras.hasManagedSave;
  for (const snapshot of extras.snapshots) addSnapshot(domain, snapshot);
}

function prefixOf(given: XmlElement): string | undefined {
  const declared = [...given.attributes].find(
    ([name, value]) => name.startsWith("xmlns:") && value === TEST_NAMESPACE,
  );
  return declared?.[0].slice("xmlns:".length);
}

function extrasOf(own: readonly XmlElement[], prefix: string): Extras {
  const number = (name: string): number | undefined => {
    const found = own.find((each) => each.name === `${prefix}:${name}`);
    if (!found) return undefined;
    const text = textOf(found).trim();
    if (!/^\d+$/.test(text)) throw vmError("xmlError", `invalid ${name}`, TEST);
    return Number(text);
  };
  const transient = (number("transient") ?? 0) !== 0;
  const runState = number("runstate") ?? DomainState.running;
  const hasManagedSave = (number("hasmanagedsave") ?? 0) !== 0;
  if (runState > DomainState.pmsuspended) {
    throw vmError("xmlError", `runstate '${runState}' out of range'`, TEST);
  }
  if (transient && runState === DomainState.shutoff) {
    throw vmError("xmlError", "transient domain cannot have runstate 'shutoff'", TEST);
  }
  if (hasManagedSave && runState !== DomainState.shutoff) {
    throw vmError(
      "xmlError",
      "domain with managedsave data can only have runstate 'shutoff'",
      TEST,
    );
  }
  const snapshots = own
    .filter((each) => each.name === `${prefix}:domainsnapshot`)
    .map((each) => unprefixed(each, `${prefix}:`));
  return { transient, hasManagedSave, runState, snapshots };
}

function unprefixed(node: XmlElement, prefix: string): XmlElement {
  const name = node.name.startsWith(prefix) ? node.name.slice(prefix.length) : node.name;
  return { ...node, name };
}

function addSnapshot(domain: DomainObject, given: XmlElement): void {
  const parsed = parseSnapshot(formatXml(given), { nowS: 0 }, { redefine: true });
  const active = find(parsed, "active");
  const moment = withoutParent({
    ...parsed,
    children: parsed.children.filter((each) => each !== active),
  });
  domain.snapshots.replace(moment);
  if (active && textOf(active).trim() === "1") domain.snapshots.current = moment.name;
}
