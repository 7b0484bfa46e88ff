/** The commands on the host's interfaces. */
import type { InterfaceRef } from "../../../virt/driver/refs.ts";
import { element, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { INTERFACE } from "../tables/interface.ts";
import { readText } from "./common.ts";
import { editXml } from "./edit.ts";
import { findInterface } from "./lookup.ts";
import { printXml } from "./xpath.ts";

type Spec<Name extends keyof typeof INTERFACE> = (typeof INTERFACE)[Name];

const INACTIVE = 1;
const ACTIVE = 2;

export const INTERFACE_RUNS: Runs<typeof INTERFACE> = {
  "iface-begin": async (session) => {
    const connect = await session.connect();
    await session.attempt("Failed to begin network config change transaction", () =>
      connect.interfaceChangeBegin(0),
    );
    session.printExtra("Network config change transaction started\n");
  },
  "iface-bridge": async (session, command) => makeBridge(session, command),
  "iface-commit": async (session) => {
    const connect = await session.connect();
    await session.attempt("Failed to commit network config change transaction", () =>
      connect.interfaceChangeCommit(0),
    );
    session.printExtra("Network config change transaction committed\n");
  },
  "iface-define": async (session, command) => {
    const file = command.required("file");
    const xml = await readText(session, file);
    const connect = await session.connect();
    const iface = await session.attempt(`Failed to define interface from ${file}`, () =>
      connect.interfaceDefineXML(xml, command.has("validate") ? 1 : 0),
    );
    session.printExtra(`Interface ${iface.name} defined from ${file}\n`);
  },
  "iface-destroy": async (session, command) => {
    const iface = await ifaceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to destroy interface ${iface.name}`, () =>
      connect.interfaceDestroy(iface, 0),
    );
    session.printExtra(`Interface ${iface.name} destroyed\n`);
  },
  "iface-dumpxml": async (session, command) => {
    const iface = await ifaceOf(session, command);
    const xpath = command.textQuietly("xpath");
    const connect = await session.connect();
    const xml = await connect.interfaceGetXMLDesc(iface, command.has("inactive") ? INACTIVE : 0);
    printXml(session, xml, xpath, command.has("wrap"));
  },
  "iface-edit": async (session, command) => {
    const iface = await ifaceOf(session, command);
    const connect = await session.connect();
    await editXml(session, `Interface ${iface.name}`, {
      read: () => connect.interfaceGetXMLDesc(iface, INACTIVE),
      define: async (edited) => void (await connect.interfaceDefineXML(edited, 0)),
    });
  },
  "iface-list": async (session, command) => {
    command.exclusive("all", "inactive");
    const all = command.has("all") ? INACTIVE | ACTIVE : 0;
    const flags = all || (command.has("inactive") ? INACTIVE : ACTIVE);
    const connect = await session.connect();
    const found = (
      await session.attempt("Failed to list interfaces", () =>
        connect.connectListAllInterfaces(flags),
      )
    ).toSorted(byName);
    const rows: string[][] = [];
    for (const iface of found) {
      const active = await connect.interfaceIsActive(iface);
      rows.push([iface.name, active ? "active" : "inactive", iface.mac]);
    }
    session.print(formatTable(["Name", "State", "MAC Address"], rows, !session.options.quiet));
  },
  "iface-mac": async (session, command) => {
    const iface = await findInterface(session, command.required("interface"), ["name"]);
    session.print(`${iface.mac}\n`);
  },
  "iface-name": async (session, command) => {
    const iface = await findInterface(session, command.required("interface"), ["mac"]);
    session.print(`${iface.name}\n`);
  },
  "iface-rollback": async (session) => {
    const connect = await session.connect();
    await session.attempt("Failed to rollback network config change transaction", () =>
      connect.interfaceChangeRollback(0),
    );
    session.printExtra("Network config change transaction rolled back\n");
  },
  "iface-start": async (session, command) => {
    const iface = await ifaceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to start interface ${iface.name}`, () =>
      connect.interfaceCreate(iface, 0),
    );
    session.printExtra(`Interface ${iface.name} started\n`);
  },
  "iface-unbridge": async (session, command) => undoBridge(session, command),
  "iface-undefine": async (session, command) => {
    const iface = await ifaceOf(session, command);
    const connect = await session.connect();
    await session.attempt(`Failed to undefine interface ${iface.name}`, () =>
      connect.interfaceUndefine(iface),
    );
    session.printExtra(`Interface ${iface.name} undefined\n`);
  },
};

