/** The commands that look at a domain's network interfaces. */
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import { find } from "../../../virt/xml/element.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { definitionOf, domainOf } from "./domain-common.ts";

type Names = "domif-getlink" | "domifaddr" | "domiflist" | "domifstat";

export const DOMAIN_INTERFACE_RUNS: Pick<Runs<typeof MONITOR>, Names> = {
  "domif-getlink": async (session, command) => {
    const wanted = command.text("interface") ?? "";
    const domain = await domainOf(session, command);
    const definition = await definitionOf(session, domain, command.has("config"));
    const mac = normalMac(wanted);
    const [iface, ...others] = devicesOf(definition, "interface").filter(
      (each) =>
        find(each, "target")?.attributes.get("dev") === wanted ||
        (mac !== undefined && find(each, "mac")?.attributes.get("address") === mac),
    );
    if (!iface) {
      throw new CommandError(
        `Interface (${mac === undefined ? `dev: ${wanted}` : `mac: ${mac}`}) not found.`,
      );
    }
    if (others.length > 0) throw new CommandError("multiple matching interfaces found");
    session.print(`${wanted} ${find(iface, "link")?.attributes.get("state") ?? "up"}`);
  },
  domifaddr: async (session, command) => interfaceAddresses(session, command),
  domiflist: async (session, command) => {
    const domain = await domainOf(session, command);
    const definition = await definitionOf(session, domain, command.has("inactive"));
    const rows = devicesOf(definition, "interface").map((iface) => [
      find(iface, "target")?.attributes.get("dev") ?? "-",
      iface.attributes.get("type") ?? "",
      [...(find(iface, "source")?.attributes ?? [])].find(([name]) =>
        SOURCES.includes(name),
      )?.[1] ?? "-",
      find(iface, "model")?.attributes.get("type") ?? "-",
      find(iface, "mac")?.attributes.get("address") ?? "-",
    ]);
    const titles = ["Interface", "Type", "Source", "Model", "MAC"];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  domifstat: async (session, command) => {
    const domain = await domainOf(session, command);
    const device = command.text("interface") ?? "";
    const connect = await session.connect();
    const name = command.required("domain");
    const stats = await session.attempt(`Failed to get interface stats ${name} ${device}`, () =>
      connect.domainInterfaceStats(domain, device),
    );
    session.print(stats.map(({ field, value }) => `${device} ${field} ${value}\n`).join(""));
  },
};

/** What a source's attributes may tell, the first one counts. */
const SOURCES = ["bridge", "dev", "network", "name", "path"];

/** A MAC address in lower case with two digits each, undefined for what is none. */
function normalMac(text: string): string | undefined {
  if (!/^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text)) return undefined;
  return text
    .toLowerCase()
    .split(":")
    .map((byte) => byte.padStart(2, "0"))
    .join(":");
}

const ADDRESS_SOURCES = ["lease", "agent", "arp"];

async function interfaceAddresses(
  session: Session,
  command: Command<(typeof MONITOR)["domifaddr"]>,
): Promise<void> {
  const wanted = command.text("interface");
  const sourceName = command.text("source") ?? "lease";
  const source = ADDRESS_SOURCES.indexOf(sourceName);
  if (source < 0) throw new CommandError(`Unknown data source '${sourceName}'`);
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const found = await session.attempt("Failed to query for interfaces addresses", () =>
    connect.domainInterfaceAddresses(domain, source, 0),
  );
  session.printExtra(
    ` ${"Name".padEnd(10)} ${"MAC address".padEnd(20)} ${"Protocol".padEnd(8)}     Address\n${"-".repeat(79)}\n`,
  );
  const line = (name: string, mac: string, protocol: string, address: string): void =>
    session.print(` ${name.padEnd(10)} ${mac.padEnd(17)}    ${protocol.padEnd(12)} ${address}\n`);
  for (const { name, hwaddr, addrs } of found) {
    if (wanted !== undefined && wanted !== name) continue;
    if (addrs.length === 0) line(name, hwaddr ?? "N/A", "N/A", "N/A");
    for (const [at, { type, addr, prefix }] of addrs.entries()) {
      const shown = at === 0 || command.has("full");
      const protocol = type === 0 ? "ipv4" : "ipv6";
      line(shown ? name : "-", shown ? (hwaddr ?? "") : "-", protocol, `${addr}/${prefix}`);
    }
  }
}
