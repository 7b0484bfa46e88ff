/** The commands on networks. */
import { withKnownFlags } from "../../../virt/driver/tolerant-flags.ts";
import { CommandError } from "../shell/errors.ts";
import {
  ConnectListAllNetworksFlags as List,
  NetworkUpdateCommand,
  NetworkUpdateFlags,
  NetworkUpdateSection,
} from "../../../virt/driver/network-flags.ts";
import type { NetworkRef } from "../../../virt/driver/refs.ts";
import { vmError } from "../../../protocol/vm-error.ts";
import { byName, compareCaseless } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { NETWORK } from "../tables/network.ts";
import { flagBits, keyValue, readText, timeText, yesNo } from "./common.ts";
import { editXml } from "./edit.ts";
import { watchEvents } from "./events.ts";
import { findNetwork } from "./lookup.ts";
import { printXml } from "./xpath.ts";

export const NETWORK_RUNS: Runs<typeof NETWORK> = {
  "net-autostart": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    const mark = command.has("disable") ? "unmark" : "mark";
    await session.attempt(`failed to ${mark} network ${network.name} as autostarted`, () =>
      connect.networkSetAutostart(network, !command.has("disable")),
    );
    session.printExtra(`Network ${network.name} ${mark}ed as autostarted\n`);
  },
  "net-create": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const network = await session.attempt(`Failed to create network from ${file}`, () =>
      connect.networkCreateXMLFlags(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Network ${network.name} created from ${file}\n`);
  },
  "net-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const network = await session.attempt(`Failed to define network from ${file}`, () =>
      connect.networkDefineXMLFlags(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Network ${network.name} defined from ${file}\n`);
  },
  "net-destroy": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to destroy network ${network.name}`, () =>
      connect.networkDestroy(network),
    );
    session.printExtra(`Network ${network.name} destroyed\n`);
  },
  "net-dhcp-leases": async (session, command) => {
    const mac = command.text("mac") ?? null;
    const network = await networkOf(session, command);
    const connect = await session.connect();
    const name = command.required("network");
    const leases = await session.attempt(`Failed to get leases info for ${name}`, () =>
      connect.networkGetDHCPLeases(network, mac, 0),
    );
    const rows = leases
      .toSorted((a, b) => compareCaseless(a.mac ?? "", b.mac ?? ""))
      .map((lease) => [
        timeText(Number(lease.expiryTime)).slice(0, 19),
        lease.mac ?? "-",
        lease.type === 0 ? "ipv4" : "ipv6",
        `${lease.ipaddr}/${lease.prefix}`,
        lease.hostname ?? "-",
        lease.clientid ?? "-",
      ]);
    const titles = [
      "Expiry Time",
      "MAC address",
      "Protocol",
      "IP address",
      "Hostname",
      "Client ID or DUID",
    ];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  "net-dumpxml": async (session, command) => {
    const network = await networkOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.networkGetXMLDesc(network, command.has("inactive") ? 1 : 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "net-edit": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    const INACTIVE = 1;
    await editXml(session, `Network ${network.name}`, {
      read: () => withKnownFlags(INACTIVE, 0, (flags) => connect.networkGetXMLDesc(network, flags)),
      define: async (edited) => void (await connect.networkDefineXMLFlags(edited, 0)),
    });
  },
  "net-event": async (session, command) => {
    const name = command.text("network");
    return watchEvents(session, command, "network", () =>
      name === undefined ? undefined : findNetwork(session, name),
    );
  },
  "net-info": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    session.print(
      [
        keyValue("Name", network.name),
        keyValue("UUID", network.uuid),
        keyValue("Active", yesNo(await connect.networkIsActive(network))),
        keyValue("Persistent", yesNo(await connect.networkIsPersistent(network))),
        keyValue("Autostart", yesNo(await connect.networkGetAutostart(network))),
      ].join(""),
    );
    const bridge = await connect.networkGetBridgeName(network).catch(() => null);
    if (bridge !== null) session.print(keyValue("Bridge", bridge));
  },
  "net-list": async (session, command) => {
    let flags: number = command.has("inactive") ? List.inactive : List.active;
    if (command.has("all")) flags = List.active | List.inactive;
    flags |= flagBits(command, {
      persistent: List.persistent,
      transient: List.transient,
      autostart: List.autostart,
      "no-autostart": List.noAutostart,
    });
    const shown = (["table", "name", "uuid"] as const).filter((each) => command.has(each));
    if (shown.length > 1) {
      throw new CommandError("Only one argument from --table, --name and --uuid may be specified.");
    }
    const connect = await session.connect();
    const networks = (
      await session.attempt("Failed to list networks", () => connect.connectListAllNetworks(flags))
    ).toSorted(byName);
    const [column = "table"] = shown;
    if (column !== "table") {
      return session.print(networks.map((each) => `${each[column]}\n`).join(""));
    }
    const rows = await Promise.all(networks.map((network) => networkRow(session, network)));
    session.print(
      formatTable(["Name", "State", "Autostart", "Persistent"], rows, !session.options.quiet),
    );
  },
  "net-name": async (session, command) => {
    const network = await findNetwork(session, command.required("network"), ["uuid"]);
    session.print(`${network.name}\n`);
  },
  "net-start": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to start network ${network.name}`, () =>
      connect.networkCreate(network),
    );
    session.printExtra(`Network ${network.name} started\n`);
  },
  "net-undefine": async (session, command) => {
    const network = await networkOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to undefine network ${network.name}`, () =>
      connect.networkUndefine(network),
    );
    session.printExtra(`Network ${network.name} has been undefined\n`);
  },
  "net-update": async (session, command) => updateNetwork(session, command),
  "net-uuid": async (session, command) => {
    const network = await findNetwork(session, command.required("network"), ["name"]);
    session.print(`${network.uuid}\n`);
  },
  "net-port-list": async (session, command) => {
    if (command.has("table") && command.has("uuid")) {
      throw new CommandError("Only one argument from --table and --uuid may be specified.");
    }
    await networkOf(session, command);
    throw vmError("noSupport", "virNetworkListAllPorts");
  },
  "net-port-create": async (session, command) => {
    await networkOf(session, command);
    const file = command.required("file");
    await readText(session, file);
    const create = noPorts("virNetworkPortCreateXML");
    await session.attempt(`Failed to create network from ${file}`, create);
  },
  "net-port-dumpxml": findPort,
  "net-port-delete": findPort,
};

/** Ports of networks are what no driver of ours has. */
function noPorts(call: string): () => Promise<never> {
  return async () => {
    throw vmError("noSupport", call);
  };
}

/** The real tool complains, and yet succeeds. */
async function findPort(
  session: Session,
  command: { required(name: "network" | "port"): string },
): Promise<void> {
  await networkOf(session, command);
  session.error(`failed to get network port '${command.required("port")}'`);
}

function networkOf(
  session: Session,
  command: { required(name: "network"): string },
): Promise<NetworkRef> {
  return findNetwork(session, command.required("network"));
}

async function networkRow(session: Session, network: NetworkRef): Promise<string[]> {
  const connect = await session.connect();
  return [
    network.name,
    (await connect.networkIsActive(network)) ? "active" : "inactive",
    yesNo(await connect.networkGetAutostart(network)),
    yesNo(await connect.networkIsPersistent(network)),
  ];
}

const UPDATE_COMMANDS: Readonly<Record<string, number>> = {
  add: NetworkUpdateCommand.addLast,
  "add-first": NetworkUpdateCommand.addFirst,
  "add-last": NetworkUpdateCommand.addLast,
  delete: NetworkUpdateCommand.delete,
  modify: NetworkUpdateCommand.modify,
};

const SECTIONS: Readonly<Record<string, number>> = {
  bridge: NetworkUpdateSection.bridge,
  domain: NetworkUpdateSection.domain,
  ip: NetworkUpdateSection.ip,
  "ip-dhcp-host": NetworkUpdateSection.ipDhcpHost,
  "ip-dhcp-range": NetworkUpdateSection.ipDhcpRange,
  forward: NetworkUpdateSection.forward,
  "forward-interface": NetworkUpdateSection.forwardInterface,
  "forward-pf": NetworkUpdateSection.forwardPf,
  portgroup: NetworkUpdateSection.portgroup,
  "dns-host": NetworkUpdateSection.dnsHost,
  "dns-txt": NetworkUpdateSection.dnsTxt,
  "dns-srv": NetworkUpdateSection.dnsSrv,
};

interface UpdateCommand {
  required(name: "network" | "command" | "section" | "xml"): string;
  whole(name: "parent-index"): number | undefined;
  has(name: "config" | "live" | "current"): boolean;
  exclusive(a: "current", b: "live" | "config"): void;
}

async function updateNetwork(session: Session, command: UpdateCommand): Promise<void> {
  command.exclusive("current", "live");
  command.exclusive("current", "config");
  const network = await networkOf(session, command);
  const commandText = command.required("command");
  const verb = Object.hasOwn(UPDATE_COMMANDS, commandText)
    ? UPDATE_COMMANDS[commandText]
    : undefined;
  if (verb === undefined) {
    throw new CommandError(`unrecognized command name '${commandText}'`);
  }
  const sectionText = command.required("section");
  const section = Object.hasOwn(SECTIONS, sectionText) ? SECTIONS[sectionText] : undefined;
  if (section === undefined) throw new CommandError(`unrecognized section name '${sectionText}'`);
  const given = command.required("xml");
  // What does not begin as XML does is the name of a file.
  const xml = given.startsWith("<") ? given : await readText(session, given);
  const index = command.whole("parent-index") ?? -1;
  const config = command.has("config");
  const live = command.has("live");
  const flags = (config ? NetworkUpdateFlags.config : 0) | (live ? NetworkUpdateFlags.live : 0);
  const connect = await session.connect();
  await session.attempt(`Failed to update network ${network.name}`, () =>
    connect.networkUpdate(network, verb, section, index, xml, flags),
  );
  const both = config && live;
  const isLive = live || (!config && (await connect.networkIsActive(network)));
  const what = both
    ? "persistent config and live state"
    : isLive
      ? "live state"
      : "persistent config";
  session.printExtra(`Updated network ${network.name} ${what}`);
}
