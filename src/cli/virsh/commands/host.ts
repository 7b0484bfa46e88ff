/** The commands about the host and its hypervisor. */
import { ErrorDomain, vmError } from "../../../protocol/vm-error.ts";
import { childElements, find, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { HOST } from "../tables/host.ts";
import { flagBits, readText } from "./common.ts";

type Spec<Name extends keyof typeof HOST> = (typeof HOST)[Name];

/** `virConnectCompareCPUFlags`, `virConnectBaselineCPUFlags`. */
const FAIL_INCOMPATIBLE = 1;
const VALIDATE = 2;
const EXPAND_FEATURES = 1;
const MIGRATABLE = 2;

export const HOST_RUNS: Runs<typeof HOST> = {
  allocpages: async () => {
    throw vmError("noSupport", "virNodeAllocPages");
  },
  capabilities: async (session) => {
    const connect = await session.connect();
    const xml = await session.attempt("failed to get capabilities", () =>
      connect.connectGetCapabilities(),
    );
    session.print(xml);
  },
  "cpu-baseline": async (session, command) => {
    const flags = flagBits(command, { features: EXPAND_FEATURES, migratable: MIGRATABLE });
    const file = command.required("file");
    const cpus = cpusIn(await readText(session, file), file);
    const connect = await session.connect();
    session.print(await connect.connectBaselineCPU(cpus, flags));
  },
  "cpu-compare": async (session, command) => {
    const file = command.required("file");
    const [cpu] = cpusIn(await readText(session, file), file);
    const connect = await session.connect();
    const result = await session.attempt(`Failed to compare host CPU with ${file}`, () =>
      connect.connectCompareCPU(cpu ?? "", compareFlags(command)),
    );
    tellComparison(session, result, file, "CPU described in", "host CPU");
  },
  "cpu-models": async (session, command) => {
    const connect = await session.connect();
    const models = await session.attempt("failed to get CPU model names", () =>
      connect.connectGetCPUModelNames(command.required("arch"), 0),
    );
    if (models.length === 0) return session.printExtra("all CPU models are accepted");
    session.print(models.map((model) => `${model}\n`).join(""));
  },
  domcapabilities: async (session, command) => {
    const connect = await session.connect();
    session.print(
      await session.attempt("failed to get emulator capabilities", () =>
        connect.connectGetDomainCapabilities(
          command.text("emulatorbin") ?? null,
          command.text("arch") ?? null,
          command.text("machine") ?? null,
          command.text("virttype") ?? null,
          0,
        ),
      ),
    );
  },
  freecell: async (session, command) => freeCell(session, command),
  freepages: async (session, command) => freePages(session, command),
  hostname: async (session) => {
    const connect = await session.connect();
    session.print(
      `${await session.attempt("failed to get hostname", () => connect.connectGetHostname())}\n`,
    );
  },
  "hypervisor-cpu-baseline": async (session, command) => {
    const flags = flagBits(command, { features: EXPAND_FEATURES, migratable: MIGRATABLE });
    const file = command.text("file");
    const cpus = file === undefined ? [] : cpusIn(await readText(session, file), file);
    const connect = await session.connect();
    session.print(
      await connect.connectBaselineHypervisorCPU(
        command.text("emulator") ?? null,
        command.text("arch") ?? null,
        command.text("machine") ?? null,
        command.text("virttype") ?? null,
        cpus,
        flags,
      ),
    );
  },
  "hypervisor-cpu-compare": async (session, command) => {
    const file = command.required("file");
    const [cpu] = cpusIn(await readText(session, file), file);
    const connect = await session.connect();
    const result = await session.attempt(`Failed to compare hypervisor CPU with ${file}`, () =>
      connect.connectCompareHypervisorCPU(
        command.text("emulator") ?? null,
        command.text("arch") ?? null,
        command.text("machine") ?? null,
        command.text("virttype") ?? null,
        cpu ?? "",
        compareFlags(command),
      ),
    );
    tellComparison(
      session,
      result,
      file,
      "CPU described in",
      "the CPU provided by hypervisor on the host",
    );
  },
  maxvcpus: async (session, command) => {
    const connect = await session.connect();
    session.print(`${await connect.connectGetMaxVcpus(command.text("type") ?? null)}\n`);
  },
  "node-memory-tune": async (session, command) => tuneMemory(session, command),
  nodecpumap: async (session, command) => {
    const connect = await session.connect();
    const { online } = await session.attempt("Unable to get cpu map", () =>
      connect.nodeGetCPUMap(0),
    );
    const map = command.has("pretty")
      ? prettySet(online)
      : online.map((each) => (each ? "y" : "-")).join("");
    session.print(
      [
        `${"CPUs present:".padEnd(15)} ${online.length}\n`,
        `${"CPUs online:".padEnd(15)} ${online.filter(Boolean).length}\n`,
        `${"CPU map:".padEnd(15)} ${map}\n`,
      ].join(""),
    );
  },
  nodecpustats: async (session, command) => cpuStats(session, command),
  nodeinfo: async (session) => {
    const connect = await session.connect();
    const info = await session.attempt("failed to get node information", () =>
      connect.nodeGetInfo(),
    );
    const line = (name: string, value: string | number): string => `${name.padEnd(20)} ${value}\n`;
    session.print(
      [
        line("CPU model:", info.model),
        line("CPU(s):", info.cpus),
        ...(info.mhz === 0 ? [] : [line("CPU frequency:", `${info.mhz} MHz`)]),
        line("CPU socket(s):", info.sockets),
        line("Core(s) per socket:", info.cores),
        line("Thread(s) per core:", info.threads),
        line("NUMA cell(s):", info.nodes),
        line("Memory size:", `${info.memoryKib} KiB`),
      ].join(""),
    );
  },
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
  nodesevinfo: async (session) => {
    session.error("Unable to get host SEV information");
    throw vmError("noSupport", "virNodeGetSEVInfo", { domain: ErrorDomain.none });
  },
  nodesuspend: async (session, command) => {
    const targets = ["mem", "disk", "hybrid"];
    const name = command.required("target");
    const target = targets.indexOf(name);
    if (target < 0) throw new CommandError("Invalid target");
    const duration = command.wholeBig("duration", "longlong") ?? 0n;
    if (duration < 0n) throw new CommandError("Invalid duration");
    const connect = await session.connect();
    await session.attempt("The host was not suspended", () =>
      connect.nodeSuspendForDuration(target, duration, 0),
    );
  },
  sysinfo: async (session) => {
    const connect = await session.connect();
    session.print(
      await session.attempt("failed to get sysinfo", () => connect.connectGetSysinfo(0)),
    );
  },
  uri: async (session) => {
    const connect = await session.connect();
    session.print(`${connect.uri}\n`);
  },
  version: async (session, command) => {
    const connect = await session.connect();
    const type = await session.attempt("failed to get hypervisor type", () =>
      connect.connectGetType(),
    );
    session.print(
      `Compiled against library: libvirt ${LIBRARY}\nUsing library: libvirt ${LIBRARY}\nUsing API: ${type} ${LIBRARY}\n`,
    );
    const version = await session.attempt("failed to get the hypervisor version", () =>
      connect.connectGetVersion(),
    );
    session.print(
      version === 0
        ? "Cannot extract running TEST hypervisor version\n"
        : `Running hypervisor: ${type} ${versionText(version)}\n`,
    );
    if (command.has("daemon")) session.print(`Running against daemon: ${LIBRARY}\n`);
  },
};

/** The version of libvirt whose interface this is. */
const LIBRARY = "9.0.0";

function versionText(version: number): string {
  return `${Math.floor(version / 1_000_000)}.${Math.floor(version / 1000) % 1000}.${version % 1000}`;
}

/** The `cpu` elements of a file: one, or those of domains, capabilities or a list of them. */
function cpusIn(text: string, file: string): string[] {
  // Several documents in a file are one list.
  const root = parseXml(
    `<container>${text.replace(/<\?xml[^>]*\?>/g, "")}</container>`,
    "cpu_definition",
  );
  const found = childElements(root).flatMap((each) => cpusBelow(each));
  if (found.length === 0) {
    throw new CommandError(
      `File '${file}' does not contain any <cpu> element or valid domain XML, host capabilities XML, or domain capabilities XML`,
    );
  }
  return found.map((cpu) => formatXml(cpu));
}

function cpusBelow(node: XmlElement): XmlElement[] {
  if (node.name === "cpu") return [node];
  const host = find(node, "host", "cpu");
  if (host) return [host];
  return childElements(node).flatMap((child) => (child.name === "mode" ? [] : cpusBelow(child)));
}

function compareFlags(command: { has(name: "error" | "validate"): boolean }): number {
  return (command.has("error") ? FAIL_INCOMPATIBLE : 0) | (command.has("validate") ? VALIDATE : 0);
}

/** `virCPUCompareResult`. */
function tellComparison(
  session: Session,
  result: number,
  file: string,
  what: string,
  host: string,
): void {
  if (result === 1) return session.print(`${what} ${file} is identical to ${host}\n`);
  if (result === 2) return session.print(`Host CPU is a superset of ${what} ${file}\n`);
  session.print(`${what} ${file} is incompatible with ${host}\n`);
  throw new AlreadyReported("incompatible");
}

/** `0-3,5`. */
function prettySet(online: readonly boolean[]): string {
  const numbers = [...online.keys()].filter((cpu) => online[cpu] === true);
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(",");
}

async function freeCell(session: Session, command: Command<Spec<"freecell">>): Promise<void> {
  command.exclusive("all", "cellno");
  const cell = command.whole("cellno", "int");
  const connect = await session.connect();
  const text = (kib: bigint): string => `${kib} KiB`;
  if (cell !== undefined) {
    const [free = 0n] = await connect.nodeGetCellsFreeMemory(cell, 1);
    return session.print(`${cell}: ${text(free / 1024n)}\n`);
  }
  if (!command.has("all")) {
    return session.print(`Total: ${text((await connect.nodeGetFreeMemory()) / 1024n)}\n`);
  }
  let total = 0n;
  for (const { id } of cellsOf(await connect.connectGetCapabilities())) {
    const [free = 0n] = await session.attempt(
      `failed to get free memory for NUMA node number: ${id}`,
      () => connect.nodeGetCellsFreeMemory(id, 1),
    );
    total += free / 1024n;
    session.print(`${String(id).padStart(5)}: ${String(free / 1024n).padStart(10)} KiB\n`);
  }
  session.print(`--------------------\nTotal: ${String(total).padStart(10)} KiB\n`);
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
  const connect = await session.connect();
  const size = command.scaled("pagesize", 1024n, 2n ** 42n);
  if (command.has("all")) {
    const capabilities = await connect.connectGetCapabilities();
    const cells = cellsOf(capabilities);
    const root = parseXml(capabilities, "capabilities");
    const cpu = find(root, "host", "cpu");
    const known = (cpu ? childElements(cpu, "pages") : []).map((page) =>
      Number(page.attributes.get("size")),
    );
    const pages = size === undefined ? known : [Number(size / 1024n)];
    for (const { id } of cells) {
      const counts = await connect.nodeGetFreePages(pages, id, 1, 0);
      session.print(
        `Node ${id}:\n${pages.map((page, at) => `${page}KiB: ${counts[at] ?? 0n}\n`).join("")}\n`,
      );
    }
    return;
  }
  const cell = command.whole("cellno");
  if (cell === undefined) throw new CommandError("missing cellno argument");
  if (size === undefined) throw new CommandError("missing pagesize argument");
  const [count = 0n] = await connect.nodeGetFreePages([Number(size / 1024n)], cell, 1, 0);
  session.print(`${size / 1024n}KiB: ${count}\n`);
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
  session.print(found.map(({ field, value }) => `\t${field.padEnd(15)} ${value}\n`).join(""));
}

/** Names of the counters in virsh; `kernel` is what others call system. */
const CPU_STATS = ["user", "system", "idle", "iowait", "intr", "utilization"];

async function cpuStats(session: Session, command: Command<Spec<"nodecpustats">>): Promise<void> {
  const cpu = command.whole("cpu") ?? -1;
  const connect = await session.connect();
  const read = async (): Promise<Map<string, bigint>> => {
    const stats = await session.attempt("Unable to get number of cpu stats", () =>
      connect.nodeGetCPUStats(cpu, 0),
    );
    return new Map(stats.map(({ field, value }) => [field === "kernel" ? "system" : field, value]));
  };
  const before = await read();
  if (!command.has("percent")) {
    session.print(
      CPU_STATS.flatMap((name) => {
        const value = before.get(name);
        return value === undefined
          ? []
          : [`${`${name}:`.padEnd(15)} ${String(value).padStart(20)}\n`];
      }).join(""),
    );
    return;
  }
  await session.host.sleep(1000);
  const after = await read();
  const change = (name: string): number =>
    Number((after.get(name) ?? 0n) - (before.get(name) ?? 0n));
  const total = ["user", "system", "idle", "iowait"].reduce((sum, name) => sum + change(name), 0);
  const share = (part: number): string =>
    `${total === 0 ? "nan" : ((part / total) * 100).toFixed(1)}%`;
  const usage = change("user") + change("system");
  session.print(
    [
      ["usage:", share(usage)],
      ["user:", share(change("user"))],
      ["system:", share(change("system"))],
      ["idle:", share(change("idle"))],
      ["iowait:", share(change("iowait"))],
    ]
      .map(([name = "", value = ""]) => `${name.padEnd(15)} ${value.padStart(6)}\n`)
      .join(""),
  );
}