function ifaceOf(
  session: Session,
  command: { required(name: "interface"): string },
): Promise<InterfaceRef> {
  return findInterface(session, command.required("interface"));
}

/** What an interface keeps for itself when it goes into a bridge; the rest becomes the bridge's. */
const OWN = new Set(["mac", "bond", "vlan"]);

async function makeBridge(session: Session, command: Command<Spec<"iface-bridge">>): Promise<void> {
  const iface = await findInterface(session, command.required("interface"), ["name"]);
  const bridge = command.text("bridge") ?? "";
  const connect = await session.connect();
  const known = await connect.interfaceLookupByName(bridge).catch(() => null);
  if (known) return session.fail(`Network device ${bridge} already exists`);
  const delay = command.whole("delay", "uint") ?? 0;
  const definition = parseXml(await connect.interfaceGetXMLDesc(iface, INACTIVE), "interface");
  const type = definition.attributes.get("type");
  if (type === "bridge") return session.fail(`Existing device ${iface.name} is already a bridge`);
  const inner: XmlElement = {
    ...definition,
    children: definition.children.filter((each) => each.kind === "element" && OWN.has(each.name)),
  };
  const outer = definition.children.filter(
    (each) => each.kind === "element" && !OWN.has(each.name),
  );
  const made = element("interface", { type: "bridge", name: bridge }, [
    ...outer,
    element("bridge", command.has("no-stp") ? { stp: "off" } : { stp: "on", delay }, [inner]),
  ]);
  const defined = await session.attempt(`Failed to define new bridge interface ${bridge}`, () =>
    connect.interfaceDefineXML(formatXml(made), 0),
  );
  session.printExtra(`Created bridge ${bridge} with attached device ${iface.name}\n`);
  if (command.has("no-start")) return;
  await session.attempt(`Failed to start bridge interface ${bridge}`, () =>
    connect.interfaceCreate(defined, 0),
  );
  session.printExtra(`Bridge interface ${bridge} started\n`);
}

async function undoBridge(
  session: Session,
  command: Command<Spec<"iface-unbridge">>,
): Promise<void> {
  const bridge = await findInterface(session, command.required("bridge"), ["name"], "bridge");
  const connect = await session.connect();
  const definition = parseXml(await connect.interfaceGetXMLDesc(bridge, INACTIVE), "interface");
  const inside = definition.children.find(
    (each) => each.kind === "element" && each.name === "bridge",
  );
  if (definition.attributes.get("type") !== "bridge") {
    return session.fail(`Device ${bridge.name} is not a bridge`);
  }
  if (inside?.kind !== "element") return session.fail("No bridge node in xml document");
  const [member, ...others] = inside.children.filter(
    (each): each is XmlElement => each.kind === "element" && each.name === "interface",
  );
  if (others.length > 0) return session.fail("Multiple interfaces attached to bridge");
  if (!member) return session.fail("No interface attached to bridge");
  const rest = definition.children.filter(
    (each) => each.kind === "element" && each.name !== "bridge",
  );
  const alone: XmlElement = { ...member, children: [...rest, ...member.children] };
  await session.attempt(`Failed to destroy bridge interface ${bridge.name}`, () =>
    connect.interfaceDestroy(bridge, 0),
  );
  await session.attempt(`Failed to undefine bridge interface ${bridge.name}`, () =>
    connect.interfaceUndefine(bridge),
  );
  const name = member.attributes.get("name") ?? "";
  const iface = await session.attempt(`Failed to define new interface ${name}`, () =>
    connect.interfaceDefineXML(formatXml(alone), 0),
  );
  session.printExtra(`Device ${name} un-attached from bridge ${bridge.name}\n`);
  if (command.has("no-start")) return;
  await session.attempt(`Failed to start interface ${name}`, () =>
    connect.interfaceCreate(iface, 0),
  );
  session.printExtra(`Interface ${name} started\n`);
}
