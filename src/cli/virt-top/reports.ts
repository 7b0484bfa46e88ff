/** Figures as lines of text (`--stream`) and of a table for spreadsheets (`--csv`). */
import type { NodeInfo } from "../../virt/driver/host-calls.ts";
import { timeOfDay } from "./figures.ts";
import { domainHeader, domainRow } from "./tables.ts";
import type { Settings } from "./settings.ts";
import type { DomainUsage, Usage } from "./usage.ts";

/** What does not change. */
export interface Setup {
  readonly node: NodeInfo;
  readonly hostname: string;
}

/** All physical CPUs that there can be. */
export function cpusOf({ nodes, sockets, cores, threads }: NodeInfo): number {
  return nodes * sockets * cores * threads;
}

export function nodeText(node: NodeInfo): string {
  const { model, cpus, mhz, memoryKib } = node;
  return `${model} ${cpus}/${cpusOf(node)}CPU ${mhz}MHz ${Math.floor(memoryKib / 1024)}MB`;
}

function byId({ domains }: Usage): DomainUsage[] {
  return domains
    .filter(({ isActive }) => isActive)
    .toSorted((one, other) => one.domain.id - other.domain.id);
}

export function streamText(usage: Usage, { node, hostname }: Setup, inBytes: boolean): string {
  const time = timeOfDay(usage.timeMs);
  const lines = [
    `virt-top time  ${time} Host ${hostname} ${nodeText(node)} `,
    domainHeader(inBytes),
    ...byId(usage).map((each) => domainRow(each, inBytes)),
  ];
  return lines.map((line) => `${line}\n`).join("");
}

type Cell = string | number | bigint | undefined;

function csvLine(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(",")}\n`;
}

function csvCell(cell: Cell): string {
  const text = cell === undefined ? "" : String(cell);
  return /[",\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const SUMMARY_COLUMNS = [
  "Hostname",
  "Time",
  "Arch",
  "Physical CPUs",
  "Count",
  "Running",
  "Blocked",
  "Paused",
  "Shutdown",
  "Shutoff",
  "Crashed",
  "Active",
  "Inactive",
  "%CPU",
  "Total hardware memory (KB)",
  "Total memory (KB)",
  "Total guest memory (KB)",
  "Total CPU time (ns)",
];

/** The columns of one domain: they stand once, however many domains follow. */
export function csvHeader({ csv, blocksInBytes }: Settings): string {
  const blocks = blocksInBytes ? ["Block RDBY", "Block WRBY"] : ["Block RDRQ", "Block WRRQ"];
  return csvLine([
    ...SUMMARY_COLUMNS,
    "Domain ID",
    "Domain name",
    ...(csv.cpu ? ["CPU (ns)", "%CPU"] : []),
    ...(csv.mem ? ["Mem (bytes)", "%Mem"] : []),
    ...(csv.block ? blocks : []),
    ...(csv.net ? ["Net RXBY", "Net TXBY"] : []),
  ]);
}

export function csvText(usage: Usage, { node, hostname }: Setup, settings: Settings): string {
  const { totals } = usage;
  return csvLine([
    ...[hostname, timeOfDay(usage.timeMs), node.model, cpusOf(node)],
    ...[totals.count, totals.running, totals.blocked, totals.paused, totals.shutdown],
    ...[totals.shutoff, totals.crashed, totals.active, totals.inactive],
    totals.cpuPercent.toFixed(1),
    ...[node.memoryKib, totals.memoryKib, totals.memoryKib, totals.cpuNs],
    ...byId(usage).flatMap((each) => domainCells(each, settings)),
  ]);
}

function domainCells(usage: DomainUsage, { csv, blocksInBytes }: Settings): Cell[] {
  const { domain, block, net } = usage;
  const blocks = blocksInBytes
    ? [block?.readBytes, block?.writeBytes]
    : [block?.readRequests, block?.writeRequests];
  return [
    domain.id,
    domain.name,
    ...(csv.cpu ? [usage.cpuNs, Number(usage.cpuPercent.toPrecision(12))] : []),
    ...(csv.mem ? [domain.memoryKib * 1024n, usage.memoryPercent] : []),
    ...(csv.block ? blocks : []),
    ...(csv.net ? [net?.receivedBytes, net?.sentBytes] : []),
  ];
}
