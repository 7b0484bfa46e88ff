/** The commands on a domain's virtual CPUs. */
import { VmError } from "../../../protocol/vm-error.ts";
import { vcpuCounts } from "../../../virt/conf/domain/view.ts";
import {
  DomainModificationImpact as Impact,
  DomainState,
  DomainVcpuFlags,
} from "../../../virt/driver/domain-flags.ts";
import type { DomainRef } from "../../../virt/driver/refs.ts";
import type { TypedParam } from "../../../virt/driver/typed-params.ts";
import { childElements, find } from "../../../virt/xml/element.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import { formatTable } from "../shell/table.ts";
import type { CPUS } from "../tables/domain-cpus.ts";
import { cpuListText, hostCpus, parseCpuList } from "./cpu-lists.ts";
import { definitionOf, domainOf, impactFlags, paramText, printParams } from "./domain-common.ts";

type Spec<Name extends keyof typeof CPUS> = (typeof CPUS)[Name];

export const CPU_RUNS: Runs<typeof CPUS> = {
  "cpu-stats": async (session, command) => cpuStats(session, command),
  emulatorpin: async (session, command) => emulatorPin(session, command),
  guestvcpus: async (session, command) => {
    command.exclusive("enable", "disable");
    command.needs("enable", "cpulist");
    command.needs("disable", "cpulist");
    const list = command.text("cpulist");
    const enable = command.has("enable");
    if (list !== undefined && !enable && !command.has("disable")) {
      throw new CommandError(
        "One of options --enable or --disable is required by option --cpulist",
      );
    }
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    if (list !== undefined) return connect.domainSetGuestVcpus(domain, list, enable, 0);
    printParams(session, await connect.domainGetGuestVcpus(domain, 0));
  },
  setvcpu: async (session, command) => {
    command.exclusive("enable", "disable");
    const flags = impactFlags(command);
    const enable = command.has("enable");
    if (!enable && !command.has("disable")) {
      throw new CommandError("one of --enable, --disable is required");
    }
    const list = command.required("vcpulist");
    const domain = await domainOf(session, command);
    const connect = await session.connect();
    await connect.domainSetVcpu(domain, list, enable, flags);
  },
  setvcpus: async (session, command) => {
    let flags = impactFlags(command);
    const unsaid = flags === 0 && !command.has("current") && !command.has("guest");
    command.exclusive("guest", "config");
    command.needs("maximum", "config");
    if (command.has("guest")) flags |= DomainVcpuFlags.guest;
    if (command.has("maximum")) flags |= DomainVcpuFlags.maximum;
    if (command.has("hotpluggable")) flags |= DomainVcpuFlags.hotpluggable;
    else if (unsaid) flags |= Impact.live;
    const domain = await domainOf(session, command);
    const count = command.whole("count", "uint") ?? 0;
    if (count === 0) throw new CommandError("Can't set 0 processors for a VM");
    const connect = await session.connect();
    await connect.domainSetVcpusFlags(domain, count, flags);
  },
  vcpucount: async (session, command) => vcpuCount(session, command),
  vcpuinfo: async (session, command) => vcpuInfo(session, command),
  vcpupin: async (session, command) => vcpuPin(session, command),
};

const TIMES = new Set(["cpu_time", "vcpu_time", "user_time", "system_time"]);

async function cpuStats(session: Session, command: Command<Spec<"cpu-stats">>): Promise<void> {
  const domain = await domainOf(session, command);
  const start = command.whole("start", "int");
  if (start !== undefined && start < 0) throw new CommandError("Invalid value for start CPU");
  const count = command.whole("count", "int");
  if (count !== undefined && count < 0) {
    throw new CommandError("Invalid value for number of CPUs to show");
  }
  const each = start !== undefined || count !== undefined;
  const connect = await session.connect();
  const failed = `Failed to retrieve CPU statistics for domain '${domain.name}'`;
  if (each || !command.has("total")) {
    const all = await session.attempt(failed, () =>
      connect.domainGetCPUStats(domain, 0, MANY_CPUS, 0),
    );
    showEachCpu(session, all, start ?? 0, count);
  }
  if (each && !command.has("total")) return;
  const [total] = await session.attempt(failed, () => connect.domainGetCPUStats(domain, -1, 1, 0));
  session.print(`Total:\n${(total ?? []).map(cpuStatText).join("")}`);
}

/** More than any host has: the driver gives as many as there are. */
const MANY_CPUS = 1024;

