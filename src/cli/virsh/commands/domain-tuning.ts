/** The commands that show and set how much of the host a domain may use. */
import { DomainMemoryModFlags, DomainNumatuneMemMode } from "../../../virt/driver/domain-flags.ts";
import type { TypedParam, TypedParams } from "../../../virt/driver/typed-params.ts";
import type { Command } from "../shell/command.ts";
import { CommandError } from "../shell/errors.ts";
import { parseScaled } from "../shell/numbers.ts";
import type { Runs } from "../shell/run.ts";
import type { Session } from "../shell/session.ts";
import type { TUNING } from "../tables/domain-tuning.ts";
import { BLOCK_TUNING_RUNS } from "./domain-block-tuning.ts";
import { countOrAll, domainOf, impactFlags, paramText, showOrSet } from "./domain-common.ts";
import { schedulerInfo } from "./domain-scheduler.ts";
import { checkRates, parseRate, type Rate } from "./rates.ts";

type Spec<Name extends keyof typeof TUNING> = (typeof TUNING)[Name];

/** libvirt's VIR_DOMAIN_MEMORY_PARAM_UNLIMITED, in KiB. */
const UNLIMITED = 9_007_199_254_740_991n;
const MAX_KIB = 2n ** 64n - 1n;
const MAX_UINT = 2n ** 32n - 1n;

export const TUNING_RUNS: Runs<typeof TUNING> = {
  ...BLOCK_TUNING_RUNS,
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
    cannotCount: "Unable to get number of interface parameters",
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
    const text = command.textAsGiven(option as keyof typeof MEMORY_LIMITS);
    if (text === undefined) return [];
    return [{ field, type: "ullong", value: memoryLimit(text, option) }];
  });
  const connect = await session.connect();
  await showOrSet(session, given, {
    get: () => connect.domainGetMemoryParameters(domain, flags),
    set: (params) => connect.domainSetMemoryParameters(domain, params, flags),
    cannotGet: countOrAll(command, "memory parameters"),
    cannotCount: "Unable to get number of memory parameters",
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
    cannotGet: "Unable to get numa parameters",
    cannotCount: "Unable to get number of memory parameters",
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
