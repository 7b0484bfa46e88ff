/** The commands that move domains to another host. */
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import { DomainMigrateFlags } from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { prettyCapacity } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { MIGRATE } from "../tables/domain-migrate.ts";
import { flagBits, readText } from "./common.ts";
import { domainOf } from "./domain-common.ts";
import { watchJob } from "./job-progress.ts";

type MigrateCommand = Command<(typeof MIGRATE)["migrate"]>;

/** VIR_DOMAIN_MIGRATE_MAX_SPEED_POSTCOPY. */
const SPEED_POSTCOPY = 1;

/** `virDomainMigrateFlags` by option. */
const FLAGS = {
  live: 1,
  p2p: DomainMigrateFlags.peer2peer,
  tunnelled: 4,
  persistent: 8,
  undefinesource: 16,
  suspend: 32,
  "copy-storage-all": 64,
  "copy-storage-inc": 128,
  "change-protection": 256,
  unsafe: 512,
  offline: DomainMigrateFlags.offline,
  compressed: 2048,
  "abort-on-error": 4096,
  "auto-converge": 8192,
  "rdma-pin-all": 1 << 14,
  postcopy: 1 << 15,
  tls: 1 << 16,
  parallel: 1 << 17,
  "copy-storage-synchronous-writes": 1 << 18,
  "postcopy-resume": 1 << 19,
  zerocopy: 1 << 20,
} as const;

export const MIGRATE_RUNS: Runs<typeof MIGRATE> = {
  migrate: (session, command) => migrate(session, command),
  "migrate-compcache": async (session, command) => {
    const domain = await domainOf(session, command);
    const size = command.wholeBig("size", "ulonglong");
    const connect = await session.connect();
    if (size !== undefined) await connect.domainMigrateSetCompressionCache(domain, size, 0);
    const [value, unit] = prettyCapacity(await connect.domainMigrateGetCompressionCache(domain, 0));
    session.print(`Compression cache: ${value.toFixed(3)} ${unit}`);
  },
  "migrate-getmaxdowntime": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    session.print(`${await connect.domainMigrateGetMaxDowntime(domain, 0)}\n`);
  },
  "migrate-getspeed": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const flags = command.has("postcopy") ? SPEED_POSTCOPY : 0;
    session.print(`${await connect.domainMigrateGetMaxSpeed(domain, flags)}\n`);
  },
  "migrate-postcopy": async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainMigrateStartPostCopy(domain, 0);
  },
  "migrate-setmaxdowntime": async (session, command) => {
    const domain = await domainOf(session, command);
    const downtimeMs = command.wholeBig("downtime", "ulonglong") ?? 0n;
    if (downtimeMs < 1n) throw new CommandError("migrate: Invalid downtime");
    const connect = await session.connect();
    await connect.domainMigrateSetMaxDowntime(domain, downtimeMs, 0);
  },
  "migrate-setspeed": async (session, command) => {
    const domain = await domainOf(session, command);
    // Negative numbers wrap, as they always did.
    const negative = /^\s*-\d+$/.test(command.text("bandwidth") ?? "");
    const kind = negative ? "longlong" : "ulonglong";
    const bandwidth = BigInt.asUintN(64, command.wholeBig("bandwidth", kind) ?? 0n);
    const connect = await session.connect();
    const flags = command.has("postcopy") ? SPEED_POSTCOPY : 0;
    await connect.domainMigrateSetMaxSpeed(domain, bandwidth, flags);
  },
};

async function migrate(session: Session, command: MigrateCommand): Promise<void> {
  checkOptions(command);
  const domain = await domainOf(session, command);
  const timeout = timeoutOf(session, command, domain);
  const destination = command.required("desturi");
  const alone = command.has("p2p") || command.has("direct");
  if (!alone) {
    // The destination has to be there before anything is asked of the source.
    const other = await session.host.connect(destination, {});
    await other.close();
  }
  const params = await migrateParams(session, command);
  if (
    command.has("copy-storage-synchronous-writes") &&
    !command.has("copy-storage-all") &&
    !command.has("copy-storage-inc")
  ) {
    throw new CommandError(
      "'--copy-storage-synchronous-writes' requires one of '--copy-storage-all', 'copy-storage-inc'",
    );
  }
  const flags = flagBits(command, FLAGS);
  const connect = await session.connect();
  const work = alone
    ? connect.domainMigrateToURI3(domain, destination, params, flags)
    : connect.domainMigrate3(domain, destination, params, flags).then(() => {});
  const shown = { label: "Migration", verbose: command.has("verbose") };
  await watchJob(session, domain, shown, work, timeout);
}

