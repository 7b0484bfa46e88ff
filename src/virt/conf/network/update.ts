/** Changes of parts of a network (virNetworkUpdate). */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import {
  NetworkUpdateCommand as Command,
  NetworkUpdateSection as Section,
} from "../../driver/network-flags.ts";
import { childrenOf, type Draft, draftOf } from "../../xml/draft.ts";
import type { XmlElement } from "../../xml/element.ts";
import { parseXml } from "../../xml/parse.ts";
import { arrange } from "../arrange.ts";
import { NETWORK_ORDER } from "./order.ts";

const NETWORK = { domain: ErrorDomain.network } as const;

export interface NetworkChange {
  /** `virNetworkUpdateCommand` */
  readonly command: number;
  /** `virNetworkUpdateSection` */
  readonly section: number;
  /** Which of several parents, for example the `ip` elements; -1 the only fitting one. */
  readonly parentIndex: number;
  readonly xml: string;
}

interface SectionRow {
  /** Path to the parent, from the network. */
  readonly parents: readonly string[];
  readonly name: string;
  /** Attributes by one of which entries are the same. */
  readonly keys: readonly string[];
}

const SECTIONS: Readonly<Record<number, SectionRow>> = {
  [Section.ipDhcpHost]: {
    parents: ["ip", "dhcp"],
    name: "host",
    keys: ["mac", "id", "ip", "name"],
  },
  [Section.ipDhcpRange]: { parents: ["ip", "dhcp"], name: "range", keys: ["start"] },
  [Section.forwardInterface]: { parents: ["forward"], name: "interface", keys: ["dev"] },
  [Section.portgroup]: { parents: [], name: "portgroup", keys: ["name"] },
  [Section.dnsHost]: { parents: ["dns"], name: "host", keys: ["ip"] },
  [Section.dnsTxt]: { parents: ["dns"], name: "txt", keys: ["name"] },
  [Section.dnsSrv]: { parents: ["dns"], name: "srv", keys: ["service", "protocol"] },
};

/** @throws VmError noSupport for a section that cannot be changed, operationInvalid, xmlError */
export function updateNetwork(network: XmlElement, change: NetworkChange): XmlElement {
  const row = SECTIONS[change.section];
  if (!row) {
    throw vmError("noSupport", "can't update this section of network", NETWORK);
  }
  const entry = draftOf(parseXml(change.xml, "network_update_xml", row.name));
  const copy = draftOf(network);
  apply(parentOf(copy, row, change.parentIndex), row, entry, change.command);
  arrange(copy, NETWORK_ORDER);
  return copy;
}

/** The element that holds the entries, made where the network has none. */
function parentOf(network: Draft, { parents }: SectionRow, index: number): Draft {
  let at = network;
  for (const [depth, name] of parents.entries()) {
    const all = childrenOf(at, name);
    const chosen = depth === 0 && index > 0 ? all[index] : all[0];
    if (chosen) at = chosen;
    else if (index > 0 && depth === 0) {
      throw vmError(
        "operationInvalid",
        `couldn't locate '${name}' element with index ${index}`,
        NETWORK,
      );
    } else {
      const made: Draft = { kind: "element", name, attributes: new Map(), children: [] };
      at.children.push(made);
      at = made;
    }
  }
  return at;
}

function apply(parent: Draft, row: SectionRow, entry: Draft, command: number): void {
  const same = childrenOf(parent, row.name).find((each) => isSame(each, entry, row));
  const shown = row.keys.map((key) => entry.attributes.get(key)).find((each) => each !== undefined);
  if (command === Command.delete) {
    if (!same) {
      throw vmError(
        "operationInvalid",
        `couldn't locate a matching ${row.name} entry in network`,
        NETWORK,
      );
    }
    parent.children = parent.children.filter((each) => each !== same);
  } else if (command === Command.modify) {
    if (!same) {
      throw vmError(
        "operationInvalid",
        `couldn't locate an existing ${row.name} entry with '${shown ?? ""}' in network`,
        NETWORK,
      );
    }
    parent.children = parent.children.map((each) => (each === same ? entry : each));
  } else {
    if (same) {
      throw vmError(
        "operationInvalid",
        `there is an existing ${row.name} entry in network that matches '${shown ?? ""}'`,
        NETWORK,
      );
    }
    const first = parent.children.findIndex(
      (each) => each.kind === "element" && each.name === row.name,
    );
    if (command === Command.addFirst && first >= 0) parent.children.splice(first, 0, entry);
    else parent.children.push(entry);
  }
}

function isSame(a: Draft, b: Draft, { keys }: SectionRow): boolean {
  return keys.some((key) => {
    const value = a.attributes.get(key);
    return value !== undefined && value === b.attributes.get(key);
  });
}
