/** The commands that look at domains. */
import { VmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import {
  ConnectGetAllDomainStatsFlags,
  ConnectListAllDomainsFlags as List,
  DomainState,
  DomainStatsTypes,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { typedParam } from "../../../virt/driver/typed-params.ts";
import { find, textAt, type XmlElement } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { prettyCapacity } from "../shell/numbers.ts";
import { byName } from "../shell/order.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { flagBits, keyValue, yesNo } from "./common.ts";
import { reasonText, stateText } from "./domain-words.ts";
import { findDomain } from "./lookup.ts";

const INACTIVE = 2;
const CONFIG = 2;
const LIVE = 1;

type Spec<Name extends keyof typeof MONITOR> = (typeof MONITOR)[Name];

export const MONITOR_RUNS: Runs<typeof MONITOR> = {
  domblkerror: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const errors = await connect.domainGetDiskErrors(domain, 0);
    if (errors.length === 0) return session.printExtra("No errors found\n");
    const words = ["none", "unspecified error", "no space"];
    session.print(
      errors.map(({ disk, error }) => `${disk}: ${words[error] ?? "unknown error"}\n`).join(""),
    );
  },
  domblkinfo: async (session, command) => blockInfo(session, command),
  domblklist: async (session, command) => {
    const definition = await definitionOf(session, command, command.has("inactive"));
    const details = command.has("details");
    const rows = devicesOf(definition, "disk").map((disk) => {
      const target = find(disk, "target")?.attributes.get("dev") ?? "";
      const source = sourceText(disk) ?? "-";
      const type = disk.attributes.get("type") ?? "";
      return details
        ? [type, disk.attributes.get("device") ?? "", target, source]
        : [target, source];
    });
    const titles = details ? ["Type", "Device", "Target", "Source"] : ["Target", "Source"];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  domblkstat: async (session, command) => blockStats(session, command),
  domcontrol: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const info = await connect.domainGetControlInfo(domain, 0);
    const states = ["ok", "background job", "occupied", "error"];
    const state = states[info.state] ?? "unknown";
    const seconds = (Number(info.stateTimeMs) / 1000).toFixed(3);
    session.print(info.stateTimeMs === 0n ? `${state}\n` : `${state} (${seconds}s)\n`);
  },
  "domif-getlink": async (session, command) => {
    const definition = await definitionOf(session, command, command.has("config"));
    const wanted = command.required("interface");
    const isMac = /^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(wanted);
    const found = devicesOf(definition, "interface").filter((iface) =>
      isMac
        ? find(iface, "mac")?.attributes.get("address") === wanted.toLowerCase()
        : find(iface, "target")?.attributes.get("dev") === wanted,
    );
    if (found.length > 1) throw new CommandError(`multiple matching interfaces found`);
    const [iface] = found;
    if (!iface)
      throw new CommandError(`Interface (${isMac ? "mac" : "dev"}: ${wanted}) not found.`);
    session.print(`${wanted} ${find(iface, "link")?.attributes.get("state") ?? "up"}`);
  },
  domifaddr: async (session, command) => interfaceAddresses(session, command),
  domiflist: async (session, command) => {
    const definition = await definitionOf(session, command, command.has("inactive"));
    const rows = devicesOf(definition, "interface").map((iface) => {
      const type = iface.attributes.get("type") ?? "";
      const source = find(iface, "source")?.attributes;
      return [
        find(iface, "target")?.attributes.get("dev") ?? "-",
        type,
        source?.get(type === "direct" || type === "hostdev" ? "dev" : type) ??
          source?.get("dev") ??
          "-",
        find(iface, "model")?.attributes.get("type") ?? "-",
        find(iface, "mac")?.attributes.get("address") ?? "-",
      ];
    });
    const titles = ["Interface", "Type", "Source", "Model", "MAC"];
    session.print(formatTable(titles, rows, !session.options.quiet));
  },
  domifstat: async (session, command) => {
    const domain = await domainOf(session, command);
    const device = command.required("interface");
    const connect = await session.connect();
    const stats = await session.attempt(
      `Failed to get interface stats ${domain.name} ${device}`,
      () => connect.domainInterfaceStats(domain, device),
    );
    session.print(stats.map(({ field, value }) => `${device} ${field} ${value}\n`).join(""));
  },
  dominfo: async (session, command) => domainInfo(session, command),
  dommemstat: async (session, command) => memoryStats(session, command),
  domstate: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const { state, reason } = await connect.domainGetState(domain, 0);
    const text = stateText(state);
    session.print(command.has("reason") ? `${text} (${reasonText(state, reason)})\n` : `${text}\n`);
  },
  domstats: async (session, command) => allStats(session, command),
  domtime: async (session, command) => domainTime(session, command),
  list: async (session, command) => listDomains(session, command),
};