function showEachCpu(
  session: Session,
  all: readonly (readonly TypedParam[])[],
  start: number,
  count: number | undefined,
): void {
  if (start >= all.length) {
    throw new CommandError(`Start CPU ${start} is out of range (min: 0, max: ${all.length - 1})`);
  }
  if (count !== undefined && count > all.length) {
    session.print(`Only ${all.length} CPUs available to show\n`);
  }
  const shown = count === undefined || count > all.length ? all.length - start : count;
  for (const [at, stats] of all.slice(start, start + shown).entries()) {
    session.print(`CPU${start + at}:\n${stats.map(cpuStatText).join("")}`);
  }
}

function cpuStatText(param: TypedParam): string {
  const name = `\t${param.field.padEnd(12)} `;
  if (param.type !== "ullong" || !TIMES.has(param.field)) return `${name}${paramText(param)}\n`;
  const NS = 1_000_000_000n;
  const seconds = String(param.value / NS).padStart(9);
  return `${name}${seconds}.${String(param.value % NS).padStart(9, "0")} seconds\n`;
}

async function emulatorPin(session: Session, command: Command<Spec<"emulatorpin">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const list = command.text("cpulist");
  const cpus = await hostCpus(session);
  const connect = await session.connect();
  if (list === undefined) {
    const cpumap = await connect.domainGetEmulatorPinInfo(domain, flags);
    session.printExtra("emulator: CPU Affinity\n----------------------------------\n       *: ");
    return session.print(`${cpuListText((cpumap ?? []).slice(0, cpus))}\n`);
  }
  const cpumap = parseCpuList(list, cpus);
  const unsaid = flags === 0 && !command.has("current");
  await connect.domainPinEmulator(domain, cpumap, unsaid ? Impact.live : flags);
}

/** The count, or null where there is no such definition to be asked. */
async function countIf(session: Session, domain: DomainRef, flags: number): Promise<number | null> {
  const connect = await session.connect();
  if ((flags & Impact.live) !== 0 && domain.id <= 0) return null;
  if ((flags & Impact.config) !== 0 && !(await connect.domainIsPersistent(domain))) return null;
  return connect.domainGetVcpusFlags(domain, flags);
}

async function vcpuCount(session: Session, command: Command<Spec<"vcpucount">>): Promise<void> {
  const kinds = ["maximum", "active", "config", "live", "current", "guest"] as const;
  const all = !kinds.some((kind) => command.has(kind));
  command.exclusive("live", "config");
  // `--current` alone once meant what `--active` means.
  if (command.has("maximum") || command.has("active")) {
    command.exclusive("current", "live");
    command.exclusive("current", "config");
  }
  command.exclusive("active", "maximum");
  command.exclusive("guest", "config");
  const domain = await domainOf(session, command);
  if (all) return printCounts(session, domain);
  const flags =
    (command.has("live") ? Impact.live : 0) |
    (command.has("config") ? Impact.config : 0) |
    (command.has("maximum") ? DomainVcpuFlags.maximum : 0) |
    (command.has("guest") ? DomainVcpuFlags.guest : 0);
  const connect = await session.connect();
  const count = command.has("guest")
    ? await session.attempt("Failed to retrieve vCPU count from the guest", () =>
        connect.domainGetVcpusFlags(domain, flags),
      )
    : await connect.domainGetVcpusFlags(domain, flags);
  session.print(`${count}\n`);
}

async function printCounts(session: Session, domain: DomainRef): Promise<void> {
  const { maximum } = DomainVcpuFlags;
  const rows: readonly (readonly [string, string, number])[] = [
    ["maximum", "config", Impact.config | maximum],
    ["maximum", "live", Impact.live | maximum],
    ["current", "config", Impact.config],
    ["current", "live", Impact.live],
  ];
  for (const [which, scope, flags] of rows) {
    const count = await countIf(session, domain, flags);
    if (count === null) continue;
    session.print(`${which.padEnd(12)} ${scope.padEnd(12)} ${String(count).padStart(3)}\n`);
  }
}

const VCPU_STATES = ["offline", "running", "blocked"];

