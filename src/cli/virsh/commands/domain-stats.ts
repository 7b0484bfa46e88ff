/** The commands that tell a domain's counters. */
import {
  DomainModificationImpact as Impact,
  ConnectGetAllDomainStatsFlags,
  ConnectListAllDomainsFlags as List,
  DomainStatsTypes,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { flagBits } from "./common.ts";
import { domainOf, impactFlags, paramText } from "./domain-common.ts";
import { findDomain } from "./lookup.ts";

type Spec<Name extends keyof typeof MONITOR> = (typeof MONITOR)[Name];

export const DOMAIN_STATS_RUNS: Pick<Runs<typeof MONITOR>, "dommemstat" | "domstats"> = {
  dommemstat: async (session, command) => memoryStats(session, command),
  domstats: async (session, command) => allStats(session, command),
};

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
  let flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const chosen = command.has("current") || command.has("live") || command.has("config");
  if (!chosen && (await connect.domainIsActive(domain))) flags |= Impact.live;
  const period = command.whole("period");
  if (period !== undefined) {
    if (period < 0) throw new CommandError(`Invalid collection period value '${period}'`);
    return session.attempt("Unable to change balloon collection period.", () =>
      connect.domainSetMemoryStatsPeriod(domain, period, flags),
    );
  }
  const stats = await session.attempt(
    `Failed to get memory statistics for domain ${command.required("domain")}`,
    () => connect.domainMemoryStats(domain, 0),
  );
  for (const { tag, value } of stats) {
    const name = MEMORY_TAGS[tag];
    if (name !== undefined) session.print(`${name} ${value}\n`);
  }
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
        const lines = params.map((param) => `  ${param.field}=${paramText(param)}\n`);
        return `Domain: '${domain.name}'\n${lines.join("")}`;
      })
      .join("\n"),
  );
}