function checkOptions(command: MigrateCommand): void {
  command.exclusive("live", "offline");
  command.exclusive("timeout-suspend", "timeout-postcopy");
  command.needs("postcopy-after-precopy", "postcopy");
  command.needs("postcopy-resume", "postcopy");
  command.needs("timeout-postcopy", "postcopy");
  command.needs("persistent-xml", "persistent");
  command.needs("tls-destination", "tls");
}

function timeoutOf(
  session: Session,
  command: MigrateCommand,
  domain: DomainRef,
): { readonly ms: number; act(): Promise<void> } | undefined {
  const seconds = command.whole("timeout", "uint") ?? 0;
  if (seconds > 0 && !command.has("live")) {
    throw new CommandError("migrate: Unexpected timeout for offline migration");
  }
  const postcopy = command.has("timeout-postcopy");
  if (seconds === 0) {
    if (!postcopy && !command.has("timeout-suspend")) return undefined;
    throw new CommandError("migrate: Unexpected --timeout-* option without --timeout");
  }
  return {
    ms: seconds * 1000,
    act: async () => {
      const connect = await session.connect();
      if (postcopy) await connect.domainMigrateStartPostCopy(domain, 0);
      else await connect.domainSuspend(domain);
    },
  };
}

const TEXT_PARAMS = {
  migrateuri: "migrate_uri",
  graphicsuri: "graphics_uri",
  "listen-address": "listen_address",
  "disks-uri": "disks_uri",
  dname: "destination_name",
  "tls-destination": "tls.destination",
} as const;

const LIST_PARAMS = { "migrate-disks": "migrate_disks", "comp-methods": "compression" } as const;

const FILE_PARAMS = { xml: "destination_xml", "persistent-xml": "persistent_xml" } as const;

const INT_PARAMS = {
  "disks-port": "disks_port",
  "comp-mt-level": "compression.mt.level",
  "comp-mt-threads": "compression.mt.threads",
  "comp-mt-dthreads": "compression.mt.dthreads",
  "auto-converge-initial": "auto_converge.initial",
  "auto-converge-increment": "auto_converge.increment",
  "parallel-connections": "parallel.connections",
} as const;

const LONG_PARAMS = {
  "comp-xbzrle-cache": "compression.xbzrle.cache",
  "postcopy-bandwidth": "bandwidth.postcopy",
  bandwidth: "bandwidth",
} as const;

/** The pairs of a table with its keys' own types. */
function pairs<K extends string>(table: Readonly<Record<K, string>>): [K, string][] {
  return Object.entries(table) as [K, string][];
}

async function migrateParams(session: Session, command: MigrateCommand): Promise<TypedParam[]> {
  const params: TypedParam[] = [];
  const add = (field: string, value: string | undefined): void => {
    if (value !== undefined) params.push({ field, type: "string", value });
  };
  for (const [option, field] of pairs(TEXT_PARAMS)) add(field, command.text(option));
  for (const [option, field] of pairs(LIST_PARAMS)) {
    for (const part of command.text(option)?.split(",") ?? []) add(field, part);
  }
  for (const [option, field] of pairs(INT_PARAMS)) {
    const value = command.whole(option, "int");
    if (value !== undefined) params.push({ field, type: "int", value });
  }
  for (const [option, field] of pairs(LONG_PARAMS)) {
    const value = command.wholeBig(option, "ulonglong");
    if (value !== undefined) params.push({ field, type: "ullong", value });
  }
  for (const [option, field] of pairs(FILE_PARAMS)) {
    const file = command.text(option);
    if (file === undefined) continue;
    add(field, await session.attempt(`cannot read file '${file}'`, () => readText(session, file)));
  }
  return params;
}
