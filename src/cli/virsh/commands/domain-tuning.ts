/** The commands that show and set how much of the host a domain may use. */
import { VmError } from "../../../protocol/vm-error.ts";
import { DomainMemoryModFlags, DomainNumatuneMemMode } from "../../../virt/driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { parseScaled } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { TUNING } from "../tables/domain-tuning.ts";
import { domainOf, impactFlags, paramText, printParams } from "./domain-common.ts";
import { checkRates, parseRate, type Rate } from "./rates.ts";

type Spec<Name extends keyof typeof TUNING> = (typeof TUNING)[Name];

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991n;
const MAX_KIB = 2n ** 64n - 1n;
const MAX_UINT = 2n ** 32n - 1n;

export const TUNING_RUNS: Runs<typeof TUNING> = {
  blkdeviotune: async (session, command) => blockTune(session, command),
  blkiotune: async (session, command) => blkioTune(session, command),
  domiftune: async (session, command) => interfaceTune(session, command),
  memtune: async (session, command) => memoryTune(session, command),
  numatune: async (session, command) => numaTune(session, command),
  perf: async (session, command) => perfEvents(session, command),
  schedinfo: async (session, command) => schedulerInfo(session, command),
  setmaxmem: async (session, command) => {
    const flags = impactFlags(command);
    const domain = await domainOf(session, command);
    const sizeKib = sizeOf(command);
    const connect = await session.connect();
    await session.attempt("Unable to change MaxMemorySize", () =>
      connect.domainSetMemoryFlags(domain, sizeKib, flags | DomainMemoryModFlags.maximum),
    );
  },
  setmem: async (session, command) => {
    const given = impactFlags(command);
    const flags = given === 0 && !command.has("current") ? DomainMemoryModFlags.live : given;
    const domain = await domainOf(session, command);
    const sizeKib = sizeOf(command);
    const connect = await session.connect();
    await connect.domainSetMemoryFlags(domain, sizeKib, flags);
  },
};

/** `--size` in KiB, rounded up. */
function sizeOf(command: {
  scaled(name: "size", scale: bigint, max: bigint): bigint | undefined;
}): number {
  const bytes = command.scaled("size", 1024n, MAX_KIB) ?? 0n;
  return Number((bytes + 1023n) / 1024n);
}

/** What all of these commands do: set what was given, or show all. */
async function showOrSet(
  session: Session,
  given: TypedParams,
  calls: {
    get(): Promise<TypedParams>;
    set(params: TypedParams): Promise<void>;
    /** What failed, where it did. */
    readonly cannotGet: string;
    readonly cannotSet: string;
    print?(params: TypedParams): void;
  },
): Promise<void> {
  if (given.length > 0) return session.attempt(calls.cannotSet, () => calls.set(given));
  const params = await session.attempt(calls.cannotGet, () => calls.get());
  if (calls.print) calls.print(params);
  else printParams(session, params);
}

const SCALED_LIMITS = [
  "total-bytes-sec",
  "read-bytes-sec",
  "write-bytes-sec",
  "total-bytes-sec-max",
  "read-bytes-sec-max",
  "write-bytes-sec-max",
] as const;

const WHOLE_LIMITS = [
  "total-iops-sec",
  "read-iops-sec",
  "write-iops-sec",
  "total-iops-sec-max",
  "read-iops-sec-max",
  "write-iops-sec-max",
  "size-iops-sec",
  "total-bytes-sec-max-length",
  "read-bytes-sec-max-length",
  "write-bytes-sec-max-length",
  "total-iops-sec-max-length",
  "read-iops-sec-max-length",
  "write-iops-sec-max-length",
] as const;

async function blockTune(session: Session, command: Command<Spec<"blkdeviotune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const device = command.required("device");
  const given = blockLimits(command);
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetBlockIoTune(domain, device, flags),
    set: (params) => connect.domainSetBlockIoTune(domain, device, params, flags),
    cannotGet: "Unable to get block I/O throttle parameters",
    cannotSet: "Unable to change block I/O throttle",
  });
}

function blockLimits(command: Command<Spec<"blkdeviotune">>): TypedParam[] {
  const fieldOf = (option: string): string => option.replaceAll("-", "_");
  const params: TypedParam[] = [];
  const add = (option: string, value: bigint | undefined): void => {
    if (value !== undefined) params.push({ field: fieldOf(option), type: "ullong", value });
  };
  try {
    for (const option of SCALED_LIMITS) add(option, command.scaled(option, 1n, MAX_KIB));
    for (const option of WHOLE_LIMITS) add(option, command.wholeBig(option, "ulonglong"));
  } catch (error) {
    throw alsoFails(error, "Unable to parse integer parameter");
  }
  const group = command.text("group-name");
  if (group !== undefined) params.push({ field: "group_name", type: "string", value: group });
  return params;
}

