/** The commands that look at a domain's disks. */
import { ErrorCode, VmError } from "../../../protocol/vm-error.ts";
import { devicesOf } from "../../../virt/conf/domain/view.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import { find, type XmlElement } from "../../../virt/xml/element.ts";
import type { DomainBlockInfo } from "../../../virt/driver/domain-calls.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { prettyCapacity } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { MONITOR } from "../tables/monitor.ts";
import { keyValue } from "./common.ts";
import { definitionOf, domainOf, paramText } from "./domain-common.ts";

type Spec<Name extends keyof typeof MONITOR> = (typeof MONITOR)[Name];
type Names = "domblkerror" | "domblkinfo" | "domblklist" | "domblkstat";

export const DOMAIN_BLOCK_RUNS: Pick<Runs<typeof MONITOR>, Names> = {
  domblkerror: async (session, command) => {
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    const errors = await connect.domainGetDiskErrors(domain, 0);
    if (errors.length === 0) return session.print("No errors found\n");
    const words = ["none", "unspecified error", "no space"];
    session.print(
      errors.map(({ disk, error }) => `${disk}: ${words[error] ?? "unknown error"}\n`).join(""),
    );
  },
  domblkinfo: async (session, command) => {
    command.exclusive("all", "device");
    const domain = await domainOf(session, command);
    if (command.has("all")) return allBlockInfos(session, command, domain);
    const device = command.textOrNone("device");
    if (device === undefined) {
      throw new CommandError("command 'domblkinfo' requires <device> option");
    }
    const connect = await session.connect();
    const info = await connect.domainGetBlockInfo(domain, device, 0);
    const titles = ["Capacity", "Allocation", "Physical"];
    const sizes = sizesOf(info, command.has("human"));
    session.print(titles.map((title, at) => keyValue(title, sizes[at] ?? "")).join(""));
  },
  domblklist: async (session, command) => {
    const domain = await domainOf(session, command);
    const definition = await definitionOf(session, domain, command.has("inactive"));
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
};

async function allBlockInfos(
  session: Session,
  command: Command<Spec<"domblkinfo">>,
  domain: DomainRef,
): Promise<void> {
  const connect = await session.connect();
  const definition = await definitionOf(session, domain);
  const rows: string[][] = [];
  for (const disk of devicesOf(definition, "disk")) {
    const target = find(disk, "target")?.attributes.get("dev") ?? "";
    const info = find(disk, "source") ? await connect.domainGetBlockInfo(domain, target, 0) : EMPTY;
    rows.push([target, ...sizesOf(info, command.has("human"))]);
  }
  const titles = ["Target", "Capacity", "Allocation", "Physical"];
  session.print(formatTable(titles, rows, !session.options.quiet));
}

const EMPTY: DomainBlockInfo = { capacity: 0n, allocation: 0n, physical: 0n };

/** Capacity, allocation and physical size as text. */
function sizesOf({ capacity, allocation, physical }: DomainBlockInfo, human: boolean): string[] {
  const sizes = [capacity, allocation, physical];
  if (sizes.every((size) => size === 0n)) return ["-", "-", "-"];
  return sizes.map((size) => (human ? humanSize(size) : String(size)));
}

/** Three digits here, where the sizes of pools and volumes have two. */
function humanSize(bytes: bigint): string {
  const [value, unit] = prettyCapacity(bytes);
  return `${value.toFixed(3)} ${unit}`;
}

const SOURCES = ["file", "dev", "dir", "name", "volume", "path"];

/** What a disk's source is, in the words of `domblklist`. */
function sourceText(disk: XmlElement): string | undefined {
  const source = find(disk, "source");
  if (!source) return undefined;
  if (disk.attributes.get("type") === "nvme") return nvmeAddress(source);
  return [...source.attributes].find(([name]) => SOURCES.includes(name))?.[1];
}

/** @throws CommandError where the address is not whole */
function nvmeAddress(source: XmlElement): string {
  const namespace = source.attributes.get("namespace");
  const address = find(source, "address")?.attributes;
  if (namespace === undefined || !address) {
    throw new CommandError("Unable to query NVMe disk address");
  }
  const hex = (name: string, digits: number): string =>
    Number(address.get(name) ?? 0)
      .toString(16)
      .padStart(digits, "0");
  const slot = `${hex("domain", 4)}:${hex("bus", 2)}:${hex("slot", 2)}`;
  return `nvme://${slot}.${Number(address.get("function") ?? 0)}/${namespace}`;
}

/** Counters by the names that virsh prints, and for people. */
const BLOCK_STATS: readonly (readonly [string, string, string])[] = [
  ["rd_operations", "rd_req", "number of read operations:"],
  ["rd_bytes", "rd_bytes", "number of bytes read:"],
  ["wr_operations", "wr_req", "number of write operations:"],
  ["wr_bytes", "wr_bytes", "number of bytes written:"],
  ["errs", "errs", "error count:"],
  ["flush_operations", "flush_operations", "number of flush operations:"],
  ["rd_total_times", "rd_total_times", "total duration of reads (ns):"],
  ["wr_total_times", "wr_total_times", "total duration of writes (ns):"],
  ["flush_total_times", "flush_total_times", "total duration of flushes (ns):"],
];

async function blockStats(session: Session, command: Command<Spec<"domblkstat">>): Promise<void> {
  const domain = await domainOf(session, command);
  const device = command.text("device") ?? "";
  const connect = await session.connect();
  const stats = await connect.domainBlockStatsFlags(domain, device, 0).catch((error: unknown) => {
    if (!(error instanceof VmError) || error.code !== ErrorCode.noSupport) throw error;
    return session.attempt(
      `Failed to get block stats ${command.required("domain")} ${device}`,
      () => connect.domainBlockStats(domain, device),
    );
  });
  const human = command.has("human");
  if (human) session.print(`Device: ${device}\n`);
  const start = human ? "" : device;
  const known = BLOCK_STATS.flatMap(([field, name, words]) => {
    const param = stats.find((each) => each.field === field);
    return param ? [{ name: human ? words.padEnd(31) : name, param }] : [];
  });
  const others = stats
    .filter(({ field }) => !BLOCK_STATS.some(([each]) => each === field))
    .map((param) => ({ name: param.field, param }));
  for (const { name, param } of [...known, ...others]) {
    session.print(`${start} ${name} ${paramText(param)}\n`);
  }
}