async function vcpuInfo(session: Session, command: Command<Spec<"vcpuinfo">>): Promise<void> {
  const domain = await domainOf(session, command);
  const cpus = await hostCpus(session);
  const connect = await session.connect();
  const { state } = await connect.domainGetInfo(domain);
  const pretty = command.has("pretty");
  const blocks: string[] = [];
  try {
    for (const vcpu of await connect.domainGetVcpus(domain)) {
      const seconds = (Number(vcpu.cpuTimeNs) / 1e9).toFixed(1);
      blocks.push(
        vcpuText([
          ["VCPU:", vcpu.number],
          ["CPU:", vcpu.cpu],
          ["State:", VCPU_STATES[vcpu.state] ?? "no state"],
          ...(vcpu.cpuTimeNs === 0n ? [] : [["CPU time:", `${seconds}s`] as const]),
          ["CPU Affinity:", affinityText(vcpu.affinity, cpus, pretty)],
        ]),
      );
    }
  } catch (error) {
    if (!(error instanceof VmError) || state !== DomainState.shutoff) throw error;
    blocks.push(...(await inactiveVcpus(session, domain, cpus, pretty)));
  }
  session.print(blocks.join("\n"));
}

/** What the stored definition says of each vCPU that will be on line. */
async function inactiveVcpus(
  session: Session,
  domain: DomainRef,
  cpus: number,
  pretty: boolean,
): Promise<string[]> {
  const definition = await definitionOf(session, domain, true);
  const list = find(definition, "vcpus");
  const enabled = (list ? childElements(list, "vcpu") : []).filter(
    ({ attributes }) => attributes.get("enabled") === "yes",
  );
  const { current } = vcpuCounts(definition);
  const numbers = list
    ? enabled.map(({ attributes }) => Number(attributes.get("id")))
    : Array.from({ length: current }, (_, vcpu) => vcpu);
  if (numbers.length !== current) {
    throw new CommandError("Failed to retrieve vcpu state bitmap");
  }
  const connect = await session.connect();
  const pins = await connect.domainGetVcpuPinInfo(domain, Impact.config);
  return numbers.map((number) =>
    vcpuText([
      ["VCPU:", number],
      ["CPU:", "N/A"],
      ["State:", "N/A"],
      ["CPU time", "N/A"],
      ["CPU Affinity:", affinityText(pins[number] ?? [], cpus, pretty)],
    ]),
  );
}

function vcpuText(lines: readonly (readonly [string, string | number])[]): string {
  return lines.map(([key, value]) => `${key.padEnd(15)} ${value}\n`).join("");
}

function affinityText(affinity: readonly boolean[], cpus: number, pretty: boolean): string {
  if (pretty) return `${cpuListText(affinity)} (out of ${cpus})`;
  return Array.from({ length: cpus }, (_, cpu) => (affinity[cpu] === true ? "y" : "-")).join("");
}

async function vcpuPin(session: Session, command: Command<Spec<"vcpupin">>): Promise<void> {
  const flags = impactFlags(command);
  const list = command.text("cpulist");
  if (list === undefined) command.exclusive("live", "config");
  const vcpu = command.whole("vcpu", "uint");
  if (list !== undefined && vcpu === undefined) {
    throw new CommandError("vcpupin: Missing vCPU number in pin mode.");
  }
  const cpus = await hostCpus(session);
  const domain = await domainOf(session, command);
  if (list === undefined) return showPins(session, domain, vcpu, flags);
  const connect = await session.connect();
  await connect.domainPinVcpuFlags(domain, vcpu ?? 0, parseCpuList(list, cpus), flags);
}

async function showPins(
  session: Session,
  domain: DomainRef,
  vcpu: number | undefined,
  flags: number,
): Promise<void> {
  const count = await countIf(session, domain, flags | DomainVcpuFlags.maximum);
  if (count === null) {
    const kind = (flags & Impact.live) !== 0 ? "offline" : "transient";
    throw new CommandError(`cannot get vcpupin for ${kind} domain`);
  }
  if (vcpu !== undefined && vcpu >= count) {
    const live = (flags & Impact.live) !== 0 || ((flags & Impact.config) === 0 && domain.id > 0);
    const kind = live ? "live" : "persistent";
    throw new CommandError(`vcpu ${vcpu} is out of range of ${kind} cpu count ${count}`);
  }
  const connect = await session.connect();
  const pins = await connect.domainGetVcpuPinInfo(domain, flags);
  const rows = pins
    .map((affinity, number) => [String(number), cpuListText(affinity)])
    .filter((_, number) => vcpu === undefined || number === vcpu);
  session.print(formatTable(["VCPU", "CPU Affinity"], rows, !session.options.quiet));
}