function domainOf(
  session: Session,
  command: { required(name: "domain"): string },
): Promise<DomainRef> {
  return findDomain(session, command.required("domain"));
}

async function definitionOf(
  session: Session,
  command: { required(name: "domain"): string },
  inactive: boolean,
): Promise<XmlElement> {
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const xml = await connect.domainGetXMLDesc(domain, inactive ? INACTIVE : 0);
  return parseXml(xml, "domain_definition", "domain");
}

/** What a disk's source is, in the words of `domblklist`. */
function sourceText(disk: XmlElement): string | undefined {
  const source = find(disk, "source")?.attributes;
  if (!source) return undefined;
  const volume = source.get("volume");
  if (volume !== undefined) return volume;
  return (
    source.get("file") ??
    source.get("dev") ??
    source.get("dir") ??
    source.get("name") ??
    source.get("path")
  );
}

/** Three digits here, where tables have two. */
function humanSize(bytes: bigint): string {
  const [value, unit] = prettyCapacity(bytes);
  return `${value.toFixed(3)} ${unit}`;
}

async function blockInfo(session: Session, command: Command<Spec<"domblkinfo">>): Promise<void> {
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const device = command.text("device");
  const all = command.has("all");
  if (!all && device === undefined) {
    throw new CommandError("command 'domblkinfo' requires <device> option");
  }
  command.exclusive("all", "device");
  const size = (bytes: bigint): string => (command.has("human") ? humanSize(bytes) : String(bytes));
  if (!all) {
    const info = await connect.domainGetBlockInfo(domain, device ?? "", 0);
    session.print(
      [
        keyValue("Capacity", size(info.capacity)),
        keyValue("Allocation", size(info.allocation)),
        keyValue("Physical", size(info.physical)),
      ].join(""),
    );
    return;
  }
  const definition = parseXml(await connect.domainGetXMLDesc(domain, 0), "domain_definition");
  const rows: string[][] = [];
  for (const disk of devicesOf(definition, "disk")) {
    const target = find(disk, "target")?.attributes.get("dev") ?? "";
    const empty = sourceText(disk) === undefined;
    const info = empty ? null : await connect.domainGetBlockInfo(domain, target, 0);
    rows.push([
      target,
      ...(info ? [info.capacity, info.allocation, info.physical].map(size) : ["-", "-", "-"]),
    ]);
  }
  const titles = ["Target", "Capacity", "Allocation", "Physical"];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

/** Counters by the names that virsh prints, and for people. */
const BLOCK_STATS: readonly (readonly [string, string, string])[] = [
  ["rd_operations", "rd_req", "number of read operations:      "],
  ["rd_bytes", "rd_bytes", "number of bytes read:           "],
  ["wr_operations", "wr_req", "number of write operations:     "],
  ["wr_bytes", "wr_bytes", "number of bytes written:        "],
  ["errs", "errs", "error count:                    "],
  ["flush_operations", "flush_operations", "number of flush operations:     "],
  ["rd_total_times", "rd_total_times", "total duration of reads (ns):   "],
  ["wr_total_times", "wr_total_times", "total duration of writes (ns):  "],
  ["flush_total_times", "flush_total_times", "total duration of flushes (ns): "],
];

async function blockStats(session: Session, command: Command<Spec<"domblkstat">>): Promise<void> {
  const domain = await domainOf(session, command);
  const device = command.text("device") ?? "";
  const connect = await session.connect();
  const stats = await session.attempt(`Failed to get block stats ${domain.name} ${device}`, () =>
    connect.domainBlockStatsFlags(domain, device, 0),
  );
  if (command.has("human")) session.print(`Device: ${device}\n`);
  for (const [field, name, human] of BLOCK_STATS) {
    const found = typedParam(stats, field);
    if (!found) continue;
    session.print(
      command.has("human") ? ` ${human}${found.value}\n` : `${device} ${name} ${found.value}\n`,
    );
  }
}

const SOURCES = ["lease", "agent", "arp"];

async function interfaceAddresses(
  session: Session,
  command: Command<Spec<"domifaddr">>,
): Promise<void> {
  const domain = await domainOf(session, command);
  const sourceName = command.text("source") ?? "lease";
  const source = SOURCES.indexOf(sourceName);
  if (source < 0) throw new CommandError(`Unknown data source '${sourceName}'`);
  const connect = await session.connect();
  const found = await session.attempt("Failed to query for interfaces addresses", () =>
    connect.domainInterfaceAddresses(domain, source, 0),
  );
  session.printExtra(
    ` ${"Name".padEnd(10)} ${"MAC address".padEnd(20)} ${"Protocol".padEnd(8)}     Address\n${"-".repeat(79)}\n`,
  );
  const wanted = command.text("interface");
  for (const { name, hwaddr, addrs } of found) {
    if (wanted !== undefined && wanted !== name) continue;
    if (addrs.length === 0) {
      session.print(
        ` ${name.padEnd(10)} ${(hwaddr ?? "N/A").padEnd(17)}    ${"N/A".padEnd(12)} N/A\n`,
      );
    }
    for (const [at, { type, addr, prefix }] of addrs.entries()) {
      const shown = at === 0 || command.has("full");
      const left = shown ? name : "-";
      const mac = shown ? (hwaddr ?? "") : "-";
      const protocol = type === 0 ? "ipv4" : "ipv6";
      session.print(
        ` ${left.padEnd(10)} ${mac.padEnd(17)}    ${protocol.padEnd(12)} ${addr}/${prefix}\n`,
      );
    }
  }
}

async function domainInfo(session: Session, command: Command<Spec<"dominfo">>): Promise<void> {
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const info = await connect.domainGetInfo(domain);
  const lines = [
    keyValue("Id", domain.id > 0 ? domain.id : "-"),
    keyValue("Name", domain.name),
    keyValue("UUID", domain.uuid),
  ];
  const osType = await connect.domainGetOSType(domain).catch(ignoreVmError);
  if (osType !== undefined) lines.push(keyValue("OS Type", osType));
  lines.push(keyValue("State", stateText(info.state)), keyValue("CPU(s)", info.vcpus));
  if (info.cpuTimeNs > 0n) {
    lines.push(keyValue("CPU time", `${(Number(info.cpuTimeNs / 100_000_000n) / 10).toFixed(1)}s`));
  }
  lines.push(
    keyValue("Max memory", info.maxMemKib === 0 ? "no limit" : `${info.maxMemKib} KiB`),
    keyValue("Used memory", `${info.memoryKib} KiB`),
    keyValue("Persistent", yesNo(await connect.domainIsPersistent(domain))),
    keyValue("Autostart", (await connect.domainGetAutostart(domain)) ? "enable" : "disable"),
    keyValue("Managed save", yesNo(await connect.domainHasManagedSaveImage(domain, 0))),
  );
  session.print(lines.join(""));
  await printSecurity(session, domain);
  const messages = await connect.domainGetMessages(domain, 0).catch(ignoreVmError);
  for (const [at, message] of (messages ?? []).entries()) {
    session.print(at === 0 ? keyValue("Messages", message) : `                ${message}\n`);
  }
}

function ignoreVmError(error: unknown): undefined {
  if (!(error instanceof VmError)) throw error;
  return undefined;
}

async function printSecurity(session: Session, domain: DomainRef): Promise<void> {
  const connect = await session.connect();
  const model = await connect.nodeGetSecurityModel().catch(ignoreVmError);
  if (!model || model.model === "") return;
  session.print(keyValue("Security model", model.model) + keyValue("Security DOI", model.doi));
  const [label] = (await connect.domainGetSecurityLabelList(domain).catch(ignoreVmError)) ?? [];
  if (!label) return;
  const mode = label.enforcing ? "enforcing" : "permissive";
  session.print(keyValue("Security label", `${label.label} (${mode})`));
}

/** `virDomainMemoryStatTags` in virsh's names. */
const MEMORY_TAGS = [
  "swap_in",
  "swap_out",
  "major_fault",
  "minor_fault",
  "unused",
  "available",
  "actual",
  "rss",
  "usable",
  "last_update",
  "disk_caches",
  "hugetlb_pgalloc",
  "hugetlb_pgfail",
];

async function memoryStats(session: Session, command: Command<Spec<"dommemstat">>): Promise<void> {
  command.exclusive("current", "live");
  command.exclusive("current", "config");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const period = command.whole("period");
  if (period !== undefined) {
    if (period < 0) throw new CommandError(`Invalid collection period value '${period}'`);
    const flags = (command.has("config") ? CONFIG : 0) | (command.has("live") ? LIVE : 0);
    return session.attempt("Unable to change balloon collection period.", () =>
      connect.domainSetMemoryStatsPeriod(domain, period, flags),
    );
  }
  const stats = await session.attempt(
    `Failed to get memory statistics for domain ${domain.name}`,
    () => connect.domainMemoryStats(domain, 0),
  );
  session.print(
    stats
      .flatMap(({ tag, value }) =>
        MEMORY_TAGS[tag] === undefined ? [] : [`${MEMORY_TAGS[tag]} ${value}\n`],
      )
      .join(""),
  );
}

async function allStats(session: Session, command: Command<Spec<"domstats">>): Promise<void> {
  const stats = flagBits(command, {
    state: DomainStatsTypes.state,
    "cpu-total": DomainStatsTypes.cpuTotal,
    balloon: DomainStatsTypes.balloon,
    vcpu: DomainStatsTypes.vcpu,
    interface: DomainStatsTypes.interface,
    block: DomainStatsTypes.block,
    perf: DomainStatsTypes.perf,
    iothread: DomainStatsTypes.iothread,
    memory: DomainStatsTypes.memory,
    dirtyrate: DomainStatsTypes.dirtyrate,
    vm: DomainStatsTypes.vm,
  });
  const filters = flagBits(command, {
    "list-active": List.active,
    "list-inactive": List.inactive,
    "list-persistent": List.persistent,
    "list-transient": List.transient,
    "list-running": List.running,
    "list-paused": List.paused,
    "list-shutoff": List.shutoff,
    "list-other": List.other,
  });
  const how = flagBits(command, {
    enforce: ConnectGetAllDomainStatsFlags.enforceStats,
    backing: ConnectGetAllDomainStatsFlags.backing,
    nowait: ConnectGetAllDomainStatsFlags.nowait,
  });
  const names = command.all("domain");
  const domains: DomainRef[] = [];
  for (const name of names) domains.push(await findDomain(session, name));
  const connect = await session.connect();
  const records = await connect.connectGetAllDomainStats(domains, stats, (filters | how) >>> 0);
  session.print(
    records
      .map(({ domain, params }) => {
        const lines = params.map(({ field, value }) => `  ${field}=${paramText(value)}\n`);
        return `Domain: '${domain.name}'\n${lines.join("")}`;
      })
      .join("\n"),
  );
}

function paramText(value: number | bigint | boolean | string): string {
  if (typeof value === "boolean") return yesNo(value);
  return String(value);
}

async function domainTime(session: Session, command: Command<Spec<"domtime">>): Promise<void> {
  command.exclusive("time", "now");
  command.exclusive("time", "sync");
  command.exclusive("now", "sync");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const given = command.wholeBig("time", "longlong");
  if (given !== undefined || command.has("now") || command.has("sync")) {
    const now = BigInt(Math.floor(Date.now() / 1000));
    const SYNC = 1;
    const seconds = given ?? (command.has("now") ? now : 0n);
    return connect.domainSetTime(domain, seconds, 0, command.has("sync") ? SYNC : 0);
  }
  const { seconds } = await connect.domainGetTime(domain, 0);
  if (!command.has("pretty")) return session.print(`Time: ${seconds}`);
  const iso = new Date(Number(seconds) * 1000).toISOString();
  session.print(`Time: ${iso.slice(0, 10)} ${iso.slice(11, 19)}`);
}

/** Groups of which one option at most may be given with the table. */
async function listDomains(session: Session, command: Command<Spec<"list">>): Promise<void> {
  command.exclusive("table", "name");
  command.exclusive("table", "uuid");
  command.exclusive("table", "id");
  let flags: number = command.has("inactive") ? List.inactive : List.active;
  if (command.has("all") || command.has("state-shutoff") || command.has("state-other")) {
    flags =
      command.has("inactive") && !command.has("all") ? List.inactive : List.active | List.inactive;
  }
  flags |= flagBits(command, {
    persistent: List.persistent,
    transient: List.transient,
    "with-snapshot": List.hasSnapshot,
    "without-snapshot": List.noSnapshot,
    "with-checkpoint": List.hasCheckpoint,
    "without-checkpoint": List.noCheckpoint,
    "state-running": List.running,
    "state-paused": List.paused,
    "state-shutoff": List.shutoff,
    "state-other": List.other,
    autostart: List.autostart,
    "no-autostart": List.noAutostart,
    "with-managed-save": List.managedsave,
    "without-managed-save": List.noManagedsave,
  });
  const connect = await session.connect();
  const domains = (
    await session.attempt("Failed to list domains", () => connect.connectListAllDomains(flags))
  ).toSorted(byIdThenName);
  const shown = [
    command.has("id") ? (domain: DomainRef) => (domain.id > 0 ? String(domain.id) : "-") : null,
    command.has("uuid") ? (domain: DomainRef) => domain.uuid : null,
    command.has("name") ? (domain: DomainRef) => domain.name : null,
  ].filter((each) => each !== null);
  if (shown.length > 0) {
    const lines = domains.map((domain) => `${shown.map((text) => text(domain)).join(" ")}\n`);
    return session.print(lines.join(""));
  }
  const rows = await Promise.all(
    domains.map((domain) =>
      domainRow(session, domain, command.has("managed-save"), command.has("title")),
    ),
  );
  const titles = ["Id", "Name", "State", ...(command.has("title") ? ["Title"] : [])];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

/** Active ones by id, then the others by name. */
function byIdThenName(a: DomainRef, b: DomainRef): number {
  if (a.id > 0 || b.id > 0) {
    if (a.id <= 0) return 1;
    return b.id <= 0 ? -1 : a.id - b.id;
  }
  return byName(a, b);
}

async function domainRow(
  session: Session,
  domain: DomainRef,
  managedSave: boolean,
  title: boolean,
): Promise<string[]> {
  const connect = await session.connect();
  const { state } = await connect.domainGetState(domain, 0);
  const saved =
    managedSave &&
    state === DomainState.shutoff &&
    (await connect.domainHasManagedSaveImage(domain, 0));
  const row = [
    domain.id > 0 ? String(domain.id) : "-",
    domain.name,
    saved ? "saved" : stateText(state),
  ];
  if (!title) return row;
  const definition = parseXml(await connect.domainGetXMLDesc(domain, 0), "domain_definition");
  return [...row, textAt(definition, "title") ?? ""];
}