/** A complaint with another line after it. */
function alsoFails(error: unknown, line: string): unknown {
  if (!(error instanceof CommandError)) return error;
  return new CommandError(`${error.message}\n${line}`);
}

const DEVICE_WEIGHTS = {
  "device-weights": "device_weight",
  "device-read-iops-sec": "device_read_iops_sec",
  "device-write-iops-sec": "device_write_iops_sec",
  "device-read-bytes-sec": "device_read_bytes_sec",
  "device-write-bytes-sec": "device_write_bytes_sec",
} as const;

async function blkioTune(session: Session, command: Command<Spec<"blkiotune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const given: TypedParam[] = [];
  const weight = command.whole("weight", "int");
  if (weight !== undefined) {
    if (weight <= 0) throw new CommandError(`Invalid value of ${weight} for I/O weight`);
    given.push({ field: "weight", type: "uint", value: weight });
  }
  for (const [option, field] of Object.entries(DEVICE_WEIGHTS)) {
    const value = command.text(option as keyof typeof DEVICE_WEIGHTS);
    if (value !== undefined) given.push({ field, type: "string", value });
  }
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetBlkioParameters(domain, flags),
    set: (params) => connect.domainSetBlkioParameters(domain, params, flags),
    cannotGet: "Unable to get blkio parameters",
    cannotSet: "Unable to change blkio parameters",
  });
}

async function interfaceTune(session: Session, command: Command<Spec<"domiftune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const device = command.required("interface");
  const given = [...ratesOf(command, "inbound"), ...ratesOf(command, "outbound")];
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetInterfaceParameters(domain, device, flags),
    set: (params) => connect.domainSetInterfaceParameters(domain, device, params, flags),
    cannotGet: "Unable to get interface parameters",
    cannotSet: "Unable to set interface parameters",
  });
}

function ratesOf(
  command: Command<Spec<"domiftune">>,
  way: "inbound" | "outbound",
): readonly TypedParam[] {
  const text = command.text(way);
  if (text === undefined) return [];
  const rate = parseRate(text);
  const { average, peak, burst } = rate;
  if ([average, peak, burst].some((each) => each > MAX_UINT)) {
    throw new CommandError(`${way} rate larger than maximum ${MAX_UINT}`);
  }
  // Nothing at all takes the limit away, so it is no mistake here.
  if (average > 0n || peak > 0n || burst > 0n || rate.floor > 0n) checkRates(way, rate);
  const names: readonly (keyof Rate)[] = ["average", "peak", "burst", "floor"];
  return names
    .filter((name) => name === "average" || rate[name] > 0n)
    .map((name) => ({ field: `${way}.${name}`, type: "uint", value: Number(rate[name]) }));
}

const MEMORY_LIMITS = {
  "hard-limit": "hard_limit",
  "soft-limit": "soft_limit",
  "swap-hard-limit": "swap_hard_limit",
  "min-guarantee": "min_guarantee",
} as const;

async function memoryTune(session: Session, command: Command<Spec<"memtune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const given = Object.entries(MEMORY_LIMITS).flatMap(([option, field]): TypedParam[] => {
    const text = command.text(option as keyof typeof MEMORY_LIMITS);
    if (text === undefined) return [];
    return [{ field, type: "ullong", value: memoryLimit(text, option) }];
  });
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetMemoryParameters(domain, flags),
    set: (params) => connect.domainSetMemoryParameters(domain, params, flags),
    cannotGet: "Unable to get memory parameters",
    cannotSet: "Unable to change memory parameters",
    print: (params) => {
      for (const param of params) {
        const text = param.value === UNLIMITED ? "unlimited" : paramText(param);
        session.print(`${param.field.padEnd(15)}: ${text}\n`);
      }
    },
  });
}

/** KiB of a size, rounded up; what is negative is unlimited. @throws CommandError */
function memoryLimit(text: string, option: string): bigint {
  if (/^\s*-\d/.test(text)) return UNLIMITED;
  const bytes = parseScaled(text, 1024n, 2n ** 63n - 1n);
  if (typeof bytes === "bigint") return (bytes + 1023n) / 1024n;
  const failed = `Unable to parse integer parameter ${option}`;
  throw new CommandError(bytes.reason === null ? failed : `${failed}\n${bytes.reason}`);
}

const NUMA_MODES = Object.keys(DomainNumatuneMemMode);

