/** The commands about the host's memory. */
import { vmError } from "../../../protocol/vm-error.ts";
import { childElements, find } from "../../../virt/xml/element.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { HOST } from "../tables/host.ts";
import { paramText } from "./domain-common.ts";

type Spec<Name extends keyof typeof HOST> = (typeof HOST)[Name];
type Names = "allocpages" | "freecell" | "freepages" | "node-memory-tune" | "nodememstats";

export const HOST_MEMORY_RUNS: Pick<Runs<typeof HOST>, Names> = {
  allocpages: async (_session, command) => allocatePages(command),
  freecell: async (session, command) => freeCell(session, command),
  freepages: async (session, command) => freePages(session, command),
  "node-memory-tune": async (session, command) => tuneMemory(session, command),
  nodememstats: async (session, command) => {
    const cell = command.whole("cell") ?? -1;
    const connect = await session.connect();
    const stats = await session.attempt("Unable to get number of memory stats", () =>
      connect.nodeGetMemoryStats(cell, 0),
    );
    session.print(
      stats
        .map(({ field, value }) => `${field.padEnd(7)}: ${String(value).padStart(20)} KiB\n`)
        .join(""),
    );
  },
};

/** The largest page size that the calls can tell, in bytes. */
const MAX_PAGE = 0xffff_ffffn * 1024n;

/** Checks the options; that is all, for pools of huge pages are what no driver of ours has. */
function allocatePages(command: Command<Spec<"allocpages">>): never {
  command.exclusive("all", "cellno");
  command.whole("cellno");
  command.scaled("pagesize", 1024n, MAX_PAGE);
  command.wholeBig("pagecount", "ulonglong");
  throw vmError("noSupport", "virNodeAllocPages");
}

async function freeCell(session: Session, command: Command<Spec<"freecell">>): Promise<void> {
  command.exclusive("all", "cellno");
  const cell = command.whole("cellno");
  const connect = await session.connect();
  if (cell !== undefined) {
    const [free = 0n] = await connect.nodeGetCellsFreeMemory(cell, 1);
    return session.print(`${cell}: ${free / 1024n} KiB\n`);
  }
  if (!command.has("all")) {
    return session.print(`Total: ${(await connect.nodeGetFreeMemory()) / 1024n} KiB\n`);
  }
  const line = (name: string, bytes: bigint): string =>
    `${name.padStart(5)}: ${String(bytes / 1024n).padStart(10)} KiB\n`;
  let total = 0n;
  const lines: string[] = [];
  for (const { id } of cellsOf(await connect.connectGetCapabilities())) {
    const [free = 0n] = await session.attempt(
      `failed to get free memory for NUMA node number: ${id}`,
      () => connect.nodeGetCellsFreeMemory(id, 1),
    );
    total += free;
    lines.push(line(String(id), free));
  }
  session.print(lines.join(""));
  session.printExtra(`--------------------\n${line("Total", total)}`);
}

/** The host's NUMA cells with their page sizes in KiB. */
function cellsOf(
  capabilities: string,
): { readonly id: number; readonly pages: readonly number[] }[] {
  const root = parseXml(capabilities, "capabilities");
  const cells = find(root, "host", "topology", "cells");
  return (cells ? childElements(cells, "cell") : []).map((cell) => ({
    id: Number(cell.attributes.get("id")),
    pages: childElements(cell, "pages").map((page) => Number(page.attributes.get("size"))),
  }));
}

async function freePages(session: Session, command: Command<Spec<"freepages">>): Promise<void> {
  command.exclusive("all", "cellno");
  const size = command.scaled("pagesize", 1024n, 0xffff_ffffn);
  const pageKib = size === undefined ? undefined : Number((size + 1023n) / 1024n);
  const connect = await session.connect();
  if (command.has("all")) {
    const capabilities = await connect.connectGetCapabilities();
    const pages = pageKib === undefined ? pageSizes(capabilities) : [pageKib];
    for (const { id } of cellsOf(capabilities)) {
      const counts = await connect.nodeGetFreePages(pages, id, 1, 0);
      const lines = pages.map((page, at) => `${page}KiB: ${counts[at] ?? 0n}\n`);
      session.print(`Node ${id}:\n${lines.join("")}\n`);
    }
    return;
  }
  if (!command.given("cellno")) throw new CommandError("missing cellno argument");
  const cell = command.whole("cellno") ?? -1;
  if (cell < -1) throw new CommandError("cell number must be non-negative integer or -1");
  if (pageKib === undefined) throw new CommandError("missing pagesize argument");
  const [count = 0n] = await connect.nodeGetFreePages([pageKib], cell, 1, 0);
  session.print(`${pageKib}KiB: ${count}\n`);
}

/** The page sizes that the processor has, else those of the cells, in KiB. @throws CommandError */
function pageSizes(capabilities: string): number[] {
  const cpu = find(parseXml(capabilities, "capabilities"), "host", "cpu");
  const ofCpu = (cpu ? childElements(cpu, "pages") : []).map(({ attributes }) =>
    Number(attributes.get("size")),
  );
  const sizes = ofCpu.length > 0 ? ofCpu : cellsOf(capabilities).flatMap(({ pages }) => pages);
  if (sizes.length === 0) {
    throw new CommandError("could not get information about supported page sizes");
  }
  return [...new Set(sizes)].toSorted((a, b) => a - b);
}

const TUNABLES = {
  "shm-pages-to-scan": "shm_pages_to_scan",
  "shm-sleep-millisecs": "shm_sleep_millisecs",
  "shm-merge-across-nodes": "shm_merge_across_nodes",
} as const;

async function tuneMemory(
  session: Session,
  command: Command<Spec<"node-memory-tune">>,
): Promise<void> {
  const params: TypedParam[] = [];
  for (const [option, field] of Object.entries(TUNABLES)) {
    const value = command.whole(option as keyof typeof TUNABLES, "uint");
    if (value !== undefined) params.push({ field, type: "uint", value });
  }
  const connect = await session.connect();
  if (params.length > 0) {
    return session.attempt("Unable to change memory parameters", () =>
      connect.nodeSetMemoryParameters(params, 0),
    );
  }
  const found = await session.attempt("Unable to get number of memory parameters", () =>
    connect.nodeGetMemoryParameters(0),
  );
  session.print("Shared memory:\n");
  session.print(found.map((each) => `\t${each.field.padEnd(15)} ${paramText(each)}\n`).join(""));
}
