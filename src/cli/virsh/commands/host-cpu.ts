/** The commands about the host's processors. */
import { childElements, type XmlElement } from "../../../virt/xml/element.ts";
import { formatXml } from "../../../virt/xml/format.ts";
import { parseXml } from "../../../virt/xml/parse.ts";
import type { Command } from "../shell/command.ts";
import { AlreadyReported, CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { HOST } from "../tables/host.ts";
import { flagBits, readText } from "./common.ts";

type Spec<Name extends keyof typeof HOST> = (typeof HOST)[Name];
type Names =
  | "cpu-baseline"
  | "cpu-compare"
  | "cpu-models"
  | "hypervisor-cpu-baseline"
  | "hypervisor-cpu-compare"
  | "nodecpumap"
  | "nodecpustats";

/** `virConnectCompareCPUFlags`, `virConnectBaselineCPUFlags`. */
const FAIL_INCOMPATIBLE = 1;
const VALIDATE = 2;
const EXPAND_FEATURES = 1;
const MIGRATABLE = 2;

export const HOST_CPU_RUNS: Pick<Runs<typeof HOST>, Names> = {
  "cpu-baseline": async (session, command) => {
    const flags = flagBits(command, { features: EXPAND_FEATURES, migratable: MIGRATABLE });
    const cpus = await cpusIn(session, command.text("file") ?? "");
    const connect = await session.connect();
    session.print(await connect.connectBaselineCPU(cpus, flags));
  },
  "cpu-compare": async (session, command) => {
    const file = command.text("file") ?? "";
    const [cpu = ""] = await cpusIn(session, file);
    const connect = await session.connect();
    const result = await session.attempt(`Failed to compare host CPU with ${file}`, () =>
      connect.connectCompareCPU(cpu, compareFlags(command)),
    );
    tellComparison(session, result, file, "host CPU");
  },
  "cpu-models": async (session, command) => {
    const connect = await session.connect();
    const models = await session.attempt("failed to get CPU model names", () =>
      connect.connectGetCPUModelNames(command.required("arch"), 0),
    );
    if (models.length === 0) return session.printExtra("all CPU models are accepted");
    session.print(models.map((model) => `${model}\n`).join(""));
  },
  "hypervisor-cpu-baseline": async (session, command) => {
    const file = command.text("file");
    const hypervisor = hypervisorOf(command);
    const model = command.text("model");
    if (file === undefined && model === undefined) {
      throw new CommandError("Either --file or --model must be provided");
    }
    if (file !== undefined && model !== undefined) {
      throw new CommandError("Options --file and --model are mutually exclusive");
    }
    const flags = flagBits(command, { features: EXPAND_FEATURES, migratable: MIGRATABLE });
    const cpus =
      file === undefined ? [`<cpu><model>${model}</model></cpu>`] : await cpusIn(session, file);
    const connect = await session.connect();
    session.print(await connect.connectBaselineHypervisorCPU(...hypervisor, cpus, flags));
  },
  "hypervisor-cpu-compare": async (session, command) => {
    const file = command.text("file") ?? "";
    const hypervisor = hypervisorOf(command);
    const [cpu = ""] = await cpusIn(session, file);
    const connect = await session.connect();
    const result = await session.attempt(`Failed to compare hypervisor CPU with ${file}`, () =>
      connect.connectCompareHypervisorCPU(...hypervisor, cpu, compareFlags(command)),
    );
    tellComparison(session, result, file, "the CPU provided by hypervisor on the host");
  },
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
};

type HypervisorOption = "virttype" | "emulator" | "arch" | "machine";

/** What the options tell of the hypervisor, as libvirt's calls take it. */
function hypervisorOf(command: {
  text(name: HypervisorOption): string | undefined;
}): [emulator: string | null, arch: string | null, machine: string | null, type: string | null] {
  const type = command.text("virttype") ?? null;
  const emulator = command.text("emulator") ?? null;
  const arch = command.text("arch") ?? null;
  return [emulator, arch, command.text("machine") ?? null, type];
}

/**
 * The `cpu` elements of a file: of itself, of domains, of capabilities.
 *
 * @throws VmError for a file that is none or no XML, CommandError where there are none in it
 */
async function cpusIn(session: Session, file: string): Promise<string[]> {
  const text = await readText(session, file);
  // Several elements in a file are one list.
  const content = text.startsWith("<?xml") ? text.slice(text.indexOf("?>") + 2) : text;
  const root = parseXml(`<container>${content}</container>`, file);
  const found = childElements(root).flatMap(cpusBelow);
  if (found.length === 0) {
    throw new CommandError(
      `File '${file}' does not contain any <cpu> element or valid domain XML, host capabilities XML, or domain capabilities XML`,
    );
  }
  return found.map((cpu) => formatXml(cpu));
}

function cpusBelow(node: XmlElement): XmlElement[] {
  if (node.name === "cpu") return [node];
  if (node.name === "domain") return childElements(node, "cpu");
  if (node.name === "capabilities") {
    return childElements(node, "host").flatMap((host) => childElements(host, "cpu"));
  }
  if (node.name !== "domainCapabilities") return [];
  const modes = childElements(node, "cpu").flatMap((cpu) => childElements(cpu, "mode"));
  return modes
    .filter(
      ({ attributes }) =>
        attributes.get("name") === "host-model" && attributes.get("supported") === "yes",
    )
    .map((mode) => ({ ...mode, name: "cpu", attributes: new Map() }));
}

function compareFlags(command: { has(name: "error" | "validate"): boolean }): number {
  return (command.has("error") ? FAIL_INCOMPATIBLE : 0) | (command.has("validate") ? VALIDATE : 0);
}

/** Tells a `virCPUCompareResult`. @throws AlreadyReported where the processor does not fit */
function tellComparison(session: Session, result: number, file: string, host: string): void {
  const what = `CPU described in ${file}`;
  if (result === 1) return session.print(`${what} is identical to ${host}\n`);
  if (result === 2) {
    const subject = `${host[0]?.toUpperCase() ?? ""}${host.slice(1)}`;
    return session.print(`${subject} is a superset of ${what}\n`);
  }
  session.print(`${what} is incompatible with ${host}\n`);
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
  // A host that did nothing at all gets what C prints of 0 / 0.
  const share = (part: number): string =>
    `${total === 0 ? "-nan" : ((part / total) * 100).toFixed(1)}%`;
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