async function numaTune(session: Session, command: Command<Spec<"numatune">>): Promise<void> {
  const flags = impactFlags(command);
  const domain = await domainOf(session, command);
  const given: TypedParam[] = [];
  const nodeset = command.text("nodeset");
  if (nodeset !== undefined) given.push({ field: "numa_nodeset", type: "string", value: nodeset });
  const mode = command.text("mode");
  if (mode !== undefined) {
    const known = NUMA_MODES.indexOf(mode);
    // A number may be a mode that only the other side knows.
    const value = known >= 0 ? known : /^\d+$/.test(mode) ? Number(mode) : null;
    if (value === null) throw new CommandError(`Invalid mode: ${mode}`);
    given.push({ field: "numa_mode", type: "int", value });
  }
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetNumaParameters(domain, flags),
    set: (params) => connect.domainSetNumaParameters(domain, params, flags),
    cannotGet: "Unable to get number of memory parameters",
    cannotSet: "Unable to change numa parameters",
    print: (params) => {
      for (const param of params) {
        const isMode = param.field === "numa_mode" && param.type === "int";
        const text = isMode ? (NUMA_MODES[param.value] ?? "") : paramText(param);
        session.print(`${param.field.padEnd(15)}: ${text}\n`);
      }
    },
  });
}

async function perfEvents(session: Session, command: Command<Spec<"perf">>): Promise<void> {
  const flags = impactFlags(command);
  const events = (option: "enable" | "disable"): TypedParam[] =>
    (command.text(option) ?? "")
      .split(",")
      .filter((field) => field !== "")
      .map((field) => ({ field, type: "boolean", value: option === "enable" }));
  const given = [...events("enable"), ...events("disable")];
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  const show = (params: TypedParams): void => {
    for (const { field, value } of params) {
      session.printExtra(`${field.padEnd(15)}: ${value === true ? "enabled" : "disabled"}\n`);
    }
  };
  await showOrSet(session, given, {
    get: () => connect.domainGetPerfEvents(domain, flags),
    set: async (params) => {
      await connect.domainSetPerfEvents(domain, params, flags);
      show(params);
    },
    cannotGet: "Unable to get perf events",
    cannotSet: "Unable to enable/disable perf events",
    print: show,
  });
}

async function schedulerInfo(session: Session, command: Command<Spec<"schedinfo">>): Promise<void> {
  const flags = impactFlags(command);
  const both = command.has("live") && command.has("config");
  const domain = await domainOf(session, command);
  const connect = await session.connect();
  let type: string;
  try {
    type = await connect.domainGetSchedulerType(domain);
  } catch (error) {
    if (error instanceof VmError) session.print(`${"Scheduler".padEnd(15)}: Unknown\n`);
    throw error;
  }
  session.print(`${"Scheduler".padEnd(15)}: ${type}\n`);
  const get = (): Promise<TypedParams> =>
    connect.domainGetSchedulerParametersFlags(domain, both ? 0 : flags);
  let params = await get();
  const changes = schedulerChanges(command, params);
  if (changes.length > 0) {
    await connect.domainSetSchedulerParametersFlags(domain, changes, flags);
    params = await get();
  } else if (both) throw new CommandError("cannot query both live and config at once");
  printParams(session, params);
}

function schedulerChanges(
  command: Command<Spec<"schedinfo">>,
  known: TypedParams,
): readonly TypedParam[] {
  const pairs = command.all("set").map((text): readonly [string, string] => {
    const at = text.indexOf("=");
    if (at < 0) throw new CommandError("Invalid syntax for --set, expecting name=value");
    return [text.slice(0, at), text.slice(at + 1)];
  });
  for (const name of ["cap", "weight"] as const) {
    const value = command.text(name);
    if (value !== undefined) pairs.push([name, value]);
  }
  return pairs.map(([field, text]) => {
    const like = known.find((each) => each.field === field);
    if (!like) throw new CommandError(`invalid scheduler option: ${field}`);
    return valueLike(like, field, text);
  });
}

const TYPE_WORDS = { int: "int", uint: "unsigned int", llong: "llong", ullong: "ullong" } as const;

/** `text` as a value of the type that `like` has. @throws CommandError */
function valueLike(like: TypedParam, field: string, text: string): TypedParam {
  if (like.type === "string") return { field, type: "string", value: text };
  if (like.type === "boolean") return { field, type: "boolean", value: text === "1" };
  if (like.type === "double") return { field, type: "double", value: Number(text) };
  if (!/^-?\d+$/.test(text) || (like.type.startsWith("u") && text.startsWith("-"))) {
    throw new CommandError(
      `invalid argument: Invalid value for field '${field}': expected ${TYPE_WORDS[like.type]}`,
    );
  }
  if (like.type === "int" || like.type === "uint") {
    return { field, type: like.type, value: Number(text) };
  }
  return { field, type: like.type, value: BigInt(text) };
}
